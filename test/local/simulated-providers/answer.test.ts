import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answer, countTokens, promptId, promptTokens } from "../../../lib/local/simulated-providers/answer.ts";

const prompt = { texts: ["Be brief.", "Where is my parcel?"], stop: [] };
const say = (changes = {}, seed = 1) => answer({ ...prompt, ...changes }, promptId(prompt), "gpt-mini", seed);

describe("answer", () => {
  it("says that it is simulated, and charges what it reads and writes", () => {
    const said = say();

    expect(said.text).toMatch(/^\[simulated gpt-mini\] \w/);
    expect(said).toMatchObject({
      inputTokens: promptTokens(prompt),
      outputTokens: countTokens(said.text),
      finish: "end",
    });
  });

  it("is the same for the same prompt and seed only", () => {
    expect(say()).toEqual(say());
    const texts = (seed: number) =>
      Array.from(
        { length: 20 },
        (_, index) => answer(prompt, promptId({ ...prompt, texts: [`${index}`] }), "a", seed).text,
      );
    expect(texts(1)).not.toEqual(texts(2));
    expect(new Set(texts(1)).size).toBeGreaterThan(10);
  });

  it("never exceeds the caller's limit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (maxTokens) => {
        const { outputTokens, finish } = say({ maxTokens });
        expect(outputTokens).toBeLessThanOrEqual(maxTokens);
        expect(finish === "end" || outputTokens === maxTokens).toBe(true);
      }),
    );
  });

  it("ends before the first stop sequence", () => {
    expect(say({ stop: ["mini]", "simulated"] })).toMatchObject({ text: "[", finish: "stop-sequence" });
  });

  it("answers in JSON when it is asked to, after the schema when there is one", () => {
    const schema = {
      type: "object",
      properties: {
        intent: { type: "string" },
        score: { type: "number" },
        sure: { type: "boolean" },
        level: { enum: ["low", "high"] },
        tags: { type: "array", items: { type: "string" } },
        note: { anyOf: [{ type: "null" }, { type: "string" }] },
      },
    };

    expect(JSON.parse(say({ json: {} }).text)).toMatchObject({ simulated: "gpt-mini" });
    expect(JSON.parse(say({ json: { schema } }).text)).toEqual({
      intent: "[simulated gpt-mini]",
      score: 1,
      sure: true,
      level: "low",
      tags: ["[simulated gpt-mini]"],
      note: null,
    });
  });
});
