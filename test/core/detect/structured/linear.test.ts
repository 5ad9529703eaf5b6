import { expect, it } from "vitest";
import { inPlainText } from "../../../../lib/core/detect/plain-text.ts";
import { createStructuredDetector } from "../../../../lib/core/detect/structured/detect-structured.ts";

const detect = inPlainText(
  createStructuredDetector({ phoneRegions: ["US", "GB", "DE", "FR", "ES", "IT", "NL", "AT", "CH"] }),
);
const size = 1_000_000;

/** What comes again and again until the text has a million characters. */
const hostile: Readonly<Record<string, string>> = {
  digits: "7",
  "digits apart": "1 ",
  dots: "1.",
  "at signs": "a@",
  addresses: "a@a.a",
  "rows of four": "1234 ",
  "cards that fail": "4111 1111 1111 1112 ",
  "beginnings of IBANs": "GB59 ",
  "IBANs that fail": "GB59NAWV77136867049357 ",
  "order and a number": "order 12345, ",
  "initials with points": "D.",
  "references of HTML": "&#52;1",
  "references that do not end": "&#12345678",
  "nested JSON": '{"a":["1',
  colons: ":",
  "colons and digits": "1:",
  "hexadecimal groups": "abcd:1:",
  phones: "415-555-2671 ",
  "phones without an end": "+4477009001",
  "words and numbers": "call 12345678 ",
  "social security numbers": "SSN 123456789 ",
  "joined groups": "123-45-6789-",
  "national ids": "44051401359 ",
  dates: "born 12.03.1984 ",
  "letters and digits": "a1",
  brackets: "(1",
  "paths and URLs": "http://a/1234567?",
  "Chinese words": "電話1234567 ",
  "long local parts": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@",
  "long domains": "a@b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b",
  "letters only": "abc def ",
  lines: "1\n",
  "cards over lines that fail": "4111\n1111\n1111\n1112\n",
  underlines: "1_a_",
  "cards in other digits that fail": "４１１１ １１１１ １１１１ １１１２ ",
};

/** Of this process: what else the machine does is not counted. */
function processorMs(text: string): number {
  const before = process.cpuUsage().user;
  detect(text);
  return (process.cpuUsage().user - before) / 1000;
}

// Another try if the collector or the compiler got in the way.
it.each(Object.entries(hostile))("reads a million characters of %s in linear time", { retry: 2 }, (_, unit) => {
  const text = unit.repeat(Math.ceil(size / unit.length));
  processorMs(text.slice(0, size / 10));

  const halfMs = processorMs(text.slice(0, size / 2));
  const wholeMs = processorMs(text);

  expect(wholeMs).toBeLessThan(1000);
  // Twice the text, not four times the time; below 100 ms the clock says more than the code.
  expect(wholeMs).toBeLessThan(Math.max(100, halfMs * 3));
});
