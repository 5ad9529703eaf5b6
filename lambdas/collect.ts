import { CollectMessage } from "../lib/core/protocol/messages.ts";
import { collectBatch } from "../lib/core/work/collect-batch.ts";
import { sendReplies } from "../lib/core/work/send-replies.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composeCollect } from "../lib/runtime/compose/collect.ts";
import { CollectEnvironment, parseEnvironment } from "../lib/runtime/environment.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";
import { safeError } from "../lib/runtime/safe-error.ts";
import { processBatch, SqsEvent } from "../lib/runtime/sqs-event.ts";

const environment = parseEnvironment(CollectEnvironment, process.env);
const { deps } = composeCollect(environment, readBundledPolicy(import.meta.url));

/** Collect queue → result files and completion events, and replies to jobs queued singly. */
export const handler = createHandler(
  { event: SqsEvent, logger: createLogger(), metrics: createMetrics() },
  async ({ event, logger, metrics }) =>
    processBatch(
      event.Records,
      async ({ body }) => {
        const message = CollectMessage.parse(JSON.parse(body));
        if (message.kind === "batch") {
          const outcome = await collectBatch(message.batch, deps);
          if (outcome === "collected") metrics.ofService("BatchesCompleted", 1);
          logger.info("A batch was looked at.", { batch: message.batch, outcome });
        } else {
          const { chunk, shard } = message;
          const { sent, dropped } = await sendReplies(chunk, shard, deps);
          logger.info("Replies were sent.", { chunk, shard, sent });
          if (dropped > 0) {
            metrics.ofService("RepliesDropped", dropped);
            logger.warn("Replies go to a queue that is listed no more.", { chunk, shard, dropped });
          }
        }
        return "done";
      },
      (error, { messageId }) => logger.error("A batch could not be collected.", { error: safeError(error), messageId }),
    ),
);
