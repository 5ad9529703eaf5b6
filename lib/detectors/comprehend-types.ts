import type { PiiEntityType } from "@aws-sdk/client-comprehend";
import type { FindingType } from "../core/detect/finding.ts";

/**
 * Amazon Comprehend's types of personal data as ours. `none`: it names no person by itself (a date, a URL, a bank), or is
 * a secret and no personal data. What has no type of ours is in the nearest.
 * Source: Amazon Comprehend Developer Guide, "PII universal entity types" and "Country-specific PII entity types".
 */
export const findingTypeOf: Readonly<Record<PiiEntityType, FindingType | "none">> = {
  NAME: "name",
  ADDRESS: "address",
  EMAIL: "email",
  PHONE: "phone",
  CREDIT_DEBIT_NUMBER: "creditCard",
  CREDIT_DEBIT_CVV: "creditCard",
  CREDIT_DEBIT_EXPIRY: "creditCard",
  INTERNATIONAL_BANK_ACCOUNT_NUMBER: "iban",
  BANK_ACCOUNT_NUMBER: "accountNumber",
  PIN: "accountNumber",
  USERNAME: "accountNumber",
  SSN: "nationalId",
  PASSPORT_NUMBER: "nationalId",
  DRIVER_ID: "nationalId",
  LICENSE_PLATE: "nationalId",
  VEHICLE_IDENTIFICATION_NUMBER: "nationalId",
  US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER: "nationalId",
  UK_NATIONAL_INSURANCE_NUMBER: "nationalId",
  UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER: "nationalId",
  CA_SOCIAL_INSURANCE_NUMBER: "nationalId",
  IN_AADHAAR: "nationalId",
  IN_NREGA: "nationalId",
  IN_PERMANENT_ACCOUNT_NUMBER: "nationalId",
  IN_VOTER_NUMBER: "nationalId",
  UK_NATIONAL_HEALTH_SERVICE_NUMBER: "medicalRecord",
  CA_HEALTH_NUMBER: "medicalRecord",
  IP_ADDRESS: "ipAddress",
  MAC_ADDRESS: "ipAddress",
  AGE: "none",
  DATE_TIME: "none",
  URL: "none",
  SWIFT_CODE: "none",
  BANK_ROUTING: "none",
  PASSWORD: "none",
  AWS_ACCESS_KEY: "none",
  AWS_SECRET_KEY: "none",
  ALL: "none",
};
