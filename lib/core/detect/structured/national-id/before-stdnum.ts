import { validate as beNumber } from "stdnum/lib/cjs/be/nn.js";
import { validate as chAhv } from "stdnum/lib/cjs/ch/ssn.js";
import { validate as fiHetu } from "stdnum/lib/cjs/fi/hetu.js";
import { validate as frNir } from "stdnum/lib/cjs/fr/nir.js";
import { validate as inAadhaar } from "stdnum/lib/cjs/in/aadhaar.js";
import { validate as isKennitala } from "stdnum/lib/cjs/is/kennitala.js";
import { validate as noFodselsnummer } from "stdnum/lib/cjs/no/fodselsnummer.js";
import { validate as roCnp } from "stdnum/lib/cjs/ro/cnp.js";
import { validate as sePersonnummer } from "stdnum/lib/cjs/se/personnummer.js";
import { validate as zaId } from "stdnum/lib/cjs/za/idnr.js";
import { passesLuhn } from "../luhn.ts";
import { compact } from "./format.ts";
import { weighted } from "./weighted.ts";

// A rejection by stdnum builds an error with its stack, which takes 5 µs. Where several formats share a shape and need no
// word near, a text full of such numbers would take seconds: here the check digits come first, and stdnum confirms.

/** French NIR. Sex and month are asked too: stdnum asks for the check digits alone, which one in 97 numbers passes. */
export function isFrenchNir(written: string): boolean {
  const value = compact(written);
  return /^[123478]\d\d(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)/.test(value) && frNir(value).isValid;
}

/** Swedish personnummer. People leave out the hyphen that stdnum wants. */
export function isPersonnummer(written: string): boolean {
  const digits = compact(written);
  if (!passesLuhn(digits.slice(-10))) return false;
  const separator = written.includes("+") ? "+" : "-";
  return sePersonnummer(`${digits.slice(0, -4)}${separator}${digits.slice(-4)}`).isValid;
}

/** Finnish henkilötunnus, with the sign of the century. */
export function isHetu(written: string): boolean {
  const digits = `${written.slice(0, 6)}${written.slice(7, 10)}`;
  return (
    "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt(Number(digits) % 31) === written.charAt(10) && fiHetu(written).isValid
  );
}

/** Icelandic kennitala. */
export function isIcelandic(written: string): boolean {
  const digits = compact(written);
  return weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && isKennitala(digits).isValid;
}

/** Norwegian fødselsnummer and D-number. */
export function isNorwegian(written: string): boolean {
  const digits = compact(written);
  return weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && noFodselsnummer(digits).isValid;
}

/** Belgian national number: mod 97, with a 2 in front for births since 2000. */
export function isBelgian(written: string): boolean {
  const digits = compact(written);
  const check = 97 - Number(digits.slice(9));
  const front = digits.slice(0, 9);
  return (Number(front) % 97 === check || Number(`2${front}`) % 97 === check) && beNumber(digits).isValid;
}

/** Swiss AHV number. */
export function isAhv(written: string): boolean {
  const digits = compact(written);
  return digits.startsWith("756") && chAhv(digits).isValid;
}

/** South African id number. */
export function isSouthAfrican(written: string): boolean {
  const digits = compact(written);
  return passesLuhn(digits) && zaId(digits).isValid;
}

/** Indian Aadhaar: Verhoeff's check digit, over the dihedral group of the pentagon. */
export function isAadhaar(written: string): boolean {
  const digits = compact(written);
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    let digit = Number(digits.charAt(digits.length - 1 - at));
    for (let turn = at % 8; turn > 0; turn -= 1) digit = verhoeff[digit] ?? 0;
    check = compose(check, digit);
  }
  return check === 0 && /^[2-9]/.test(digits) && inAadhaar(digits).isValid;
}

const verhoeff = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Below 5 a rotation, from 5 on a reflection. */
function compose(one: number, other: number): number {
  const turned = one < 5 ? one + other : one - other + (other < 5 ? 0 : 5);
  const isReflection = one < 5 !== other < 5;
  return (((turned % 5) + 5) % 5) + (isReflection ? 5 : 0);
}

/** Romanian CNP. */
export function isCnp(written: string): boolean {
  const digits = compact(written);
  const check = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (check === 10 ? 1 : check) === Number(digits.charAt(12)) && roCnp(digits).isValid;
}
