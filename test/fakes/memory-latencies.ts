import { type MeasuredLatency, withAnswers } from "../../lib/core/measured-latency.ts";
import type { Clock, LatencyStore } from "../../lib/core/ports.ts";

/** Measured latencies in memory. */
export function memoryLatencies(clock: Clock): LatencyStore {
  const items = new Map<string, MeasuredLatency>();
  return {
    async add(deployment, times) {
      items.set(deployment, withAnswers(items.get(deployment), times, clock()));
    },
    async read(deployments) {
      return new Map(
        deployments.flatMap((name) => {
          const measured = items.get(name);
          return measured === undefined ? [] : [[name, { ...measured }]];
        }),
      );
    },
  };
}
