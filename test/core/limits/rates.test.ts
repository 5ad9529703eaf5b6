import { describe, expect, it } from "vitest";
import { countedTokens } from "../../../lib/core/limits/counted-tokens.ts";
import { ratesOf, spanOf } from "../../../lib/core/limits/rates.ts";

const share = { "us-east-1": 0.75, "eu-central-1": 0.25 };

describe("the rates of a stack", () => {
  it.each([
    ["are none without limits", undefined, "us-east-1", undefined],
    ["use 97 % of its share", { requestsPerMinute: 800, share }, "us-east-1", { requestMs: 60_000 / (600 * 0.97) }],
    ["are of tokens, too", { tokensPerMinute: 4000, share }, "eu-central-1", { tokenMs: 60_000 / (1000 * 0.97) }],
    [
      "are the smallest for a stack that is no more in the configuration",
      { requestsPerMinute: 800, share },
      "us-west-2",
      { requestMs: 60_000 / (200 * 0.97) },
    ],
  ])("%s", (_, limits, region, expected) => {
    expect(ratesOf({ limits }, region)).toEqual(expected);
  });

  it("make some work take as long as the tighter limit says", () => {
    expect(spanOf({ requestMs: 100 }, { requests: 20, tokens: 9000 })).toBe(2000);
    expect(spanOf({ requestMs: 100, tokenMs: 1 }, { requests: 20, tokens: 9000 })).toBe(9000);
  });
});

describe("what a job counts against a limit of tokens", () => {
  it.each([
    ["its input and the longest answer that it allows", { inputTokens: 100, maxOutputTokens: 50 }, {}, 150],
    [
      "not the configured answer where it allows its own",
      { inputTokens: 100, maxOutputTokens: 50 },
      { defaultMaxOutputTokens: 900 },
      150,
    ],
    [
      "the configured answer where it allows any",
      { inputTokens: 100, maxOutputTokens: 0 },
      { defaultMaxOutputTokens: 900 },
      1000,
    ],
    ["a usual answer where nobody limits it", { inputTokens: 100, maxOutputTokens: 0 }, {}, 500],
  ])("is %s", (_, job, deployment, expected) => {
    expect(countedTokens(job, deployment)).toBe(expected);
  });
});
