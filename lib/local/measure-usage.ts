import type { LocalFunction } from "./lambda/local-function.ts";
import type { Queue } from "./resources/queue.ts";
import type { Tally, Usage } from "./usage.ts";

/**
 * Bytes that the platform itself logs for an invocation, 26 bytes of overhead for each line included: START, END and
 * REPORT as text, platform.start and platform.report as JSON; none with a system log level of WARN.
 */
const platformLogBytes = { Text: 380, JSON: 580 } as const;

/** Everything that was used up to now, as AWS would bill it. */
export function measureUsage(sources: {
  tally: Tally;
  functions: LocalFunction[];
  queues: Queue[];
  seconds: number;
}): Usage {
  const { tally, functions, queues, seconds } = sources;
  const lambda = { invocations: 0, gbSeconds: 0, initGbSeconds: 0 };
  let logBytes = 0;
  for (const each of functions) {
    const stats = each.stats();
    const { format, systemLevel } = each.definition.logging;
    lambda.invocations += stats.invocations;
    lambda.gbSeconds += stats.gbSeconds;
    lambda.initGbSeconds += (stats.initMs / 1000) * (stats.memoryMb / 1024);
    logBytes += each.logBytes() + (systemLevel === "WARN" ? 0 : stats.invocations * platformLogBytes[format]);
  }
  return {
    functions: structuredClone(tally.functions),
    services: structuredClone(tally.services),
    clients: structuredClone(tally.clients),
    emptyReceives: tally.emptyReceives,
    objectEvents: tally.objectEvents,
    lambda,
    logBytes,
    kmsRequests: queues.reduce(
      (sum, queue) => sum + (tally.queuesUsed.has(queue.name) ? dataKeyRequests(queue, seconds) : 0),
      0,
    ),
    seconds,
  };
}

/** SQS asks KMS once a reuse period to make a data key and once to open it, however many messages there are. */
function dataKeyRequests(queue: Queue, seconds: number): number {
  return queue.dataKeyReuseSeconds === undefined ? 0 : (2 * seconds) / queue.dataKeyReuseSeconds;
}
