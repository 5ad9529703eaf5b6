import * as z from "zod";
import { sweep } from "../lib/core/work/sweep.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composeSweep } from "../lib/runtime/compose/sweep.ts";
import { parseEnvironment, SweepEnvironment } from "../lib/runtime/environment.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";
import { safeError } from "../lib/runtime/safe-error.ts";

const environment = parseEnvironment(SweepEnvironment, process.env);
const { deps, policies } = composeSweep(environment, readBundledPolicy(import.meta.url));

/** Every minute: finds what should have moved and has not. */
export const handler = createHandler(
  { event: z.unknown(), logger: createLogger(), metrics: createMetrics() },
  async ({ logger, metrics }) => {
    await policies.current();
    let errors = 0;
    const swept = await sweep({
      ...deps,
      onCounts: (batch, outcome) => logger.warn("The counts of a batch did not add up.", { batch, outcome }),
      onUsed: (budget, percent) => metrics.budgetUsed(budget, percent),
      onError: (error, where) => {
        errors += 1;
        logger.error("Something could not be swept.", { error: safeError(error), where });
      },
    });
    if (swept.uncertain > 0) metrics.ofService("UncertainReservations", swept.uncertain);
    metrics.ofService("BatchesStuck", swept.stuckBatches);
    metrics.ofService("RepairsQueued", swept.repairs);
    metrics.ofService("CountsWrong", swept.recounted + swept.wrong);
    logger.info("Swept.", { ...swept });
    // All else was looked at; an alarm tells people of this.
    if (errors > 0) throw new Error(`Sweep could not look at everything; the log names what (${errors}).`);
    return swept;
  },
);
