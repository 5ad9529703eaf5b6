import type { Random } from "./random.ts";

// Written for the tests alone, so that a mistake in the code is not repeated here: values are made, not checked.

export function luhnDigit(front: string): string {
  let sum = 0;
  [...front].reverse().forEach((digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return String((10 - (sum % 10)) % 10);
}

export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** Multiplication in the dihedral group of order ten: rotations below 5, reflections from 5. */
function dihedral(one: number, other: number): number {
  if (one < 5) return other < 5 ? (one + other) % 5 : ((one + other - 5) % 5) + 5;
  return other < 5 ? ((one - 5 - other + 5) % 5) + 5 : (one - other + 5) % 5;
}

const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Verhoeff's check digit. */
export function verhoeffDigit(front: string): string {
  let state = 0;
  [...front].reverse().forEach((digit, at) => {
    let value = Number(digit);
    for (let times = 0; times < (at + 1) % 8; times += 1) value = permutation[value] ?? 0;
    state = dihedral(state, value);
  });
  return String(state < 5 ? (5 - state) % 5 : state);
}

/** ISO 7064 mod 11,10. */
export function mod11And10Digit(front: string): string {
  let product = 10;
  for (const digit of front) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** An IBAN of the country: account in the registry's notation, n for digits and a for letters; mod 97 in big integers. */
export function makeIban(country: string, account: string, random: Random): string {
  const bban = account.replace(/(\d+)([nac])/g, (_, count: string, kind: string) =>
    kind === "a" ? random.letters(Number(count)) : random.digits(Number(count)),
  );
  const asDigits = [...`${bban}${country}00`].map((character) => Number.parseInt(character, 36)).join("");
  return `${country}${String(98n - (BigInt(asDigits) % 97n)).padStart(2, "0")}${bban}`;
}

/** Groups of the lengths, joined. */
export function grouped(text: string, lengths: readonly number[], separator: string): string {
  let at = 0;
  return lengths
    .map((length) => {
      at += length;
      return text.slice(at - length, at);
    })
    .join(separator);
}
