import type { Role } from "./roles.ts";
import { drawn } from "./seeded.ts";

/** What can happen to a function's call of an AWS service. */
export const callFaults = [
  "killed before a write",
  "killed after a write",
  "frozen past its lease",
  "call failed",
  "call failed after it took effect",
  "call throttled",
  "answer cut off",
  "call slow",
  "message sent twice",
  "message sent late",
  "send partly refused",
] as const;
export type CallFault = (typeof callFaults)[number];

/** What can happen to deliveries and processes. */
const otherFaults = [
  "message delivered twice",
  "deliveries reordered",
  "deletion lost",
  "killed at any moment",
  "clock skewed",
] as const;
type OtherFault = (typeof otherFaults)[number];

/** How much happens. Rates are shares of the calls or deliveries that can meet the fault. */
export type Intensity = {
  rates: Readonly<
    Record<Exclude<CallFault, Stop> | Exclude<OtherFault, "killed at any moment" | "clock skewed">, number>
  >;
  /** Share of the write points before or after which functions are killed, and at which they are frozen. */
  killPoints: number;
  freezePoints: number;
  /** The n-th kill at a point comes about this many times later than the one before. */
  killGrowth: number;
  /** Milliseconds between kills at any moment. */
  killEveryMs: number;
  mostSkewMs: number;
  /** Share of calls that meet each of the faults that providers have all the time. */
  providerRate: number;
};

/** A call as the plan sees it: the n-th, from 1, of its kind by functions of its role. */
export type PlannedCall = { role: Role; call: string; write: string | undefined; n: number };

/** Which fault a call meets; the same for the same seed, whatever else happens. */
export function faultOf(
  { role, call, write, n }: PlannedCall,
  seed: number,
  intensity: Intensity,
): CallFault | undefined {
  const point = `${role}: ${write ?? call}`;
  if (write !== undefined) {
    for (const kind of stopping(role)) if (isStop(point, kind, n, seed, intensity)) return kind;
  }
  const { rates } = intensity;
  let chance = drawn(seed, "call", point, n);
  for (const kind of possible(call, write)) {
    chance -= rates[kind];
    if (chance < 0) return kind;
  }
  return undefined;
}

type Stop = "killed before a write" | "killed after a write" | "frozen past its lease";

/** A frozen function is of interest where another may take its work meanwhile, and its own time is short. */
function stopping(role: Role): Stop[] {
  const freezes = role === "invoke" || role === "fallback" || role === "classify";
  return ["killed before a write", "killed after a write", ...(freezes ? ["frozen past its lease" as const] : [])];
}

/** By these the first of each kind at one point do not meet. */
const offsets: Record<Stop, number> = {
  "killed before a write": 1,
  "killed after a write": 2,
  "frozen past its lease": 3,
};

/** No first one comes later than this. */
const lastOfFirst = 6;

/** The first at a point comes early, so that rare points have theirs, and the others ever more seldom. */
function isStop(point: string, kind: Stop, n: number, seed: number, intensity: Intensity): boolean {
  const { killPoints, freezePoints, killGrowth } = intensity;
  const share = kind === "frozen past its lease" ? freezePoints : killPoints;
  if (drawn(seed, "at", point, kind) >= share) return false;
  let next = offsets[kind] + 3 * Math.floor(drawn(seed, "first", point, kind) * 2);
  for (let stop = 1; next < n; stop++)
    next = Math.ceil(Math.max(next, lastOfFirst) * killGrowth * (0.75 + 0.5 * drawn(seed, "next", point, kind, stop)));
  return next === n;
}

function possible(call: string, write: string | undefined): (keyof Intensity["rates"] & CallFault)[] {
  const any = ["call failed", "call throttled", "call slow"] as const;
  if (write === undefined) return [...any];
  const ofWrites = [...any, "call failed after it took effect", "answer cut off"] as const;
  if (call !== "sqs.SendMessageBatch") return [...ofWrites];
  return [...ofWrites, "message sent twice", "message sent late", "send partly refused"];
}
