import { totalOf } from "../../../lib/core/protocol/counts.ts";
import { isDone } from "../../../lib/core/protocol/effects.ts";
import type { Scope } from "./scope.ts";
import { messages } from "./state.ts";
import type { Stores } from "./stores.ts";
import { Violation } from "./violation.ts";

/**
 * Throws when jobs queued singly have come to rest and are not as they must be: each is one line of one chunk, which its
 * item names, ended once and was answered; however often it was sent.
 */
export function checkJobsAtRest(
  { jobs, chunks }: Stores,
  { lines }: Scope,
  world: { queued: readonly number[]; calls: number; exact: boolean },
): void {
  const wanted = new Set(lines.map(({ id }, index) => id ?? `j${index}`));
  const pointers = Object.values(jobs);
  if (pointers.length !== wanted.size)
    throw new Violation(`${pointers.length} jobs are known, ${wanted.size} were sent.`);
  const planned = Object.entries(chunks).filter(([, { state }]) => state === "planned");
  const ended = planned.reduce((sum, [, { counts }]) => sum + totalOf(counts), 0);
  if (ended !== wanted.size) throw new Violation(`${wanted.size} jobs ended ${ended} times.`);
  for (const { chunk } of pointers) {
    const found = chunks[chunk];
    if (found === undefined || !isDone(found))
      throw new Violation(`A job is in the chunk ${chunk}, which is not done.`);
  }
  const replies = world.queued.map((message) => messages.at(message)).filter(({ queue }) => queue.startsWith("reply "));
  const answered = new Set(replies.map(({ body }) => /"custom_id":"([^"]*)"/.exec(body)?.[1]));
  if (answered.size !== wanted.size) throw new Violation(`${answered.size} of ${wanted.size} owners have an answer.`);
  if (world.exact && world.calls > wanted.size)
    throw new Violation(`${world.calls} calls were made for ${wanted.size} jobs.`);
}
