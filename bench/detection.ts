import { createDetector } from "../lib/core/detect/create-detector.ts";
import type { DetectText } from "../lib/core/detect/finding.ts";
import { defaultPhoneRegions } from "../lib/core/detect/phone-regions.ts";
import { atMost, below } from "./figure.ts";
import { microsecondsEach, spreadOf } from "./rounds.ts";

const characters = 500;
/** The bounds: 150 µs for 500 characters, a second for a million hostile ones. */
const mostMicroseconds = 150;
const mostHostileMs = 1000;

/** Support mail as people write it: with names, an address and numbers, and without any. */
const mails = [
  "Dear support, my name is Marta Lindqvist and I live at 14 Alder Lane, Bristol BS3 1QR. My card 4111 1111 1111 1111 was charged twice on 12 March. Call me on +44 7700 900123 or write to marta.lindqvist@example.org, please. ",
  "The parcel was announced for Tuesday and is still not here. I have ordered from you for three years and this has never happened before. Could you tell me where it is, and whether I can have it sent to another shop instead? ",
  'Invoice 2024-00871 lists 4 items for $1,299.00, but the delivery note says 3. Please check order 10993-22 and correct the total; our account closes on the 30th. {"sku": "TT-4410", "qty": 3, "price": 433.0} ',
];

/** What comes again and again in a text that means harm. */
const hostile: Readonly<Record<string, string>> = {
  capitals: "Aa Bb ",
  names: "John Smith ",
  streets: "St. 12 ",
  digits: "1 ",
  cards: "4111 1111 1111 1112 ",
  ibans: "GB59NAWV77136867049357 ",
  addresses: "a@a.a",
  json: '{"a":["1',
};

/** How long detection takes, with every detector, on one core. */
export async function measureDetection({ quick }: { quick: boolean }) {
  const detect = createDetector({ phoneRegions: defaultPhoneRegions });
  const texts = mails.map((mail) => mail.repeat(3).slice(0, characters));
  const size = { rounds: quick ? 5 : 31, warmUp: quick ? 2 : 10 };
  const repeats = 100;
  const each = await microsecondsEach(texts.length * repeats, size, () => {
    for (let repeat = 0; repeat < repeats; repeat++) for (const text of texts) detect(text);
  });
  const spread = spreadOf(each.elapsed);
  return {
    characters,
    microseconds: atMost(spread.median, mostMicroseconds),
    spread,
    hostileMillionCharactersMs: Object.fromEntries(
      Object.entries(hostile).map(([what, unit]) => [what, below(millisecondsFor(detect, unit), mostHostileMs)]),
    ),
  };
}

function millisecondsFor(detect: DetectText, unit: string): number {
  const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
  const startedMs = performance.now();
  detect(text);
  return performance.now() - startedMs;
}
