import type { Attempt } from "../lib/core/attempt.ts";
import { serveLane } from "../lib/core/work/serve-lane.ts";
import { readBundledPolicy } from "../lib/runtime/bundled-policy.ts";
import { composeInvoke } from "../lib/runtime/compose/invoke.ts";
import { InvokeEnvironment, parseEnvironment } from "../lib/runtime/environment.ts";
import { InvocationUse } from "../lib/runtime/invocation-use.ts";
import { createLogger } from "../lib/runtime/logger.ts";
import { createMetrics } from "../lib/runtime/metrics.ts";
import { createHandler } from "../lib/runtime/middleware.ts";
import { safeError } from "../lib/runtime/safe-error.ts";
import { parseShardMessages } from "../lib/runtime/shard-records.ts";
import { SqsEvent, sqsResponse } from "../lib/runtime/sqs-event.ts";

const environment = parseEnvironment(InvokeEnvironment, process.env);
const logger = createLogger();
const metrics = createMetrics();
const { deps, use, measure } = composeInvoke(
  environment,
  readBundledPolicy(import.meta.url),
  (deployment, kind, untilMs) => {
    logger.warn("A deployment was cooled.", { deployment, kind, until: new Date(untilMs).toISOString() });
    if (kind === "auth") metrics.ofService("AuthCooldowns", 1);
  },
);

/** One lane's queue → calls, segments and commits. */
export const handler = createHandler({ event: SqsEvent, logger, metrics }, async ({ event, remainingMs }) => {
  const { messages, records } = parseShardMessages(event.Records, logger);
  const used = new InvocationUse(metrics);
  const onAttempt = (attempt: Attempt) => used.add(attempt);
  const onError = (error: unknown) => logger.error("A shard met broken infrastructure.", { error: safeError(error) });
  const dispositions = await serveLane(messages, { ...deps, remainingMs, onAttempt, onError });
  // A view: exact figures are in the commits.
  await use.add(new Date(deps.clock()).toISOString().slice(0, 10), used.total()).catch(onError);
  await measure(used.answerTimes()).catch(onError);
  logger.info("Shards were served.", { lane: environment.LANE, shards: messages.length, ...used.summary() });
  return sqsResponse(
    event.Records,
    event.Records.map((record) => dispositions[records.indexOf(record)] ?? "keep"),
  );
});
