import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDetector } from "../../../lib/core/detect/create-detector.ts";
import type { FindingType } from "../../../lib/core/detect/finding.ts";
import { readFixtures } from "./fixtures/read-fixtures.ts";

const detect = createDetector({ phoneRegions: ["US", "GB", "DE"] });

function found(text: string): Array<readonly [type: FindingType, what: string]> {
  return detect(text).map(({ type, start, end }) => [type, text.slice(start, end)]);
}

describe("createDetector", () => {
  it.each<{ type: FindingType; positives: string; nearMisses: string; recall: number; flagged: number }>([
    { type: "name", positives: "names.txt", nearMisses: "no-names.txt", recall: 0.97, flagged: 0.12 },
    { type: "address", positives: "addresses.txt", nearMisses: "no-addresses.txt", recall: 0.95, flagged: 0.02 },
  ])("finds $recall of the fixtures of type $type, and in at most $flagged of the near misses any", (wanted) => {
    const positives = readFixtures(wanted.positives);
    const nearMisses = readFixtures(wanted.nearMisses);

    const missed = positives.filter(({ text, spans }) =>
      spans.some(
        (span) =>
          !detect(text).some(({ type, start, end }) => type === wanted.type && start < span.end && span.start < end),
      ),
    );
    const flagged = nearMisses.filter(({ text }) => detect(text).some(({ type }) => type === wanted.type));

    expect(
      1 - missed.length / positives.length,
      `missed: ${missed.map(({ text }) => text).join(" | ")}`,
    ).toBeGreaterThan(wanted.recall);
    expect(flagged.length / nearMisses.length, `flagged: ${flagged.map(({ text }) => text).join(" | ")}`).toBeLessThan(
      wanted.flagged,
    );
  });

  it.each([
    "What is an IP address?",
    "VIN decoder",
    "Open the SAM file",
    "Where is my VIN?",
    "The MAC address is spoofed",
    "Wir treffen uns den 12. Mai",
    "Ist am 5. August frei?",
  ])("takes no abbreviation and no month behind a day for a name: %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ["ask SAM SMITH now", "SAM SMITH"],
    ["1. June Carter", "June Carter"],
  ])("takes what may be either, in a name's place, for one: %s", (text, name) => {
    expect(found(text)).toEqual([["name", name]]);
  });

  it("takes a name from its first word to its last, without title and possessive", () => {
    expect(found("Please call Dr. Maria J. van der Berg's office.")).toEqual([["name", "Maria J. van der Berg"]]);
    expect(found("The car of Jean-Pierre Lefèvre is red.")).toEqual([["name", "Jean-Pierre Lefèvre"]]);
  });

  it("takes an address over several lines as one", () => {
    expect(found("Ship it to 12 Harbour Street\nFlat 4\nBristol\nBS1 4RW\nThank you")).toEqual([
      ["address", "12 Harbour Street\nFlat 4\nBristol\nBS1 4RW"],
    ]);
  });

  it("takes the names of people in an address for a part of it", () => {
    expect(found("I live at 7 Thomas Jefferson Street").map(([type]) => type)).toEqual(["address"]);
  });

  it("tells of names in an address where a name is the more sensitive", () => {
    const sensitivityOf = (type: FindingType) => (type === "name" ? 1 : 0);
    const careful = createDetector({ phoneRegions: ["US"], sensitivityOf });
    const text = "I live at 7 Thomas Jefferson Street";

    expect(careful(text).map(({ type, start, end }) => [type, text.slice(start, end)])).toEqual([
      ["address", "7 Thomas Jefferson Street"],
      ["name", "Thomas Jefferson Street"],
    ]);
  });

  it("joins names, addresses and structured data in the order of the text", () => {
    const text = "I am Katarina Horvat, katarina@example.org, and I live at 5 Mill Lane.";

    expect(found(text).map(([type]) => type)).toEqual(["name", "email", "address"]);
  });

  it("finds a name in lower case and in capitals", () => {
    expect(found("please call monika svobodová tomorrow")).toEqual([["name", "monika svobodová"]]);
    expect(found("MY NAME IS MONIKA SVOBODOVÁ")).toEqual([["name", "MONIKA SVOBODOVÁ"]]);
  });

  it("finds a name however its letters are composed", () => {
    const decomposed = "My name is Zoë Müller".normalize("NFD");

    expect(found(decomposed)).toEqual([["name", "Zoë Müller".normalize("NFD")]]);
  });

  it("leaves out what is less sure than it is asked for", () => {
    const strict = createDetector({ phoneRegions: ["US"], minConfidence: 0.999 });

    expect(strict("I saw Ellis at the station")).toEqual([]);
    expect(detect("I saw Ellis at the station")).toHaveLength(1);
  });

  it("reports sorted stretches inside the text", () => {
    const words = [
      "Anna",
      "Smith",
      "12",
      "Street",
      "rue",
      "de",
      "St.",
      "\n",
      ",",
      "dr",
      "O'",
      "é",
      "😀",
      "apt",
      "5",
      "'s",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, "  ", "the"), { maxLength: 40 }), (parts) => {
        const text = parts.join(" ");
        let behind = 0;
        for (const { start, end, confidence } of detect(text)) {
          expect(start).toBeGreaterThanOrEqual(behind);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(confidence).toBeLessThanOrEqual(1);
          behind = start;
        }
      }),
    );
  });

  it.each([
    "Zorvax Quimble ",
    "Maria Anna John Smith ",
    "maria anna smith ",
    "St. St. St. ",
    "12, 4, 5 ",
    "1234567890",
    "12 Street ",
    "Rue de ",
    "Oak of the ",
    "Hauptstrasse 5 ",
    "A. ",
    "O'",
    "e\u0301",
    "\n",
    "a",
    "Apt 5 Suite 7 ",
  ])("reads 300,000 characters of %j in time linear in their number", (unit) => {
    const text = (length: number) => unit.repeat(length / unit.length);
    const long = text(300_000);
    detect(text(30_000));
    const start = performance.now();

    detect(long);

    // A tenth of it on a quiet machine. Quadratic time would be minutes.
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
