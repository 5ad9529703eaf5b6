import type { CooldownPolicy } from "../configuration/document.ts";
import {
  type Availability,
  availabilityOf,
  type Cooldown,
  cooldownKindOf,
  cooldownMs,
  emptyWindow,
  observe,
  type Window,
} from "../cooldown.ts";
import type { FailureKind } from "../failure.ts";
import { afterOutcome, afterRest, type Concurrency, unproven } from "../limits/concurrency.ts";
import { lateMs } from "../limits/gcra.ts";
import { limitOfTenant } from "../limits/rates.ts";
import type { Priority } from "../names.ts";
import type { Clock, CooldownStore } from "../ports.ts";
import { longestInPlaceMs } from "../retry.ts";
import { KnownCooldowns } from "./known-cooldowns.ts";
import type { RateLimits } from "./rate-limits.ts";

export type Entry =
  /** `probe` is the cooldown whose end this call proves; every call is reported. */
  | { kind: "call"; probe?: Cooldown }
  | { kind: "cooling"; untilMs: number }
  /** Over its limits until then. */
  | { kind: "limited"; untilMs: number }
  /** It could not start by when it had to. */
  | { kind: "late" };

/** What is about to be called. */
export type Calling = {
  deployment: string;
  /** What it counts against a limit of tokens. */
  tokens: number;
  /** How long the call may take, for the lease of a probe. */
  probeForMs: number;
  /** When it must start at the latest, Unix milliseconds. */
  byMs: number;
  /** Whose job it is: its tenant may have limits of its own. */
  tenant?: string | undefined;
  /** @default normal */
  priority?: Priority | undefined;
};

type Traffic = { concurrency: Concurrency; inFlight: number; waiting: (() => void)[] };

export type GateDeps = {
  clock: Clock;
  sleep: (ms: number) => Promise<void>;
  cooldowns: CooldownStore;
  limits: RateLimits;
  policy: () => CooldownPolicy;
  /** How many calls of a deployment may be in flight in one worker. */
  concurrency: (deployment: string) => number;
  /** A deployment began to rest. */
  onCooled?: (deployment: string, kind: Cooldown["kind"], untilMs: number) => void;
};

/**
 * Stands before every call of a deployment: lets as many pass as it takes well and as its limits allow, none while it
 * rests, and one, the probe, after that; the others of this worker wait for the probe's outcome. Lives as long as its
 * worker, over invocations.
 */
export class Gate {
  readonly #deps: GateDeps;
  readonly #windows = new Map<string, Window>();
  readonly #known: KnownCooldowns;
  readonly #probes = new Map<string, Promise<void>>();
  readonly #probeEnds = new Map<string, () => void>();
  readonly #traffic = new Map<string, Traffic>();

  constructor(deps: GateDeps) {
    this.#deps = deps;
    this.#known = new KnownCooldowns(deps);
  }

  /** What is known of a deployment, at most a second old. */
  async availability(deployment: string, priority?: Priority): Promise<Availability> {
    const availability = availabilityOf(await this.#known.read(deployment), this.#deps.clock());
    if (availability.kind !== "available") return availability;
    const untilMs = await this.#deps.limits.fullUntil(deployment, priority);
    return untilMs === undefined ? availability : { kind: "limited", untilMs };
  }

  /** Asks to call a deployment; every call that enters must be reported or withdrawn. */
  async enter(calling: Calling): Promise<Entry> {
    const { deployment } = calling;
    // Before anything of the deployment's is taken: who waits for its own tenant is in nobody's way.
    const held = await this.#takeOfTenant(calling);
    if (held !== undefined) return held;
    const traffic = this.#trafficOf(deployment);
    while (traffic.inFlight >= Math.floor(traffic.concurrency.calls))
      await new Promise<void>((wake) => traffic.waiting.push(wake));
    traffic.inFlight += 1;
    let entry: Entry | undefined;
    try {
      entry = await this.#admit(calling);
      return entry;
    } finally {
      if (entry?.kind !== "call") this.#leave(deployment);
    }
  }

  /**
   * A slot of the tenant's, and the wait for it; none for a deployment that rests. It stays good while its call waits for the deployment: what counts is how
   * many calls a tenant makes, and no provider enforces when.
   */
  async #takeOfTenant({ deployment, tenant, tokens, byMs, priority }: Calling): Promise<Entry | undefined> {
    const { clock, limits, sleep } = this.#deps;
    const name = tenant === undefined ? undefined : limitOfTenant(tenant);
    if (name === undefined || !limits.limits(name)) return undefined;
    const cooldown = availabilityOf(await this.#known.read(deployment), clock());
    if (cooldown.kind === "cooling" && cooldown.untilMs - clock() > longestInPlaceMs) return cooldown;
    const slot = await limits.take(name, tokens, byMs, priority);
    if (slot.kind !== "slot") return slot;
    if (slot.atMs > clock()) await sleep(slot.atMs - clock());
    return undefined;
  }

  /** A slot, and then the gate itself: a call that had to wait before it too long gives its slot up for another. */
  async #admit({ deployment, tokens, probeForMs, byMs, priority }: Calling): Promise<Entry> {
    const { clock, limits, sleep } = this.#deps;
    if (!limits.limits(deployment)) return this.#pass(deployment, probeForMs);
    for (;;) {
      const cooldown = availabilityOf(await this.#known.read(deployment), clock());
      if (cooldown.kind === "cooling" && cooldown.untilMs - clock() > longestInPlaceMs) return cooldown;
      const slot = await limits.take(deployment, tokens, byMs, priority);
      if (slot.kind !== "slot") return slot;
      if (slot.atMs > clock()) await sleep(slot.atMs - clock());
      const entry = await this.#pass(deployment, probeForMs);
      if (entry.kind !== "call" || entry.probe !== undefined || clock() <= slot.atMs + lateMs) return entry;
    }
  }

  async #pass(deployment: string, probeForMs: number): Promise<Entry> {
    let patienceMs = longestInPlaceMs;
    for (;;) {
      await this.#probes.get(deployment);
      const cooldown = await this.#known.read(deployment);
      const nowMs = this.#deps.clock();
      const availability = availabilityOf(cooldown, nowMs);
      if (availability.kind === "available" || cooldown === undefined) return { kind: "call" };
      if (availability.kind === "cooling") {
        // A rest that is nearly over is waited out here; to go elsewhere would take longer.
        const restMs = Math.max(1, availability.untilMs - nowMs);
        if (restMs > patienceMs) return availability;
        patienceMs -= restMs;
        await this.#deps.sleep(restMs);
        continue;
      }
      if (this.#probes.has(deployment)) continue;
      this.#probes.set(deployment, new Promise((resolve) => this.#probeEnds.set(deployment, resolve)));
      const leaseUntilMs = nowMs + probeForMs;
      if (await this.#leaseProbe(deployment, nowMs, leaseUntilMs)) return { kind: "call", probe: cooldown };
      // Another worker probes, or the deployment was cooled again: look anew.
      this.#known.forget(deployment);
      this.#endProbe(deployment);
      const now = availabilityOf(await this.#known.read(deployment), this.#deps.clock());
      return now.kind === "cooling" ? now : { kind: "cooling", untilMs: leaseUntilMs };
    }
  }

  /** Reports how a call that had entered ended; a probe's end opens or closes the gate for the others. */
  async report(
    deployment: string,
    entry: Entry & { kind: "call" },
    outcome: "ok" | FailureKind,
    retryAfterMs?: number,
  ): Promise<void> {
    const traffic = this.#trafficOf(deployment);
    const most = this.#deps.concurrency(deployment);
    const others = Math.max(0, traffic.inFlight - 1);
    traffic.concurrency = afterOutcome(traffic.concurrency, outcome, others, most);
    try {
      const nowMs = this.#deps.clock();
      const policy = this.#deps.policy();
      const observed = observe(this.#windows.get(deployment) ?? emptyWindow, outcome, nowMs, policy);
      this.#windows.set(deployment, observed.window);
      const known = this.#known.last(deployment);
      // A failed probe cools at once; so does what the window says.
      const kind = observed.cool ?? (entry.probe !== undefined && isFault(outcome) ? entry.probe.kind : undefined);
      if (kind !== undefined) {
        // Calls that were in flight when the rest began say nothing new.
        if (entry.probe === undefined && availabilityOf(known, nowMs).kind === "cooling") return;
        if (kind !== "rate") traffic.concurrency = afterRest(traffic.concurrency, others);
        const level = (known?.level ?? 0) + 1;
        const untilMs = Math.ceil(nowMs + cooldownMs(kind, level, policy, retryAfterMs));
        const cooldown = { untilMs, level, kind, sinceMs: nowMs };
        this.#known.saw(deployment, { ...cooldown, probeUntilMs: 0 });
        this.#deps.onCooled?.(deployment, kind, untilMs);
        await this.#deps.cooldowns.cool(deployment, cooldown);
      } else if (entry.probe !== undefined) {
        // Any answer that is not the deployment's fault shows that it is back.
        this.#windows.set(deployment, emptyWindow);
        this.#known.saw(deployment, { ...entry.probe, level: 0, probeUntilMs: 0 });
        await this.#deps.cooldowns.recover(deployment, entry.probe.untilMs);
      }
    } finally {
      if (entry.probe !== undefined) this.#endProbe(deployment);
      this.#leave(deployment);
    }
  }

  /** A call that had entered is not made after all. */
  withdraw(deployment: string, entry: Entry & { kind: "call" }): void {
    if (entry.probe !== undefined) this.#endProbe(deployment);
    this.#leave(deployment);
  }

  /** A call ended, or was not let through: others look again. */
  #leave(deployment: string): void {
    const traffic = this.#trafficOf(deployment);
    traffic.inFlight = Math.max(0, traffic.inFlight - 1);
    // As many as there is room for; there is more only after another has left.
    const room = Math.max(1, Math.floor(traffic.concurrency.calls) - traffic.inFlight);
    for (const wake of traffic.waiting.splice(0, room)) wake();
  }

  #trafficOf(deployment: string): Traffic {
    const traffic = this.#traffic.get(deployment) ?? { concurrency: unproven, inFlight: 0, waiting: [] };
    this.#traffic.set(deployment, traffic);
    return traffic;
  }

  async #leaseProbe(deployment: string, nowMs: number, leaseUntilMs: number): Promise<boolean> {
    try {
      return await this.#deps.cooldowns.leaseProbe(deployment, nowMs, leaseUntilMs);
    } catch (error) {
      // Whoever waits for this probe must not wait for ever.
      this.#endProbe(deployment);
      throw error;
    }
  }

  #endProbe(deployment: string): void {
    this.#probeEnds.get(deployment)?.();
    this.#probeEnds.delete(deployment);
    this.#probes.delete(deployment);
  }
}

function isFault(outcome: "ok" | FailureKind): boolean {
  return outcome !== "ok" && cooldownKindOf(outcome) !== undefined;
}
