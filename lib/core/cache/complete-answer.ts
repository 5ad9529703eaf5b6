import * as z from "zod";

/** Loose: what a provider says beyond this does not matter here. */
const CompleteAnswer = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.enum(["stop", "tool_calls"]),
        message: z.looseObject({ refusal: z.null().optional() }),
      }),
    )
    .min(1),
});

/**
 * Whether an answer may be given again: one that came to its own end, and is no refusal. What was cut off, filtered or
 * declined may be better the next time.
 * @param response a chat completion in OpenAI's shape
 */
export function isCompleteAnswer(response: Readonly<Record<string, unknown>>): boolean {
  return CompleteAnswer.safeParse(response).success;
}
