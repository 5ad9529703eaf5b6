import type { FindingType } from "../../lib/core/detect/finding.ts";

/** Labels of data sets for what Switchyard's detection finds; labels that are not here are not scored. */
export const typeOfLabel: ReadonlyMap<string, FindingType> = new Map([
  ["PERSON", "name"],
  ["NAME", "name"],
  ["STREET_ADDRESS", "address"],
  ["ADDRESS", "address"],
  ["EMAIL_ADDRESS", "email"],
  ["EMAIL", "email"],
  ["PHONE_NUMBER", "phone"],
  ["PHONE", "phone"],
  ["CREDIT_CARD", "creditCard"],
  ["CREDIT_CARD_NUMBER", "creditCard"],
  ["IBAN_CODE", "iban"],
  ["IBAN", "iban"],
  ["US_SSN", "nationalId"],
  ["SSN", "nationalId"],
  ["UK_NHS", "nationalId"],
  ["UK_NINO", "nationalId"],
  ["NATIONAL_ID", "nationalId"],
  ["IP_ADDRESS", "ipAddress"],
  ["DATE_OF_BIRTH", "dateOfBirth"],
  ["MEDICAL_RECORD", "medicalRecord"],
  ["US_BANK_NUMBER", "accountNumber"],
  ["ACCOUNT_NUMBER", "accountNumber"],
]);

/** Kinds that have a form of their own, as names and addresses have not. */
export const structuredTypes: ReadonlySet<FindingType> = new Set([
  "email",
  "phone",
  "creditCard",
  "iban",
  "nationalId",
  "medicalRecord",
  "accountNumber",
  "dateOfBirth",
  "ipAddress",
]);
