import { describe, expect, it } from "vitest";
import * as z from "zod";
import { main } from "../../../lib/cli/main.ts";
import { usualOutputTokens } from "../../../lib/core/limits/counted-tokens.ts";
import { batchLine, directoryWith, fakeIo } from "../fake-io.ts";

const Estimated = z.object({
  lines: z.number(),
  refused: z.record(z.string(), z.number()),
  tiers: z.record(z.string(), z.number()),
  deployments: z.record(
    z.string(),
    z.object({ lines: z.number(), inputTokens: z.number(), outputTokens: z.number(), expectedUsd: z.number() }),
  ),
  expectedUsd: z.number(),
  mostUsd: z.number(),
  unlimitedLines: z.number(),
});

const configuration = `version: 1
regions: [us-east-1]
deployments:
  cheap: { provider: openai, model: gpt-4o-mini, secret: switchyard/a, price: { inputPerMTok: 1, outputPerMTok: 2 }, facts: { dpa: true } }
  dear: { provider: openai, model: gpt-4o, secret: switchyard/b, price: { inputPerMTok: 10, outputPerMTok: 100 }, facts: { dpa: true } }
tiers: { lightweight: { chain: [cheap, dear] }, standard: { chain: [cheap, dear] }, capable: { chain: [dear] } }
dataClasses: { public: {}, secret: { require: { cleared: true }, quarantine: true } }
untagged: public
`;

const limited = (id: string, model: string, maxTokens?: number) =>
  batchLine(id, "Hello", {
    body: { model, messages: [{ role: "user", content: "Hello" }], ...(maxTokens && { max_tokens: maxTokens }) },
  });

async function estimate(lines: string[], ...flags: string[]) {
  const cwd = await directoryWith({ "batch.jsonl": lines.join("\n"), "switchyard.yaml": configuration });
  const io = fakeIo({ cwd });
  const code = await main(["estimate", "batch.jsonl", ...flags], io);
  return { code, io };
}

describe("estimate", () => {
  it("says what the first of each chain would charge, and what the dearest could", async () => {
    const lines = [limited("a", "standard", 100), limited("b", "standard", 1000), limited("c", "capable", 50)];

    const { code, io } = await estimate(lines, "--json");

    expect(code).toBe(0);
    const { deployments, expectedUsd, mostUsd, ...rest } = Estimated.parse(io.json());
    expect(rest).toEqual({ lines: 3, refused: {}, tiers: { standard: 2, capable: 1 }, unlimitedLines: 0 });
    const input = deployments.dear?.inputTokens ?? 0;
    expect(input).toBeGreaterThan(0);
    // Answers are reckoned with as they usually are, or as they are allowed to be.
    expect(deployments).toMatchObject({
      cheap: { lines: 2, inputTokens: 2 * input, outputTokens: 100 + usualOutputTokens },
      dear: { lines: 1, outputTokens: 50 },
    });
    expect(expectedUsd * 1e6).toBeCloseTo(2 * input + 2 * (100 + usualOutputTokens) + 10 * input + 100 * 50, 6);
    expect(mostUsd * 1e6).toBeCloseTo(3 * 10 * input + 100 * (100 + 1000 + 50), 6);
  });

  it("counts lines that would not run, at no cost", async () => {
    const good = limited("good", "standard", 10);
    const secret = batchLine("denied", "Hello", { switchyard: { dataClass: "secret" } });

    const { io } = await estimate([good, good, "not json", secret], "--json");
    const alone = await estimate([good], "--json");

    const { lines, refused, expectedUsd } = Estimated.parse(io.json());
    expect({ lines, refused }).toEqual({
      lines: 4,
      refused: { "duplicate-id": 1, "invalid-line": 1, "policy-denied": 1 },
    });
    expect(expectedUsd).toBe(Estimated.parse(alone.io.json()).expectedUsd);
  });

  it("says of how many answers nobody knows the length", async () => {
    const { io } = await estimate([limited("a", "standard"), limited("b", "standard", 10)]);

    expect(io.out()).toContain("1 line set no limit on the answer");
    expect(io.out()).toMatch(/Expected: \$0\.\d+/);
    expect(io.out()).toMatch(/At most: \$0\.\d+/);
  });

  it("refuses a file without requests", async () => {
    const { code, io } = await estimate([""]);

    expect(code).toBe(2);
    expect(io.err()).toContain("batch.jsonl holds no requests");
  });
});
