import { isDigit } from "./character-class.ts";

/**
 * Whether the last digit of a stretch checks the others (ISO/IEC 7812-1, annex B); what is no digit is passed over.
 * Shorter here than any package.
 */
export function passesLuhn(text: string, start = 0, end = text.length): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let at = end - 1; at >= start; at -= 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) continue;
    const value = code - 48;
    sum += !isDoubled ? value : value > 4 ? value * 2 - 9 : value * 2;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}
