import { tiers } from "../lib/core/names.ts";
import { ClassifyMessage } from "../lib/core/protocol/messages.ts";
import { classifyChunk, repairShard } from "../lib/core/work/classify-chunk.ts";
import { classifySingles } from "../lib/core/work/classify-singles.ts";
import type { PlannedChunk } from "../lib/core/work/plan-chunk.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composeClassify } from "../lib/runtime/compose/classify.ts";
import { ClassifyEnvironment, parseEnvironment } from "../lib/runtime/environment.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics, type InvocationMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";
import { safeError } from "../lib/runtime/safe-error.ts";
import { processBatch, SqsEvent, sqsResponse } from "../lib/runtime/sqs-event.ts";

const environment = parseEnvironment(ClassifyEnvironment, process.env);
const logger = createLogger();
const metrics = createMetrics();
const { deps } = composeClassify(environment, readBundledPolicy(import.meta.url), (error) => {
  logger.error("A job could not be looked through for personal data.", { error: safeError(error) });
  metrics.ofService("DetectionFailures", 1);
});

/** Chunks queue and jobs queue → plans and shard messages. */
export const handler = createHandler({ event: SqsEvent, logger, metrics }, async ({ event }) => {
  const onError = (error: unknown) => logger.error("A job could not be classified.", { error: safeError(error) });
  const withMetrics = { ...deps, onError, onPlanned: (planned: PlannedChunk) => count(planned, metrics) };
  const jobs = event.Records.filter(({ eventSourceARN }) => eventSourceARN === environment.JOBS_QUEUE_ARN);
  if (jobs.length > 0) {
    const queued = jobs.map(({ messageId, body, attributes }) => ({
      messageId,
      body,
      senderId: attributes.SenderId,
      redelivered: attributes.ApproximateReceiveCount > 1,
    }));
    const dispositions = await classifySingles(queued, withMetrics);
    logger.info("Queued jobs were classified.", { jobs: jobs.length });
    return sqsResponse(jobs, dispositions);
  }
  return processBatch(
    event.Records,
    async ({ body }) => {
      const message = ClassifyMessage.parse(JSON.parse(body));
      if (message.kind === "chunk") {
        await classifyChunk(message, withMetrics);
        logger.info("A chunk was classified.", { batch: message.batch, chunk: message.number, lines: message.lines });
      } else {
        await repairShard(message, withMetrics);
        logger.warn("A shard's message was made again.", { chunk: message.chunk, shard: message.shard });
      }
      return "done";
    },
    (error, { messageId }) => logger.error("A chunk could not be classified.", { error: safeError(error), messageId }),
  );
});

function count({ plan, shards, refused }: PlannedChunk, metrics: InvocationMetrics): void {
  for (const shard of shards) metrics.ofDeployment("JobsRouted", shard.deployment, shard.places.length);
  const ended = [...refused.general, ...refused.restricted];
  metrics.ofService("JobsFailed", ended.filter(({ result }) => result?.kind === "failed").length);
  const perTier = new Map<string, number>();
  for (const { decision } of plan.lines) {
    const tier = plan.decisions[decision]?.tier;
    if (tier !== undefined) perTier.set(tier, (perTier.get(tier) ?? 0) + 1);
  }
  for (const tier of tiers) {
    const jobs = perTier.get(tier);
    if (jobs !== undefined) metrics.ofTier(tier, jobs);
  }
}
