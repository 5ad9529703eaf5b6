import * as z from "zod";
import { sweep } from "../lib/core/work/sweep.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composeSweep } from "../lib/runtime/compose/sweep.ts";
import { parseEnvironment, SweepEnvironment } from "../lib/runtime/environment.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";

const environment = parseEnvironment(SweepEnvironment, process.env);
const { deps, policies } = composeSweep(environment, readBundledPolicy(import.meta.url));

/** Every minute: finds what should have moved and has not. */
export const handler = createHandler(
  { event: z.unknown(), logger: createLogger(), metrics: createMetrics() },
  async ({ logger, metrics }) => {
    await policies.current();
    const swept = await sweep({
      ...deps,
      onCounts: (batch, outcome) => logger.warn("The counts of a batch did not add up.", { batch, outcome }),
      onUsed: (budget, percent) => metrics.budgetUsed(budget, percent),
    });
    if (swept.uncertain > 0) metrics.ofService("UncertainReservations", swept.uncertain);
    metrics.ofService("BatchesStuck", swept.stuckBatches);
    metrics.ofService("RepairsQueued", swept.repairs);
    metrics.ofService("CountsWrong", swept.recounted + swept.wrong);
    logger.info("Swept.", { ...swept });
    return swept;
  },
);
