import { describe, expect, it } from "vitest";
import { createDefaultPrice } from "../../lib/configuration/default-price.ts";

const defaultPrice = createDefaultPrice(Date.parse("2026-01-01T00:00:00Z"));

describe("a default price", () => {
  it("is in pico-dollars a token, with the context of the model", () => {
    expect(defaultPrice("openai", "gpt-4o-mini")).toEqual({
      price: [{ fromInputTokens: 0, inputPicoUsd: 150_000, outputPicoUsd: 600_000 }],
      contextTokens: 128_000,
    });
  });

  it("has a band for each tier by length, from the first token that the tier is for", () => {
    expect(defaultPrice("anthropic", "claude-sonnet-4-5")?.price).toEqual([
      { fromInputTokens: 0, inputPicoUsd: 3_000_000, outputPicoUsd: 15_000_000 },
      { fromInputTokens: 200_001, inputPicoUsd: 6_000_000, outputPicoUsd: 22_500_000 },
    ]);
  });

  it("is the region's for geographic profiles and the lower one for global", () => {
    const priceOf = (model: string) => defaultPrice("aws", model)?.price[0]?.inputPicoUsd;

    expect(priceOf("eu.anthropic.claude-haiku-4-5-20251001-v1:0")).toBe(1_100_000);
    expect(priceOf("global.anthropic.claude-haiku-4-5-20251001-v1:0")).toBe(1_000_000);
    expect(priceOf("ca.amazon.nova-lite-v1:0")).toBe(priceOf("amazon.nova-lite-v1:0"));
  });

  it.each([
    ["openai", "gpt-99"],
    ["openai", "claude-sonnet-4-5"],
    ["aws", "gpt-4o-mini"],
    ["aws", "global.newcomer.model"],
    ["openai-compatible", "gpt-4o-mini"],
    ["nobody", "gpt-4o-mini"],
  ])("is not known from %s for %s", (provider, model) => {
    expect(defaultPrice(provider, model)).toBeUndefined();
  });
});
