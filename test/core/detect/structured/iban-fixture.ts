import { grouped, makeIban } from "./check-digits.ts";
import { type Fixture, fill, fillMarked } from "./marked-text.ts";
import { createRandom } from "./random.ts";

/** Account formats in the notation of the SWIFT registry. */
const countries: Readonly<Record<string, string>> = {
  AD: "8n12n",
  AE: "3n16n",
  AL: "8n16n",
  AT: "16n",
  AZ: "4a20n",
  BE: "12n",
  BG: "4a6n8n",
  BH: "4a14n",
  BR: "23n1a1n",
  CH: "5n12n",
  CR: "18n",
  CY: "8n16n",
  CZ: "20n",
  DE: "18n",
  DK: "14n",
  EE: "16n",
  ES: "20n",
  FI: "14n",
  FR: "10n11n2n",
  GB: "4a14n",
  GE: "2a16n",
  GI: "4a15n",
  GR: "7n16n",
  HR: "17n",
  HU: "24n",
  IE: "4a14n",
  IL: "19n",
  IS: "22n",
  IT: "1a10n12n",
  KZ: "3n13n",
  LI: "5n12n",
  LT: "16n",
  LU: "3n13n",
  LV: "4a13n",
  MC: "10n11n2n",
  MT: "4a5n18n",
  NL: "4a10n",
  NO: "11n",
  PK: "4a16n",
  PL: "24n",
  PT: "21n",
  QA: "4a21n",
  RO: "4a16n",
  RS: "18n",
  SA: "2n18n",
  SE: "20n",
  SI: "15n",
  SK: "20n",
  SM: "1a10n12n",
  TR: "5n1n16n",
  UA: "6n19n",
};

const sentences = [
  "My IBAN is {}",
  "Bitte überweisen Sie auf {}.",
  "IBAN: {}, BIC: XXXXDEFF",
  '{"iban":"{}"}',
  "{}",
  "sending a wire transfer using {}",
  "compte {} ;",
  "refund to {} within 14 days",
  "IBAN:{}",
  "a;{};b",
];

function parted(iban: string): string {
  return iban.replace(/(.{4})(?=.)/g, "$1 ");
}

function bumped(iban: string): string {
  return iban.slice(0, -1) + String((Number(iban.at(-1)) + 1) % 10);
}

export function ibanFixture(): Fixture {
  const random = createRandom(17);
  const values = Object.entries(countries).map(([country, account]) => makeIban(country, account, random));
  const forms = [
    ...values,
    ...values.map(parted),
    ...values.slice(0, 25).map((iban) => iban.toLowerCase()),
    ...values
      .slice(25)
      .map((iban) => grouped(iban, [4, 4, 4, 4, 4, 4, 4, 4, 4].slice(0, Math.ceil(iban.length / 4)), "-")),
    ...values.slice(0, 10).map((iban) => parted(iban).replaceAll(" ", "\u00a0")),
  ];
  return {
    positives: fillMarked(sentences, forms),
    nearMisses: [
      ...fill(sentences, values.map(bumped)),
      ...fill(
        sentences,
        values.map((iban) => parted(bumped(iban))),
      ),
      ...fill(
        sentences,
        values.slice(0, 20).map((iban) => `${iban}9`),
      ),
      ...fill(
        sentences,
        values.slice(0, 20).map((iban) => iban.slice(0, -2)),
      ),
      "GB59 GB59 GB59 GB59",
      "part no. DE12345678",
      "AB12CD34EF56GH78",
      "XX89370400440532013000",
      "IBAN please",
    ],
  };
}
