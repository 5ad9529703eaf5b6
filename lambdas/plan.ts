import { UploadMessage } from "../lib/core/protocol/messages.ts";
import { planBatch } from "../lib/core/work/plan-batch.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composePlan } from "../lib/runtime/compose/plan.ts";
import { PlanEnvironment, parseEnvironment } from "../lib/runtime/environment.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";
import { safeError } from "../lib/runtime/safe-error.ts";
import { processBatch, SqsEvent } from "../lib/runtime/sqs-event.ts";

const environment = parseEnvironment(PlanEnvironment, process.env);
const { deps, policies } = composePlan(environment, readBundledPolicy(import.meta.url));

/** Uploads queue → batch record and chunk messages. */
export const handler = createHandler(
  { event: SqsEvent, logger: createLogger(), metrics: createMetrics() },
  async ({ event, logger }) => {
    const policy = await policies.current();
    return processBatch(
      event.Records,
      async ({ body }) => {
        const { object } = UploadMessage.parse(JSON.parse(body)).detail;
        const planned = await planBatch(object, { ...deps, policy });
        logger.info("An upload was planned.", { ...planned });
        return "done";
      },
      (error, { messageId }) => logger.error("An upload could not be planned.", { error: safeError(error), messageId }),
    );
  },
);
