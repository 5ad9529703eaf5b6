import * as z from "zod";
import { decodeHold } from "../../../lib/core/budgets/ledger.ts";
import { type Batch, isConserved } from "../../../lib/core/protocol/batch.ts";
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

/** By the fixture's prices, for the tokens that every call uses. */
const costOfCallNanoUsd = 10 * 60 + 5 * 240;

/**
 * Throws when a world at rest is not as it must be: the batch is over and announced, every line of it is once in one of its
 * files, and its counts and cost are what the files say.
 * @param world how often it was announced, and calls that were answered; `exact`: each is in a result, as no owner was lost
 */
export function checkAtRest(
  stores: Stores,
  scope: Scope,
  world: { announced: number; calls: number; exact: boolean },
): void {
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
  if (world.exact && world.calls !== recorded)
    throw new Violation(`${world.calls} calls were made, and ${recorded} are in the results.`);
  if (scope.audited === true) checkAudit(stores);
  if (scope.budgeted === true) checkLedgers(stores, batch, world);
}

/** What is counted for sure is no more than was charged, and with what is uncertain no less. */
function checkLedgers(
  { ledgers }: Stores,
  { costNanoUsd }: Batch,
  { calls, exact }: { calls: number; exact: boolean },
): void {
  const [ledger] = Object.values(ledgers);
  if (ledger === undefined && calls === 0) return;
  if (ledger === undefined) throw new Violation("Calls were made, and nothing was reserved.");
  const { takenNanoUsd, spentNanoUsd, uncertainNanoUsd, open } = ledger;
  const heldNanoUsd = Object.values(open).reduce((sum, hold) => sum + decodeHold(hold).nanoUsd, 0);
  const settledNanoUsd = spentNanoUsd + uncertainNanoUsd;
  const cost = totalCost(costNanoUsd);
  if (takenNanoUsd !== settledNanoUsd + heldNanoUsd) throw new Violation("The ledger does not add up.");
  const charged = calls * costOfCallNanoUsd;
  if (spentNanoUsd > charged) throw new Violation("The ledger counts more than was charged.");
  if (settledNanoUsd + heldNanoUsd < charged) throw new Violation("The ledger forgot what was charged.");
  if (exact && (spentNanoUsd !== cost || settledNanoUsd !== takenNanoUsd))
    throw new Violation(`The ledger counts ${spentNanoUsd} nano-dollars, the results cost ${cost}.`);
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
