import { describe, expect, it } from "vitest";
import { isCompleteAnswer } from "../../../lib/core/cache/complete-answer.ts";

const answer = (choice: object) => ({
  id: "chatcmpl-1",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "Jupiter", refusal: null }, ...choice },
  ],
});

describe("an answer", () => {
  it.each<[boolean, string, Record<string, unknown>]>([
    [true, "that came to its end", answer({})],
    [true, "without a word on refusals", answer({ message: { role: "assistant", content: "Jupiter" } })],
    [true, "that calls tools", answer({ finish_reason: "tool_calls" })],
    [false, "that was cut off", answer({ finish_reason: "length" })],
    [false, "that was filtered", answer({ finish_reason: "content_filter" })],
    [false, "that declines", answer({ message: { role: "assistant", content: null, refusal: "I cannot." } })],
    [false, "without an end", answer({ finish_reason: null })],
    [false, "without choices", { choices: [] }],
    [false, "in another shape", { output: "Jupiter" }],
  ])("is complete (%s) %s", (expected, _, response) => {
    expect(isCompleteAnswer(response)).toBe(expected);
  });
});
