import * as z from "zod";
import { faultOf, type Intensity } from "./fault-plan.ts";
import type { OnCall, Send } from "./gateway.ts";
import { createLeases } from "./leases.ts";
import type { Processes } from "./processes.ts";
import { type Answer, failureOf, throttleOf } from "./refusals.ts";
import type { Role } from "./roles.ts";
import { drawn } from "./seeded.ts";
import type { Tally } from "./tally.ts";
import { wait } from "./wait.ts";

export type CallDeps = {
  seed: number;
  intensity: Intensity;
  processes: Processes;
  faults: Tally;
  /** Kills by point, `invoke: chunk: commit` for one. */
  killed: Tally;
  /** Writes by point. */
  written: Tally;
  /** Commits that came after their leases without a freeze of ours. */
  overran: Tally;
  /** Whether anything is to happen at all. */
  isOn: () => boolean;
};

const longestSlowMs = 8_000;
const longestLateSeconds = 200;
/** Milliseconds of a freeze: beyond the lease, or where there is none, the time-out; and of life after it. */
const frozenMs: Record<Role, number> = {
  invoke: 185_000,
  fallback: 185_000,
  classify: 345_000,
  plan: 0,
  collect: 0,
  sweep: 0,
};
const afterlifeMs = 40_000;

/** Does to functions' calls what the plan says of the n-th of each kind. */
export function disturbCalls(deps: CallDeps): OnCall {
  const { seed, processes, faults, killed, written } = deps;
  const seen = new Map<string, number>();
  const leases = createLeases(Date.now);

  return async ({ role, pid }, passing, send) => {
    const { call, write, body: json } = passing;
    if (leases.isLate(pid, passing)) {
      deps.overran.add(role);
      processes.wasCut(pid);
    }
    const point = `${role}: ${write ?? call}`;
    if (write !== undefined) written.add(point);
    const n = (seen.get(point) ?? 0) + 1;
    seen.set(point, n);
    const fault = deps.isOn() ? faultOf({ role, call, write, n }, seed, deps.intensity) : undefined;
    if (fault === undefined) return send();
    faults.add(fault);
    const [service = ""] = call.split(".");
    switch (fault) {
      case "killed before a write":
        killed.add(point);
        processes.kill(pid);
        return undefined;
      case "killed after a write":
        killed.add(point);
        await send();
        processes.kill(pid);
        return undefined;
      case "frozen past its lease": {
        processes.freeze(pid);
        await wait(frozenMs[role]);
        const late = await send();
        processes.thaw(pid, afterlifeMs);
        return late;
      }
      case "call failed":
        return failureOf(service);
      case "call throttled":
        return throttleOf(service);
      case "call failed after it took effect":
        await send();
        return failureOf(service);
      case "answer cut off":
        await send();
        return undefined;
      case "call slow":
        await wait(longestSlowMs * drawn(seed, "slow", point, n));
        return send();
      case "message sent twice":
        await send();
        return send();
      case "message sent late":
        return send(later(json, 1 + Math.floor(longestLateSeconds * drawn(seed, "late", point, n))));
      case "send partly refused":
        return withoutFirst(json, send);
    }
  };
}

const Entry = z.looseObject({ Id: z.string(), DelaySeconds: z.number().optional() });
const SendBatch = z.looseObject({ Entries: z.array(Entry).min(1) });
const Sent = z.looseObject({ Successful: z.array(z.unknown()).default([]), Failed: z.array(z.unknown()).default([]) });

/** SQS delays no message by more than 15 minutes. */
function later(json: unknown, seconds: number): Buffer {
  const request = SendBatch.parse(json);
  const Entries = request.Entries.map((entry) => ({
    ...entry,
    DelaySeconds: Math.min(900, (entry.DelaySeconds ?? 0) + seconds),
  }));
  return Buffer.from(JSON.stringify({ ...request, Entries }));
}

async function withoutFirst(json: unknown, send: Send): Promise<Answer> {
  const request = SendBatch.parse(json);
  const [first, ...Entries] = request.Entries;
  const Failed = [{ Id: first?.Id, Code: "InternalError", SenderFault: false, Message: "Internal error" }];
  const headers = { "content-type": "application/x-amz-json-1.0" };
  if (Entries.length === 0)
    return { status: 200, headers, body: Buffer.from(JSON.stringify({ Successful: [], Failed })) };
  const answer = await send(Buffer.from(JSON.stringify({ ...request, Entries })));
  if (answer.status !== 200) return answer;
  const sent = Sent.parse(JSON.parse(answer.body.toString("utf8")));
  const merged = { ...sent, Failed: [...sent.Failed, ...Failed] };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(merged)) };
}
