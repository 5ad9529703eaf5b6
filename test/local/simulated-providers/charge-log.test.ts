import { describe, expect, it } from "vitest";
import { type Charge, createChargeLog } from "../../../lib/local/simulated-providers/charge-log.ts";

const charge = (changes: Partial<Charge> = {}): Charge => ({
  deployment: "a",
  atMs: 1_700_000_000_123,
  inputTokens: 10,
  outputTokens: 5,
  outcome: "ok",
  promptId: "00ff00ff00ff00ff",
  caller: 4711,
  ...changes,
});

describe("createChargeLog", () => {
  it("gives back what was added", () => {
    const log = createChargeLog();
    const charges = [
      charge(),
      charge({ deployment: "b", outcome: "hang", inputTokens: 0, promptId: "ffffffffffffffff" }),
    ];

    for (const each of charges) log.add(each);

    expect(log.list()).toEqual(charges);
    expect(log.counts()).toEqual({
      a: { requests: 1, inputTokens: 10, outputTokens: 5, outcomes: { ok: 1 } },
      b: { requests: 1, inputTokens: 0, outputTokens: 5, outcomes: { hang: 1 } },
    });
  });

  it("drops the oldest above two million and still counts them", () => {
    const log = createChargeLog();
    const many = 32 * 65_536 + 1;

    for (let each = 0; each < many; each++) log.add(charge({ atMs: each }));

    expect(log.counts().a?.requests).toBe(many);
    expect(log.list()[0]?.atMs).toBe(65_536);
  });
});
