import * as z from "zod";
import { PolicyDocument } from "../lib/core/configuration/document.ts";

/** What the providers' thread is started with; `faults` is a fault plan as people write it. */
export const ProvidersData = z.object({
  document: PolicyDocument,
  faults: z.unknown(),
  seed: z.number(),
  clock: z.object({ startMs: z.number(), speed: z.number(), skewMs: z.number() }),
});
export type ProvidersData = z.infer<typeof ProvidersData>;
