import type { Place } from "../access/api-request.ts";
import type { DenialReply } from "../access/denial-reply.ts";
import { dynamodbActions } from "../access/dynamodb.ts";
import type { FromWorker, ToWorker } from "./dynamodb-messages.ts";

/** Authorizes calls from within DynamoDB's thread. */
export type DynamodbAuthorizer = {
  /** The answer to a call that is not allowed; undefined for one that is. */
  authorize(signer: string, operation: string, body: unknown): Promise<DenialReply | undefined>;
  /** To be given each answer of the engine. */
  answered(answer: Extract<ToWorker, { kind: "authorized" }>): void;
};

/**
 * Asks the engine, which has the policies, once for each function, operation and table: what was allowed stays so. What
 * was not is asked again, for the engine to count.
 */
export function createDynamodbAuthorizer(place: Place, post: (message: FromWorker) => void): DynamodbAuthorizer {
  const allowed = new Set<string>();
  const waiting = new Map<number, (refusal: DenialReply | undefined) => void>();
  let lastId = 0;
  return {
    async authorize(signer, operation, body) {
      const asked = dynamodbActions(operation, { url: "/", headers: {}, body }, place);
      const key = [signer, operation, ...(asked ?? []).map(({ resource }) => resource)].join("\n");
      if (allowed.has(key)) return undefined;
      lastId += 1;
      const { promise, resolve } = Promise.withResolvers<DenialReply | undefined>();
      waiting.set(lastId, resolve);
      const calls = asked?.map(({ action, resource }) => ({ action, resource }));
      post({ kind: "authorize", id: lastId, signer, call: `dynamodb.${operation}`, asked: calls });
      const refusal = await promise;
      if (refusal === undefined) allowed.add(key);
      return refusal;
    },
    answered({ id, refusal }) {
      waiting.get(id)?.(refusal);
      waiting.delete(id);
    },
  };
}
