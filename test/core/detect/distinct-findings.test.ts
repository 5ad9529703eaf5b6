import fc from "fast-check";
import { expect, it } from "vitest";
import { distinct } from "../../../lib/core/detect/distinct-findings.ts";
import { type Finding, findingTypes } from "../../../lib/core/detect/finding.ts";

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

it("keeps every reading of the same place, in the order of the text", () => {
  const phone = finding("phone", 8, 20, 0.7);
  const card = finding("creditCard", 8, 20, 0.9);
  const email = finding("email", 0, 10, 0.9);

  expect(distinct([phone, card, email])).toEqual([email, card, phone]);
});

it("leaves out what lies within another of its type that is as sure", () => {
  const whole = finding("phone", 0, 20, 0.7);

  expect(distinct([finding("phone", 5, 20, 0.7), whole, finding("phone", 0, 20, 0.5)])).toEqual([whole]);
});

it("keeps what is surer than what it lies within, and what reaches beyond it", () => {
  const whole = finding("name", 0, 20, 0.5);
  const surer = finding("name", 5, 10, 0.9);
  const beyond = finding("name", 18, 25, 0.5);

  expect(distinct([beyond, surer, whole])).toEqual([whole, surer, beyond]);
});

it("leaves nothing out that one of its type does not cover as surely, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 30 }), (all) => {
      const kept = distinct(all);

      expect(distinct(all.toReversed())).toEqual(kept);
      for (const { type, start, end, confidence } of all)
        expect(
          kept.some((one) => one.type === type && one.start <= start && one.end >= end && one.confidence >= confidence),
        ).toBe(true);
    }),
  );
});
