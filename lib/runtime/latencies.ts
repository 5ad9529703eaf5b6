import type { Policy } from "../core/configuration/document.ts";
import { type AnswerTimes, latencyNow, type MeasuredLatency } from "../core/measured-latency.ts";
import type { LatencyOf } from "../core/order.ts";
import type { Clock, LatencyStore } from "../core/ports.ts";

/** How long what was read is good for. */
const readEveryMs = 1000;

export type Latencies = {
  /** What was measured of a policy's deployments, at most a second old; nothing where no tier's order asks for it. */
  of(policy: Policy): Promise<LatencyOf>;
  /** Adds what an invocation saw, where some tier's order asks for it. */
  add(policy: Policy, seen: ReadonlyMap<string, AnswerTimes>): Promise<void>;
};

/** Latencies that all workers measure together, read and written only for tiers in the order `fastest`. */
export function createLatencies(store: LatencyStore, clock: Clock): Latencies {
  let known: { atMs: number; policy: Policy; read: Promise<Map<string, MeasuredLatency>> } | undefined;

  return {
    async of(policy) {
      if (!asksForLatency(policy)) return () => undefined;
      if (known?.policy !== policy || clock() - known.atMs >= readEveryMs)
        known = { atMs: clock(), policy, read: store.read(Object.keys(policy.deployments)) };
      const measured = await known.read;
      return (name) => latencyNow(measured.get(name), clock());
    },
    async add(policy, seen) {
      if (!asksForLatency(policy)) return;
      await Promise.all([...seen].map(([deployment, times]) => store.add(deployment, times)));
    },
  };
}

function asksForLatency({ orders = {} }: Policy): boolean {
  return Object.values(orders).includes("fastest");
}
