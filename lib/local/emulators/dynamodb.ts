import { Worker } from "node:worker_threads";
import * as z from "zod";
import { addUsage, type Tally } from "../usage.ts";

export type DynamodbEndpoint = { url: string; close(): Promise<void> };

const Usage = z.object({
  calls: z.record(z.string(), z.number()),
  sqsRequests: z.number(),
  dynamodbWriteUnits: z.number(),
  dynamodbReadUnits: z.number(),
  customEvents: z.number(),
});
const FromWorker = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listening"), port: z.number() }),
  z.object({
    kind: z.literal("usage"),
    usage: z.object({ functions: Usage.optional(), services: Usage.optional(), clients: Usage.optional() }),
  }),
  z.object({ kind: z.literal("closed") }),
]);

/** Starts DynamoDB on a loopback port, in memory or kept in a directory; every call is counted in the tally. */
export async function startDynamodb(options: {
  region: string;
  dataDirectory?: string | undefined;
  tally: Tally;
}): Promise<DynamodbEndpoint> {
  const worker = new Worker(new URL("./dynamodb-worker.ts", import.meta.url), {
    workerData: { path: options.dataDirectory },
    env: { ...process.env, AWS_REGION: options.region },
    execArgv: [],
  });
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
      case "closed":
        return closed.resolve();
    }
  });
  const port = await listening.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const givenUp = setTimeout(closed.resolve, 2_000);
      worker.postMessage("close");
      await closed.promise;
      clearTimeout(givenUp);
      await worker.terminate();
    },
  };
}
