import * as z from "zod";

/** Kinds of personal data that detection tells apart; the configuration says to which class each raises a job. */
export const findingTypes = [
  "name",
  "address",
  "email",
  "phone",
  "creditCard",
  "iban",
  "nationalId",
  "medicalRecord",
  "accountNumber",
  "dateOfBirth",
  "ipAddress",
] as const;
export const FindingType = z.enum(findingTypes);
export type FindingType = z.infer<typeof FindingType>;

/** Personal data in a text: where it is, never what it is. */
export type Finding = {
  type: FindingType;
  /** UTF-16 units from the start of the text; `end` is behind the last. */
  start: number;
  end: number;
  /** From 0 to 1: how sure the detector is. */
  confidence: number;
};

/** Finds personal data in one text, in time linear in its length. Pure; throws for bugs only. */
export type DetectText = (text: string) => Finding[];
