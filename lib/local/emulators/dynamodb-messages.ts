import * as z from "zod";

const Usage = z.object({
  calls: z.record(z.string(), z.number()),
  sqsRequests: z.number(),
  dynamodbWriteUnits: z.number(),
  dynamodbReadUnits: z.number(),
  customEvents: z.number(),
});

/** What DynamoDB's thread tells the engine. */
export const FromWorker = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listening"), port: z.number() }),
  z.object({
    kind: z.literal("usage"),
    usage: z.object({ functions: Usage.optional(), services: Usage.optional(), clients: Usage.optional() }),
  }),
  z.object({
    kind: z.literal("authorize"),
    id: z.number(),
    signer: z.string(),
    call: z.string(),
    asked: z.array(z.object({ action: z.string(), resource: z.string() })).optional(),
  }),
  z.object({ kind: z.literal("closed") }),
]);
export type FromWorker = z.infer<typeof FromWorker>;

/** What it is told. `refusal` is the answer to a call that is not allowed. */
export const ToWorker = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("authorized"),
    id: z.number(),
    refusal: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }).optional(),
  }),
  z.object({ kind: z.literal("close") }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

/** What the thread is started with. */
export const WorkerData = z.object({
  path: z.string().optional(),
  place: z.object({ region: z.string(), accountId: z.string() }),
  setupAccessKeyId: z.string(),
});
export type WorkerData = z.infer<typeof WorkerData>;
