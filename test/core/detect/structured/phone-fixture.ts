import { type CountryCode, getExampleNumber } from "libphonenumber-js";
import examples from "libphonenumber-js/examples.mobile.json";
import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { createRandom } from "./random.ts";

export const phoneRegions = ["US", "GB", "DE", "FR", "ES", "IT", "NL", "AT", "CH"] as const;
const elsewhere: readonly CountryCode[] = [
  "BR",
  "IN",
  "JP",
  "PL",
  "SE",
  "NO",
  "FI",
  "DK",
  "PT",
  "IE",
  "AU",
  "NZ",
  "ZA",
  "MX",
  "AR",
  "CL",
  "TR",
  "IL",
  "KR",
  "SG",
  "HK",
  "CZ",
  "HU",
  "RO",
  "GR",
  "UA",
  "EG",
  "KE",
  "NG",
  "AE",
];

const words = [
  "Call me at {}",
  "phone: {}",
  "Tel. {}",
  "Tel.: {}",
  "my number is {}, call after six",
  "You can reach me on {}.",
  "Mobile {}",
  "Fax: {}",
  '{"phone":"{}"}',
  "WhatsApp {}",
  "Ruf mich unter {} an",
  "Meine Handynummer ist {}",
  "Rückruf bitte an {}",
  "Appelez-moi au {}",
  "Mon portable : {}",
  "Llámame al {}",
  "Teléfono: {}",
  "Chiamami al {}",
  "telefone {}",
  "Bel me op {}",
  "zadzwoń: {}",
  "Ring {}",
  "Телефон: {}",
  "電話: {}",
  "They're not answering at {}",
  "I would like to stop receiving messages to {}",
  "text me at {}",
  "Please have the manager contact me at {} tomorrow",
  "Please update the phone number on file to {}",
  "Jane Doe\nM: {}",
  "Jane Doe\n{}-Office",
  "SMS an {}",
];
const bare = ["{}", "Thanks, Jane\n{}", "Jane Doe, {}, Leeds", "> {}", "Hello! {} Bye"];

const special = [
  "⟦(415) 555-2671⟧",
  "⟦415-555-2671⟧",
  "⟦415.555.2671⟧",
  "⟦+1 (415) 555-2671⟧",
  "⟦1-415-555-2671⟧ is my phone",
  "⟦0044 7700 900123⟧",
  "⟦+49 (0) 171 2345678⟧",
  "⟦+447700 208 815⟧-Fax",
  "Tel.: ⟦030/12345678⟧",
  "⟦06 12 34 56 78⟧",
  "⟦0171-2345678⟧ anrufen",
  "phone ⟦78 651 450⟧",
  "call ⟦99 668472⟧",
  "phone ⟦71-33-52-22⟧",
  "⟦082 490 1693⟧-Office\\,",
  "call ⟦５５５-１２３４⟧ ext 3",
  "Tel: ⟦+49\u00a089\u00a01234567⟧",
  "phone ⟦415\u2011555\u20112671⟧",
];

const nearMisses = [
  "12.03.1984",
  "2024-05-01 12:30:45",
  "1990-2000",
  "pages 1234-1240",
  "ZIP 94107-1234",
  "1 234 567",
  "12,345,678",
  "3.14159265",
  "1700000000",
  "1700000000000",
  "0123456789",
  "order 4155552671",
  "ISBN 978-3-16-148410-0",
  "ISBN 0-306-40615-2",
  "550e8400-e29b-41d4-a716-446655440000",
  "GB29 NWBK 6016 1331 9268 19",
  "$1234567890",
  "1234567890 EUR",
  "192.168.100.200",
  "1.2.3.4567890",
  "x = 1234567890",
  "f(1234567890)",
  "2 + 15551234567",
  "https://example.com/4155552671",
  "e1b2c3d4e5f6a7b8",
  "5 x 12345678",
  "call me maybe",
  "call 911",
  "the years (1983-1987)",
  "0.4756(14)",
  "25.00 - 22.30 = 2.70",
  "1/2 3/4 5/6",
  "00 01 02 03 04",
  "100 / 200 / 300",
  "1 2 3 4 5 6 7 8 9 10",
  "I called 3 times in 2021",
  "call at 10:30 on 12.03.2024",
  "item 555-1234-99",
  "DE123456789",
  "population 83 166 711",
  "10^12345678",
  "#12345678",
  "UPC 036000291452",
  "tracking 9400111899223100001234",
  "0x12345678",
  "v2024.05.01.1234",
  "12345678.pdf",
  "IMEI 490154203237518",
];

function numbers(regions: readonly CountryCode[], format: "NATIONAL" | "INTERNATIONAL" | "E.164"): string[] {
  return regions.flatMap((region) => {
    const written = getExampleNumber(region, examples)?.format(format);
    return written === undefined ? [] : [written];
  });
}

export function phoneFixture(): Fixture {
  const random = createRandom(43);
  const everywhere = [...phoneRegions, ...elsewhere];
  return {
    positives: [
      ...fillMarked(words, numbers(everywhere, "NATIONAL")),
      ...fillMarked([...words].reverse(), numbers(everywhere, "NATIONAL")),
      ...fillMarked(bare, numbers(everywhere, "INTERNATIONAL")),
      ...fillMarked(bare, numbers(everywhere, "E.164")),
      ...fillMarked(
        words,
        times(20, () => random.digits(1).replace("0", "7") + random.digits(7)),
      ),
      ...special,
    ],
    nearMisses: [
      ...nearMisses,
      ...fill(
        [
          "Order {}",
          "{}",
          "The result is {}",
          "id: {}",
          "invoice {}",
          "const n = {};",
          "price {}",
          "ref. {}",
          "sum = {}",
        ],
        times(70, () => `${1 + random.below(9)}${random.digits(6 + random.below(6))}`),
      ),
      ...fill(
        ["+{}", "+{} is no number"],
        times(16, () => `999${random.digits(8)}`),
      ),
    ],
  };
}
