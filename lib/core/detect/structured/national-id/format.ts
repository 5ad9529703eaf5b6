/** How one country writes and checks one number of its people. */
export type NationalIdFormat = {
  /** Country (ISO 3166-1 alpha-2) and number. */
  id: string;
  /** Its names, in lower case: one near makes it certain. Two words are a phrase. */
  words: readonly string[];
  /**
   * Ways to write it, as shapes (number-site.ts), each with the confidence when no word near says what it is: 0 where as
   * many other numbers look alike and pass, at most one in a thousand above 0.5.
   */
  written: Readonly<Record<string, number>>;
  /** Whether what is written, in upper case, is such a number; check digits included where there are any. */
  isValid(written: string): boolean;
  /** What people call so is one, valid or not: numbers in examples and of before, and those that somebody mistyped. */
  isNamed?: true;
};

type Validate = (value: string) => { isValid: boolean };

/** Letters and digits only, checked by a validator of stdnum. */
export function checkedBy(validate: Validate): (written: string) => boolean {
  return (written) => validate(compact(written)).isValid;
}

/** The letters and digits of what is written. */
export function compact(written: string): string {
  return written.replace(/[^0-9A-Z]/g, "");
}
