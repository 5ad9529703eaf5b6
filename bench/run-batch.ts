import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Upload } from "@aws-sdk/lib-storage";
import * as z from "zod";
import type { BusEvent } from "../lib/local/events/event.ts";
import { batchBytes, type CorpusOptions } from "./corpus.ts";
import type { LocalStack } from "./local-stack.ts";

const Completed = z.object({
  "detail-type": z.literal("Batch Completed"),
  detail: z.object({
    key: z.string(),
    state: z.string(),
    counts: z.object({ accepted: z.number(), succeeded: z.number(), failed: z.number() }),
  }),
});

/** How a batch ended, and how long that took from the first byte sent. */
export type BatchEnd = z.infer<typeof Completed>["detail"] & { seconds: number };

/** The same, of a batch that is to go well: seconds. Throws when a job failed. */
export async function runBatch(stack: LocalStack, options: CorpusOptions): Promise<number> {
  const { seconds, state, counts } = await completeBatch(stack, options);
  if (state !== "completed" || counts.accepted !== options.lines || counts.succeeded !== options.lines)
    throw new Error(`A batch of ${options.lines} jobs ended as ${JSON.stringify({ state, ...counts })}.`);
  await settled(stack.engine);
  return seconds;
}

/** Uploads a batch and waits until its completion is announced. */
export async function completeBatch({ engine, client }: LocalStack, options: CorpusOptions): Promise<BatchEnd> {
  const Body = batchBytes(options);
  const key = `uploads/bench-${randomUUID()}.jsonl`;
  const completion = Promise.withResolvers<z.infer<typeof Completed>["detail"]>();
  const forget = engine.onEvent((event: BusEvent) => {
    const completed = Completed.safeParse(event);
    if (completed.success && completed.data.detail.key === key) completion.resolve(completed.data.detail);
  });

  const startedMs = performance.now();
  const params = { Bucket: client.target.name("bucket"), Key: key, Body, ContentType: "application/jsonl" };
  await new Upload({ client: client.s3, params }).done();
  const end = await completion.promise;
  const seconds = (performance.now() - startedMs) / 1000;
  forget();
  return { ...end, seconds };
}

/** Until every message is deleted: what comes after the announcement is counted too. */
export async function settled(engine: LocalStack["engine"]): Promise<void> {
  while (!engine.idle()) await pause(20);
}
