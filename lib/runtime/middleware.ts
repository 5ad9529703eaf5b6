import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy, { type MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";
import type * as z from "zod";
import type { Logger } from "./logger.ts";
import type { InvocationMetrics } from "./metrics.ts";
import { safeError } from "./safe-error.ts";

/** One invocation of a function, as its handler sees it. */
export type Invocation<Event> = {
  event: Event;
  /** Milliseconds until Lambda ends it. */
  remainingMs: () => number;
  logger: Logger;
  metrics: InvocationMetrics;
};

/**
 * The stack that every handler stands on: ids in every log line, the event parsed, errors logged and thrown on without
 * anybody's content, metrics written once at the end, however it ends.
 */
export function createHandler<Schema extends z.ZodType, Result>(
  { event: schema, logger, metrics }: { event: Schema; logger: Logger; metrics: InvocationMetrics },
  handle: (invocation: Invocation<z.infer<Schema>>) => Promise<Result>,
): (event: unknown, context: Context) => Promise<Result> {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(flushMetrics(metrics))
    .use(reportErrors(logger))
    .handler((event: unknown, context: Context) =>
      handle({
        event: schema.parse(event),
        remainingMs: () => context.getRemainingTimeInMillis(),
        logger,
        metrics,
      }),
    );
}

function flushMetrics(metrics: InvocationMetrics): MiddlewareObj {
  const flush = () => metrics.flush();
  return { after: flush, onError: flush };
}

/** Lambda logs what a handler throws, message and stack, so that is made safe too. */
function reportErrors(logger: Logger): MiddlewareObj {
  return {
    onError(request) {
      const error = safeError(request.error);
      logger.error("The invocation failed.", error);
      request.error = error;
    },
  };
}
