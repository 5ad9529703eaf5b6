import { Logger } from "@aws-lambda-powertools/logger";

export type { Logger };

/**
 * One JSON line an event, with ids and never content; `POWERTOOLS_LOG_LEVEL` says from which level on (@default INFO).
 * Errors go through `safeError` first.
 */
export function createLogger(): Logger {
  return new Logger();
}
