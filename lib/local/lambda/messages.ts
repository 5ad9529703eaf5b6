import * as z from "zod";

/** From the engine to a function's process. */
export type Invoke = { kind: "invoke"; requestId: string; payload: string; deadlineMs: number };

/** From a function's process to the engine. `peakRssBytes` is the most memory the process has held so far. */
export const FromProcess = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready"), initMs: z.number() }),
  z.object({
    kind: z.literal("returned"),
    requestId: z.string(),
    payload: z.string(),
    durationMs: z.number(),
    peakRssBytes: z.number(),
  }),
  z.object({
    kind: z.literal("threw"),
    requestId: z.string(),
    errorType: z.string(),
    errorMessage: z.string(),
    trace: z.array(z.string()),
    durationMs: z.number(),
    peakRssBytes: z.number(),
  }),
]);
export type FromProcess = z.infer<typeof FromProcess>;
