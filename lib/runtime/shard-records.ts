import { ShardMessage } from "../core/protocol/messages.ts";
import type { Logger } from "./logger.ts";
import { safeError } from "./safe-error.ts";
import type { SqsRecord } from "./sqs-event.ts";

/** The message of a shard. Throws when a newer or unknown version wrote it: it stays in the queue and is reported. */
export function parseShardMessage(body: string): ShardMessage {
  return ShardMessage.parse(JSON.parse(body));
}

/** The messages that can be read, with their records in the same order; the others are logged and stay in the queue. */
export function parseShardMessages(
  records: readonly SqsRecord[],
  logger: Logger,
): { messages: ShardMessage[]; records: SqsRecord[] } {
  const parsed = records.flatMap((record) => {
    try {
      return [{ record, message: parseShardMessage(record.body) }];
    } catch (error) {
      logger.error("A shard's message could not be read.", { error: safeError(error), messageId: record.messageId });
      return [];
    }
  });
  return { messages: parsed.map(({ message }) => message), records: parsed.map(({ record }) => record) };
}
