import { Worker } from "node:worker_threads";
import type { Place } from "../access/api-request.ts";
import type { Denial } from "../access/denial.ts";
import { denialReply } from "../access/denial-reply.ts";
import type { Call } from "../iam/requirements.ts";
import { addUsage, type Tally } from "../usage.ts";
import { FromWorker, type ToWorker, type WorkerData } from "./dynamodb-messages.ts";

export type DynamodbEndpoint = { url: string; close(): Promise<void> };

/** Says what a function's call lacks; undefined when it lacks nothing. `asked` is undefined for an unknown operation. */
export type AuthorizeCall = (call: {
  call: string;
  signer: string;
  asked: readonly Call[] | undefined;
}) => Denial | undefined;

/**
 * Starts DynamoDB on a loopback port, in memory or kept in a directory. A function's call is authorized before it is
 * served, and every call is counted in the tally.
 */
export async function startDynamodb(options: {
  place: Place;
  dataDirectory?: string | undefined;
  tally: Tally;
  /** With which the engine creates resources. */
  setupAccessKeyId: string;
  authorize: AuthorizeCall;
}): Promise<DynamodbEndpoint> {
  const { place, dataDirectory: path, setupAccessKeyId } = options;
  const data: WorkerData = { path, place, setupAccessKeyId };
  const worker = new Worker(new URL("./dynamodb-worker.ts", import.meta.url), {
    workerData: data,
    env: { ...process.env, AWS_REGION: place.region },
    execArgv: [],
  });
  const post = (message: ToWorker): void => worker.postMessage(message);
  const closed = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<number>();
  let isListening = false;
  worker.on("error", (error) => {
    // Nothing works without it, and nobody may be waiting: end the process rather than let every call fail.
    if (isListening) throw error;
    listening.reject(error);
  });
  worker.on("message", (message: unknown) => {
    const received = FromWorker.parse(message);
    switch (received.kind) {
      case "listening":
        isListening = true;
        return listening.resolve(received.port);
      case "usage":
        for (const caller of ["functions", "services", "clients"] as const) {
          const part = received.usage[caller];
          if (part !== undefined) addUsage(options.tally[caller], part);
        }
        return;
      case "authorize": {
        const denial = options.authorize({ ...received, asked: received.asked });
        const refusal = denial === undefined ? undefined : denialReply(denial);
        return post({ kind: "authorized", id: received.id, refusal });
      }
      case "closed":
        return closed.resolve();
    }
  });
  const port = await listening.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const givenUp = setTimeout(closed.resolve, 2_000);
      post({ kind: "close" });
      await closed.promise;
      clearTimeout(givenUp);
      await worker.terminate();
    },
  };
}
