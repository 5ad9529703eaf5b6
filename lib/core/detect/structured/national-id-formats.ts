import { americanFormats } from "./national-id/americas.ts";
import { asianPacificAfricanFormats } from "./national-id/asia-pacific-africa.ts";
import { northEastEuropeanFormats } from "./national-id/europe-north-east.ts";
import { westEuropeanFormats } from "./national-id/europe-west.ts";
import type { NationalIdFormat } from "./national-id/format.ts";

export const nationalIdFormats: readonly NationalIdFormat[] = [
  ...americanFormats,
  ...westEuropeanFormats,
  ...northEastEuropeanFormats,
  ...asianPacificAfricanFormats,
];
