import * as z from "zod";
import type { DetectText, FindingType } from "../../core/detect/finding.ts";

const DetectPiiEntities = z.object({ Text: z.string().min(1), LanguageCode: z.enum(["en", "es"]) });

/** As the service names them; it has none for dates of birth alone. */
const entityTypes: Readonly<Record<FindingType, string>> = {
  name: "NAME",
  address: "ADDRESS",
  email: "EMAIL",
  phone: "PHONE",
  creditCard: "CREDIT_DEBIT_NUMBER",
  iban: "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
  nationalId: "SSN",
  medicalRecord: "CA_HEALTH_NUMBER",
  accountNumber: "BANK_ACCOUNT_NUMBER",
  dateOfBirth: "DATE_TIME",
  ipAddress: "IP_ADDRESS",
};

/** The answer of Comprehend's DetectPiiEntities, with our own detector in its place. Throws ZodError for what it refuses. */
export function detectPiiEntities(request: unknown, detect: DetectText) {
  const { Text } = DetectPiiEntities.parse(request);
  const codePoints = (units: number) => [...Text.slice(0, units)].length;
  return {
    Entities: detect(Text).map(({ type, start, end, confidence }) => ({
      Type: entityTypes[type],
      BeginOffset: codePoints(start),
      EndOffset: codePoints(end),
      Score: confidence,
    })),
  };
}
