import { passesLuhn } from "../luhn.ts";
import { compact } from "./format.ts";
import { weighted } from "./weighted.ts";

// Numbers that stdnum does not know.

/** UK NHS number: modulus 11 over nine digits (NHS Data Dictionary). */
export function isNhsNumber(written: string): boolean {
  const digits = compact(written);
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return !/^(\d)\1+$/.test(digits) && check === Number(digits.charAt(9));
}

/** US individual taxpayer number: 9, and a group of the ranges the IRS gives out (IRM 3.21.263). */
export function isItin(written: string): boolean {
  return /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-2]|9[4-9])\d{4}$/.test(compact(written));
}

/** Australian Medicare card: the ninth digit checks the first eight (Services Australia). */
export function isMedicareNumber(written: string): boolean {
  const digits = compact(written);
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits.charAt(8));
}

/** Singapore NRIC and FIN: a letter of a table by series. */
export function isNric(written: string): boolean {
  const value = compact(written);
  const series = value.charAt(0);
  const offset = series === "T" || series === "G" ? 4 : series === "M" ? 3 : 0;
  const sum = weighted(value.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset;
  const table = { S: "JZIHGFEDCBA", T: "JZIHGFEDCBA", F: "XWUTRQPNMLK", G: "XWUTRQPNMLK", M: "KLJNPQRTUWX" };
  switch (series) {
    case "S":
    case "T":
    case "F":
    case "G":
      return table[series].charAt(sum % 11) === value.charAt(8);
    case "M":
      return table[series].charAt(10 - (sum % 11)) === value.charAt(8);
    default:
      return false;
  }
}

/** Japanese My Number (Ministerial order 85 of 2014, article 5). */
export function isMyNumber(written: string): boolean {
  const digits = compact(written);
  const remainder = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (remainder <= 1 ? 0 : 11 - remainder) === Number(digits.charAt(11));
}

/** Russian SNILS: the last two digits check the nine before them. */
export function isSnils(written: string): boolean {
  const digits = compact(written);
  const remainder = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101;
  return Number(digits.slice(0, 9)) > 1001998 && remainder % 100 === Number(digits.slice(9));
}

/** Emirates ID: 784, the year of birth, Luhn. */
export function isEmiratesId(written: string): boolean {
  const digits = compact(written);
  return /^784(?:19|20)/.test(digits) && passesLuhn(digits);
}

/** Indonesian NIK: region, then day (women 40 more), month and year of birth; it has no check digit. */
export function isNik(written: string): boolean {
  return /^[1-9]\d{5}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}$/.test(compact(written));
}
