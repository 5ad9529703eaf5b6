import type { Deployment } from "../core/configuration/document.ts";
import { highQueueSuffix, laneName } from "../core/lane.ts";
import type { Queue } from "../core/ports.ts";
import type { LaneQueues } from "../core/work/settle.ts";

/** A lane's queue, and the one that it may have for high priority. */
export type QueuesOfLane = { own: Queue; high?: Queue | undefined };

/**
 * Lane name → queues. The queue for high priority is named after the lane's own: to say both of every lane would take
 * twice the room, of which a function's environment has little.
 */
export function queuesOfLanes(
  urls: Readonly<Record<string, string>>,
  highPriority: boolean,
  queue: (url: string) => Queue,
): Map<string, QueuesOfLane> {
  return new Map(
    Object.entries(urls).map(([name, url]) => [
      name,
      { own: queue(url), ...(highPriority ? { high: queue(`${url}${highQueueSuffix}`) } : {}) },
    ]),
  );
}

/**
 * Queues of many lanes, for classify and fallback. These send to no dead-letter queue: a shard that belongs there goes to
 * its lane, whose worker sees that its deployment is excluded and sends it on. So does one whose lane a later deploy took
 * away: any lane of its zone may pass it to fallback, and none but its own may call its deployment.
 */
export function manyLanes(
  queues: ReadonlyMap<string, QueuesOfLane>,
  deploymentOf: (name: string) => Deployment | undefined,
): LaneQueues {
  return {
    queueFor(name, _place, zone, priority) {
      const deployment = deploymentOf(name);
      const ofItsLane = deployment === undefined ? undefined : queues.get(laneName(deployment, zone));
      const found = ofItsLane ?? [...queues].find(([lane]) => lane.endsWith(`-${zone}`))?.[1];
      if (found === undefined)
        throw new Error(`This stack has no ${zone} lane for ${name}; deploy a configuration that has one.`);
      return priority === "high" ? (found.high ?? found.own) : found.own;
    },
  };
}

/** The queues of one lane. A shard of another lane's deployment goes to the dead-letter queue, for fallback to route. */
export function oneLane(
  { own, high = own }: QueuesOfLane,
  dead: Queue,
  serves: (deployment: string) => boolean,
): LaneQueues {
  return {
    queueFor(deployment, place, _zone, priority) {
      if (place === "fallback" || !serves(deployment)) return dead;
      return priority === "high" ? high : own;
    },
  };
}
