import { fallBack } from "../lib/core/work/fall-back.ts";
import { createRoom } from "../lib/core/work/room.ts";
import { mostPayloadBytes, payloadBytesOf } from "../lib/core/work/shard-message.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composeFallback } from "../lib/runtime/compose/fallback.ts";
import { FallbackEnvironment, parseEnvironment } from "../lib/runtime/environment.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";
import { safeError } from "../lib/runtime/safe-error.ts";
import { parseShardMessage } from "../lib/runtime/shard-records.ts";
import { processBatch, SqsEvent } from "../lib/runtime/sqs-event.ts";

const environment = parseEnvironment(FallbackEnvironment, process.env);
const logger = createLogger();
const metrics = createMetrics();
const { deps } = composeFallback(environment, readBundledPolicy(import.meta.url), (deployment, kind, untilMs) =>
  logger.warn("A deployment was cooled.", { deployment, kind, until: new Date(untilMs).toISOString() }),
);

/** A zone's dead letters → the next deployment's lane, a wait, or an error result. */
export const handler = createHandler({ event: SqsEvent, logger, metrics }, async ({ event }) => {
  const moved = new Map<string, number>();
  const onMoved = (from: string, to: string, jobs: number) => {
    metrics.ofDeployment("Fallbacks", from, jobs);
    moved.set(`${from} → ${to}`, (moved.get(`${from} → ${to}`) ?? 0) + jobs);
  };
  const room = createRoom(mostPayloadBytes);
  const response = await processBatch(
    event.Records,
    ({ body }) => {
      const message = parseShardMessage(body);
      return room(payloadBytesOf(message), () => fallBack(message, { ...deps, onMoved }));
    },
    (error, { messageId }) =>
      logger.error("A dead letter could not be routed.", { error: safeError(error), messageId }),
  );
  logger.info("Dead letters were routed.", { letters: event.Records.length, moved: Object.fromEntries(moved) });
  return response;
});
