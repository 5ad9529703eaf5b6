import { describe, expect, it } from "vitest";
import { inferenceOf } from "../../../lib/core/configuration/inference-profile.ts";
import { inferenceProfiles } from "../../../lib/core/configuration/inference-profiles.ts";

describe("inferenceOf", () => {
  it.each([
    ["amazon.nova-lite-v1:0", "us-east-1", "in-region", ["us-east-1"]],
    ["openai.gpt-5.4", "us-west-2", "in-region", ["us-west-2"]],
    ["deepseek.v3.2", "us-west-2", "in-region", ["us-west-2"]],
    ["newcomer.model-v1:0", "us-west-2", "in-region", ["us-west-2"]],
    ["us.amazon.nova-lite-v1:0", "us-west-1", "us", ["us-east-1", "us-east-2", "us-west-1", "us-west-2"]],
    ["us-gov.anthropic.claude-haiku-4-5", "us-gov-west-1", "us-gov", ["us-gov-east-1", "us-gov-west-1"]],
    ["jp.anthropic.claude-haiku-4-5", "ap-northeast-1", "jp", ["ap-northeast-1", "ap-northeast-3"]],
    ["global.anthropic.claude-haiku-4-5", "us-east-1", "global", ["*"]],
  ])("of %s in %s is %s", (model, region, profile, destinations) => {
    expect(inferenceOf(model, region)).toEqual({ kind: "known", profile, destinations });
  });

  it.each([
    ["uk.anthropic.claude-haiku-4-5", "eu-west-2", "model"],
    ["newcomer.model-1.5", "us-east-1", "model"],
    ["nova-lite", "us-east-1", "model"],
    ["constructor.anthropic.claude", "us-east-1", "model"],
    ["arn:aws:bedrock:us-east-1:1:inference-profile/us.x", "us-east-1", "model"],
    ["eu.amazon.nova-lite-v1:0", "us-east-1", "region"],
  ])("refuses %s in %s for its %s", (model, region, key) => {
    expect(inferenceOf(model, region)).toMatchObject({ kind: "refused", key });
  });

  it("always counts the region that is called among the destinations", () => {
    for (const [profile, sources] of Object.entries(inferenceProfiles))
      for (const [source, destinations] of Object.entries(sources))
        expect([profile, destinations]).toEqual([profile, expect.arrayContaining([source])]);
  });
});
