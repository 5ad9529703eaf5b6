import { describe, expect, it } from "vitest";
import { features } from "../../../lib/core/features.ts";
import { complexityOf } from "../../../lib/core/strategies/complexity.ts";
import { strategiesOf, strategyNames } from "../../../lib/core/strategies/registry.ts";

function complexity(content: string) {
  return complexityOf(features({ model: "auto", messages: [{ role: "user", content }] }));
}

describe("complexity", () => {
  it.each([
    "Where is my new card?",
    "My transfer from 3 May is still pending, why?",
    "Translate 'good morning' into French.",
    "What is the capital of Australia?",
  ])("is lightweight for %j", (text) => {
    expect(complexity(text)).toEqual({ tier: "lightweight", reason: "short and plain" });
  });

  it.each([
    ["A shop sells 12 pens at 2 dollars and 5 books at 9 dollars. How much does it take in?", "mathematics, numbers"],
    ["Write a SQL query that lists all customers.", "code"],
    ["Compare the two offers.", "reasoning"],
  ])("is standard for %j", (text, reason) => {
    expect(complexity(text)).toEqual({ tier: "standard", reason });
  });

  it.each([
    "Prove by induction that the sum of the first n odd integers is n^2, then explain why the proof fails for even ones.",
    "Design and implement a rate limiter in Python. Analyze its complexity, compare it with a token bucket and justify your choice.",
  ])("is capable for %j", (text) => {
    expect(complexity(text).tier).toBe("capable");
  });

  it("rises with length, tools and turns", () => {
    const plain = features({ model: "auto", messages: [{ role: "user", content: "Hello" }] });

    expect(complexityOf({ ...plain, inputTokens: 10_000 }).tier).toBe("standard");
    expect(complexityOf({ ...plain, inputTokens: 30_000 }).tier).toBe("capable");
    expect(complexityOf({ ...plain, hasTools: true, turns: 2 })).toEqual({ tier: "standard", reason: "tools, turns" });
  });
});

describe("the registry", () => {
  it("gives strategies in the order asked", () => {
    expect(strategyNames).toContain("complexity");
    expect(strategiesOf(["complexity"]).map(([name]) => name)).toEqual(["complexity"]);
  });

  it("throws on an unknown one", () => {
    expect(() => strategiesOf(["magic"])).toThrow(/no strategy magic/);
  });
});
