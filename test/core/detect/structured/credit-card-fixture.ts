import { grouped, luhnDigit } from "./check-digits.ts";
import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { createRandom, type Random } from "./random.ts";

const issuers: readonly [prefix: string, length: number, groups: readonly number[]][] = [
  ["4", 16, [4, 4, 4, 4]],
  ["51", 16, [4, 4, 4, 4]],
  ["2250", 16, [4, 4, 4, 4]],
  ["34", 15, [4, 6, 5]],
  ["37", 15, [4, 6, 5]],
  ["36", 14, [4, 6, 4]],
  ["3005", 14, [4, 6, 4]],
  ["6011", 16, [4, 4, 4, 4]],
  ["65", 16, [4, 4, 4, 4]],
  ["3530", 16, [4, 4, 4, 4]],
  ["62", 16, [4, 4, 4, 4]],
  ["62", 19, [6, 13]],
  ["6304", 16, [4, 4, 4, 4]],
  ["2200", 16, [4, 4, 4, 4]],
];

/** Unbroken and as old systems hold them: these need the word near. */
const short: readonly [prefix: string, length: number][] = [
  ["4", 13],
  ["5018", 12],
  ["6761", 12],
  ["6759", 13],
  ["2131", 15],
  ["1800", 15],
  ["4", 19],
  ["5893", 18],
];

const words = [
  "My card {} has been lost",
  "card number is {}.",
  "Kreditkarte: {}",
  "Ma carte {} est bloquée",
  "tarjeta {}",
  '{"card_number":"{}"}',
  "cc={}",
  "Please block card no {}",
  "Mastercard ending soon: {}",
  "credit card # {} for Jane",
  "Need to see last 10 transaction of card {}",
  "What is the limit for card {}?",
];
const bare = [
  "{}",
  "Here: {}",
  "Please use {} for tomorrow's dinner",
  "Jane Doe, {}, 12/27, 123",
  "pay with {} thanks",
];

function card(random: Random, prefix: string, length: number): string {
  const front = prefix + random.digits(length - prefix.length - 1);
  return front + luhnDigit(front);
}

function spoil(value: string): string {
  return value.slice(0, -1) + String((Number(value.at(-1)) + 1) % 10);
}

export function creditCardFixture(): Fixture {
  const random = createRandom(13);
  const whole = issuers.map(([prefix, length]) => card(random, prefix, length));
  const parted = issuers.flatMap(([prefix, length, groups]) =>
    [" ", "-", "\u00a0"].map((separator) => grouped(card(random, prefix, length), groups, separator)),
  );
  const needy = times(48, (at) => {
    const [prefix, length] = short[at % short.length] ?? ["4", 13];
    return card(random, prefix, length);
  });
  const long = times(40, (at) => card(random, issuers[at % issuers.length]?.[0] ?? "4", 16));
  return {
    positives: [
      ...fillMarked(words, whole),
      ...fillMarked(words, parted),
      ...fillMarked(words, needy),
      ...fillMarked(
        bare,
        long.filter((value) => value.startsWith("4") || value.startsWith("5")),
      ),
    ],
    nearMisses: [
      ...fill(words, [...whole, ...parted, ...needy].map(spoil)),
      ...fill(
        ["order {}", "tracking number {}", "invoice {}", "ref: {}", "id={}"],
        times(20, () => card(random, "4", 16)),
      ),
      ...fill(
        ["x{}y", "a{}", "{}f3", "0.{}", "{}7777777"],
        times(15, () => card(random, "51", 16)),
      ),
      ...fill(
        ["ISBN {}", "EAN {}", "{} ms since the epoch", "The value is {}", "phone {}"],
        times(25, () => `17${random.digits(11)}`),
      ),
      "1234 5678 9012 3456",
      "0000 0000 0000 0000",
      "my card expires 12/27",
      "card ending in 4242",
      "4111111111111111111111111",
    ],
  };
}
