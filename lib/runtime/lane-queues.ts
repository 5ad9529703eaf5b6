import type { Deployment } from "../core/configuration/document.ts";
import { laneName } from "../core/lane.ts";
import type { Queue } from "../core/ports.ts";
import type { LaneQueues } from "../core/work/settle.ts";

/**
 * Queues of many lanes, for classify and fallback. These send to no dead-letter queue: a shard that belongs there goes to
 * its lane, whose worker sees that its deployment is excluded and sends it on.
 * @param queues lane name → queue
 */
export function manyLanes(
  queues: ReadonlyMap<string, Queue>,
  deploymentOf: (name: string) => Deployment | undefined,
): LaneQueues {
  return {
    queueFor(name, _place, zone) {
      const deployment = deploymentOf(name);
      if (deployment === undefined) throw new Error(`No policy that this worker knows has the deployment ${name}.`);
      const queue = queues.get(laneName(deployment, zone));
      if (queue === undefined)
        throw new Error(
          `This function may send to no lane ${laneName(deployment, zone)}; deploy the stack that has it.`,
        );
      return queue;
    },
  };
}

/** The queues of one lane. A shard of another lane's deployment goes to the dead-letter queue, for fallback to route. */
export function oneLane(own: Queue, dead: Queue, serves: (deployment: string) => boolean): LaneQueues {
  return { queueFor: (deployment, place) => (place === "lane" && serves(deployment) ? own : dead) };
}
