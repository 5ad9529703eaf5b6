import * as z from "zod";

/** The variable that brings a function's process its setting. */
export const functionSettingVariable = "CHAOS_FUNCTION";

/** What a function's process is told before its handler is loaded. */
export const FunctionSetting = z.object({
  role: z.string(),
  seed: z.number(),
  startMs: z.number(),
  speed: z.number(),
  mostSkewMs: z.number(),
  worldDelaysMs: z.array(z.number()),
  /** Grows by a byte with each process of the function. */
  countFile: z.string(),
});
export type FunctionSetting = z.infer<typeof FunctionSetting>;
