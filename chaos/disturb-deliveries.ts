import type { Disturbance } from "../lib/local/disturbance.ts";
import type { Intensity } from "./fault-plan.ts";
import type { Processes } from "./processes.ts";
import { drawn } from "./seeded.ts";
import type { Tally } from "./tally.ts";

export type DeliveryDeps = {
  seed: number;
  intensity: Intensity;
  processes: Processes;
  faults: Tally;
  isOn: () => boolean;
};

/**
 * Just over the longest lease, with clocks that disagree: who has a message then finds the shard free. A job queued singly
 * comes back when the chunk that its last taker was forming is given up.
 */
const returnsAfterSeconds = { jobs: 360, others: 185 };

/** Delivers in another order and twice, and loses deletions. A message that stays comes back when a lease is over. */
export function disturbDeliveries({ seed, intensity, processes, faults, isOn }: DeliveryDeps): Disturbance {
  const deliveries = new Map<string, number>();
  const deletions = new Map<string, number>();
  const next = (counter: Map<string, number>, queue: string): number => {
    const n = (counter.get(queue) ?? 0) + 1;
    counter.set(queue, n);
    return n;
  };
  const happens = (
    kind: "message delivered twice" | "deliveries reordered" | "deletion lost",
    queue: string,
    n: number,
  ) => isOn() && drawn(seed, kind, queue, n) < intensity.rates[kind];

  return {
    deliver<Message>(queue: string, batch: readonly Message[]) {
      const n = next(deliveries, queue);
      let first = [...batch];
      if (batch.length > 1 && happens("deliveries reordered", queue, n)) {
        faults.add("deliveries reordered");
        first = first
          .map((message, index) => ({ message, at: drawn(seed, "order", queue, n, index) }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ message }) => message);
      }
      if (!happens("message delivered twice", queue, n)) return [first];
      const again = first.slice(0, 1 + Math.floor(drawn(seed, "again", queue, n) * first.length));
      faults.add("message delivered twice", again.length);
      return [first, again];
    },
    losesDeletion(queue) {
      const lost = happens("deletion lost", queue, next(deletions, queue));
      if (lost) faults.add("deletion lost");
      return lost;
    },
    returnsAfterSeconds: (queue) => (queue.endsWith("-jobs") ? returnsAfterSeconds.jobs : returnsAfterSeconds.others),
    outlives: (pid) => processes.isFrozen(pid),
  };
}
