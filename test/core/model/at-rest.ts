import * as z from "zod";
import { isConserved } from "../../../lib/core/protocol/batch.ts";
import { totalCost } from "../../../lib/core/protocol/counts.ts";
import { keys } from "../../../lib/core/work/keys.ts";
import { textAt } from "./object-ports.ts";
import type { Scope } from "./scope.ts";
import type { Stores } from "./stores.ts";
import { Violation } from "./violation.ts";

const Line = z.looseObject({
  custom_id: z.string(),
  switchyard: z.looseObject({
    costUsd: z.number(),
    attempts: z.array(z.looseObject({ outcome: z.string(), count: z.int().default(1) })),
  }),
});
type Line = z.infer<typeof Line>;

/**
 * Throws when a world at rest is not as it must be: the batch is over and announced, every line of it is once in one of its
 * files, and its counts and cost are what the files say.
 * @param calls made by providers; every one of them is in a result, where no owner was lost
 */
export function checkAtRest(stores: Stores, scope: Scope, world: { announced: number; calls?: number }): void {
  const [batch] = Object.values(stores.batches);
  if (batch === undefined) throw new Violation("The batch is not there.");
  if (batch.state !== "completed" && batch.state !== "cancelled") throw new Violation(`The batch is ${batch.state}.`);
  if (batch.announced !== true || world.announced === 0) throw new Violation("The batch is not announced.");
  if (!isConserved(batch) || batch.lines !== scope.lines.length)
    throw new Violation("The batch's counts do not add up.");

  const output = linesOf(stores, keys.result(batch.id, "output.jsonl"));
  const errors = linesOf(stores, keys.result(batch.id, "errors.jsonl"));
  const ids = [...output, ...errors].map(({ custom_id }) => custom_id).toSorted();
  const accepted = scope.lines.map((_, index) => `j${index}`);
  if (JSON.stringify(ids) !== JSON.stringify(accepted)) throw new Violation(`The results are of ${ids.join(", ")}.`);
  if (batch.counts.succeeded !== output.length) throw new Violation("The batch does not count its output.");
  const costUsd = [...output, ...errors].reduce((sum, { switchyard }) => sum + switchyard.costUsd, 0);
  if (Math.round(costUsd * 1e9) !== totalCost(batch.costNanoUsd))
    throw new Violation("The results do not cost what the batch costs.");
  const recorded = [...output, ...errors].reduce((sum, { switchyard }) => sum + triesOf(switchyard), 0);
  if (world.calls !== undefined && world.calls !== recorded)
    throw new Violation(`${world.calls} calls were made, and ${recorded} are in the results.`);
  if (scope.audited === true) checkAudit(stores);
}

function triesOf({ attempts }: Line["switchyard"]): number {
  return attempts.filter(({ outcome }) => outcome !== "worker-lost").reduce((sum, { count }) => sum + count, 0);
}

function checkAudit(stores: Stores): void {
  for (const [id, chunk] of Object.entries(stores.chunks))
    for (const [shard, { zone, segment = "" }] of Object.entries(chunk.shards)) {
      const ends = [`/${shard}/${segment}.jsonl`, ...(shard.includes(".") ? [] : [`/${shard}/decision.jsonl`])];
      const written = Object.keys(stores[zone]).filter((key) => key.startsWith("audit/"));
      for (const end of ends)
        if (
          segmentHasRecords(stores, zone, keys.segment(id, shard, segment)) &&
          !written.some((key) => key.endsWith(end))
        )
          throw new Violation(`Nothing was recorded under ${end}.`);
    }
}

function segmentHasRecords(stores: Stores, zone: "general" | "restricted", key: string): boolean {
  return (textAt(stores[zone], key)?.trim().split("\n").length ?? 0) > 1;
}

function linesOf(stores: Stores, key: string): Line[] {
  const text = textAt(stores.intake, key);
  if (text === undefined) throw new Violation(`${key} is not there.`);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Line.parse(JSON.parse(line)));
}
