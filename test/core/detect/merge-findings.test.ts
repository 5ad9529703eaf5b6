import fc from "fast-check";
import { expect, it } from "vitest";
import { type Finding, findingTypes } from "../../../lib/core/detect/finding.ts";
import { createMerge } from "../../../lib/core/detect/merge-findings.ts";

const mergeFindings = createMerge(() => 0);

function finding(type: Finding["type"], start: number, end: number, confidence: number): Finding {
  return { type, start, end, confidence };
}

const anyFinding = fc
  .record({
    type: fc.constantFrom(...findingTypes),
    start: fc.nat(60),
    length: fc.integer({ min: 1, max: 12 }),
    confidence: fc.constantFrom(0.5, 0.7, 0.9),
  })
  .map(({ type, start, length, confidence }) => finding(type, start, start + length, confidence));

it("sorts what does not overlap", () => {
  const name = finding("name", 10, 20, 0.8);
  const email = finding("email", 0, 9, 0.9);
  const touching = finding("phone", 20, 25, 0.7);

  expect(mergeFindings([name, touching], [email])).toEqual([email, name, touching]);
});

it("keeps the one with the higher confidence", () => {
  const phone = finding("phone", 0, 12, 0.7);
  const card = finding("creditCard", 2, 10, 0.9);

  expect(mergeFindings([phone], [card])).toEqual([card]);
});

it("keeps the longer of equals, then the one of the earlier type", () => {
  const address = finding("address", 0, 30, 0.8);
  const name = finding("name", 5, 10, 0.8);
  const nameAgain = finding("name", 0, 30, 0.8);

  expect(mergeFindings([name, address])).toEqual([address]);
  expect(mergeFindings([address], [nameAgain])).toEqual([nameAgain]);
});

it("keeps what only overlapped a finding that is left out itself", () => {
  const first = finding("name", 0, 10, 0.6);
  const middle = finding("phone", 8, 20, 0.7);
  const last = finding("iban", 15, 40, 0.9);

  expect(mergeFindings([first, middle, last])).toEqual([first, last]);
});

it("gives, in any order of the lists, sorted findings without overlaps, and each of the others overlaps one of them", () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 30 }), fc.array(anyFinding, { maxLength: 30 }), (one, other) => {
      const merged = mergeFindings(one, other);

      expect(mergeFindings(other, one)).toEqual(merged);
      merged.slice(1).forEach((next, at) => {
        expect(next.start).toBeGreaterThanOrEqual(merged[at]?.end ?? 0);
      });
      for (const { start, end, confidence } of [...one, ...other]) {
        expect(merged.some((kept) => kept.start < end && start < kept.end && kept.confidence >= confidence)).toBe(true);
      }
    }),
  );
});

it("joins a hundred thousand overlapping findings in time that is not quadratic", () => {
  const chain = Array.from({ length: 100_000 }, (_, at) => finding("name", at * 5, at * 5 + 8, (at % 7) / 10 + 0.1));
  const start = performance.now();

  const merged = mergeFindings(chain);

  expect(merged.length).toBeGreaterThan(20_000);
  expect(performance.now() - start).toBeLessThan(2000);
});

it("keeps the more sensitive of two that overlap, however sure the other is", () => {
  const phone: Finding = { type: "phone", start: 0, end: 12, confidence: 0.99 };
  const account: Finding = { type: "accountNumber", start: 3, end: 10, confidence: 0.5 };
  const merge = createMerge((type) => (type === "accountNumber" ? 2 : 1));

  expect(merge([phone], [account])).toEqual([account]);
  expect(mergeFindings([phone], [account])).toEqual([phone]);
});
