import type { Deployment } from "../core/configuration/document.ts";
import { laneName } from "../core/lane.ts";
import type { Queue } from "../core/ports.ts";
import type { LaneQueues } from "../core/work/settle.ts";

/**
 * Queues of many lanes, for classify and fallback. These send to no dead-letter queue: a shard that belongs there goes to
 * its lane, whose worker sees that its deployment is excluded and sends it on. So does one whose lane a later deploy took
 * away: any lane of its zone may pass it to fallback, and none but its own may call its deployment.
 * @param queues lane name → queue
 */
export function manyLanes(
  queues: ReadonlyMap<string, Queue>,
  deploymentOf: (name: string) => Deployment | undefined,
): LaneQueues {
  return {
    queueFor(name, _place, zone) {
      const deployment = deploymentOf(name);
      const own = deployment === undefined ? undefined : queues.get(laneName(deployment, zone));
      const queue = own ?? [...queues].find(([lane]) => lane.endsWith(`-${zone}`))?.[1];
      if (queue === undefined)
        throw new Error(`This stack has no ${zone} lane for ${name}; deploy a configuration that has one.`);
      return queue;
    },
  };
}

/** The queues of one lane. A shard of another lane's deployment goes to the dead-letter queue, for fallback to route. */
export function oneLane(own: Queue, dead: Queue, serves: (deployment: string) => boolean): LaneQueues {
  return { queueFor: (deployment, place) => (place === "lane" && serves(deployment) ? own : dead) };
}
