import { validate as frNir } from "stdnum/lib/cjs/fr/nir.js";
import { validate as sePersonnummer } from "stdnum/lib/cjs/se/personnummer.js";
import { compact } from "./format.ts";

/** French NIR. Sex and month are asked too: stdnum asks for the check digits alone, which one in 97 numbers passes. */
export function isFrenchNir(written: string): boolean {
  const value = compact(written);
  return /^[123478]\d\d(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)/.test(value) && frNir(value).isValid;
}

/** Swedish personnummer. People leave out the hyphen that stdnum wants. */
export function isPersonnummer(written: string): boolean {
  const digits = compact(written);
  const separator = written.includes("+") ? "+" : "-";
  return sePersonnummer(`${digits.slice(0, -4)}${separator}${digits.slice(-4)}`).isValid;
}
