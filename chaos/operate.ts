import { moveMessages } from "../lib/cli/redrive/move-messages.ts";
import { routeOf } from "../lib/cli/redrive/route.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import { drawn } from "./seeded.ts";
import { wait } from "./wait.ts";

const queues = ["jobs", "uploads", "chunks", "collect", "lost-general", "lost-restricted"];
const redriveEveryMs = 120_000;

/** What an operator does when the alarm of a dead-letter queue rings; the number of messages that were moved. */
async function redriveAll({ connection, policy }: ChaosStack): Promise<number> {
  let messages = 0;
  for (const queue of queues) messages += (await moveMessages(routeOf(queue, policy), connection.sqs, true)).messages;
  return messages;
}

/** Redrives until it is told to stop; calls back with what was moved. */
export async function keepRedriving(
  stack: ChaosStack,
  goesOn: () => boolean,
  onMoved: (n: number) => void,
): Promise<void> {
  while (goesOn()) {
    await wait(redriveEveryMs);
    const moved = await redriveAll(stack).catch(() => 0);
    if (moved > 0) onMoved(moved);
  }
}

/** Kills a process that works now and then, wherever it is. */
export async function keepKilling(
  { engine, processes, faults, isOn }: ChaosStack,
  { seed, everyMs }: { seed: number; everyMs: number },
): Promise<void> {
  for (let kill = 0; isOn(); kill++) {
    await wait(everyMs * (0.5 + drawn(seed, "kill in", kill)));
    const busy = engine.processes().filter(({ busy: works, pid }) => works && !processes.isFrozen(pid));
    const chosen = busy[Math.floor(drawn(seed, "kill whom", kill) * busy.length)];
    if (chosen === undefined || !isOn()) continue;
    processes.kill(chosen.pid);
    faults.add("killed at any moment");
  }
}
