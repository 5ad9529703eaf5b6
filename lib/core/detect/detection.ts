import * as z from "zod";
import type { ChatBody } from "../chat.ts";
import { FindingType } from "./finding.ts";

/** Personal data in one text of a request: which text, and where in it. Never what it is. */
export const FoundInPart = z.object({
  /** The text's place in the body, as `textPartsOf` names it; holds nothing of the user's. */
  part: z.string(),
  findings: z.array(
    z.object({
      type: FindingType,
      start: z.int().nonnegative(),
      end: z.int().nonnegative(),
      confidence: z.number(),
    }),
  ),
});
export type FoundInPart = z.infer<typeof FoundInPart>;

/**
 * What was found in a request. `unread`: it also holds what no detector can read, a file or a recording. `failed`: a
 * detector threw or took too long, so nobody knows what there is.
 */
export type Detection = { kind: "found"; parts: FoundInPart[]; unread?: true } | { kind: "failed" };

/**
 * Looks through every text of a request.
 * @param matters whether more findings than these would change anything; if not, no service is asked. @default they would
 */
export type Detect = (body: ChatBody, matters?: (found: Detection) => boolean) => Detection | Promise<Detection>;
