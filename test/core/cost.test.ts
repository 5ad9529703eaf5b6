import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costNanoUsd, formatUsd } from "../../lib/core/cost.ts";

const banded = {
  price: [
    { fromInputTokens: 0, inputPicoUsd: 3_000_000, outputPicoUsd: 15_000_000 },
    { fromInputTokens: 200_001, inputPicoUsd: 6_000_000, outputPicoUsd: 22_500_000 },
  ],
};

describe("costNanoUsd", () => {
  it.each([
    [0, 0, 0],
    [1_000_000 / 5, 0, 600_000_000],
    [200_000, 1000, 615_000_000],
    [200_001, 1000, 1_222_506_000],
  ])(
    "charges %i input and %i output tokens by the band that the input reaches",
    (inputTokens, outputTokens, nanoUsd) => {
      expect(costNanoUsd(banded, { inputTokens, outputTokens })).toBe(nanoUsd);
    },
  );

  it("rounds half a nano-dollar up", () => {
    const cheap = { price: [{ fromInputTokens: 0, inputPicoUsd: 500, outputPicoUsd: 499 }] };

    expect(costNanoUsd(cheap, { inputTokens: 1, outputTokens: 0 })).toBe(1);
    expect(costNanoUsd(cheap, { inputTokens: 0, outputTokens: 1 })).toBe(0);
  });

  it("is a whole number that more tokens never lower", () => {
    const tokens = fc.integer({ min: 0, max: 2_000_000 });
    fc.assert(
      fc.property(tokens, tokens, tokens, (inputTokens, outputTokens, more) => {
        const cost = costNanoUsd(banded, { inputTokens, outputTokens });

        expect(Number.isSafeInteger(cost)).toBe(true);
        expect(costNanoUsd(banded, { inputTokens: inputTokens + more, outputTokens })).toBeGreaterThanOrEqual(cost);
      }),
    );
  });

  it("throws on a price without a band for small inputs: it is never zero", () => {
    expect(() => costNanoUsd({ price: [] }, { inputTokens: 1, outputTokens: 1 })).toThrow(/no band/);
  });
});

it.each([
  [0, "$0.00"],
  [12_340_000_000, "$12.34"],
  [1_000_000_000, "$1.00"],
  [12_345_678, "$0.0123"],
  [150, "$0.000000150"],
  [1, "$0.000000001"],
])("formats %i nano-dollars as %s", (nanoUsd, text) => {
  expect(formatUsd(nanoUsd)).toBe(text);
});
