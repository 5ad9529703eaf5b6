import { hashFolded } from "./characters.ts";
import { gap, shape, type Tokens } from "./tokens.ts";

/** Of techniques, offices and trades. Names that people write in capitals more often, like KIM, are left out. */
const abbreviations = new Set(
  "ai api bic cam cia cpu csv cvv dna dns eta faq gpu html http https iban ide imei ios ip ipa iso jar jpg json jwt kyc lan llm mac mba mri nas nat nin npm ocr os pdf pin png pos ram rna rom rsa sam san sas sdk sim sin sms sql ssd ssh ssl ssn tls uri url usb uuid vat vin vpn wan xml yaml zip"
    .split(" ")
    .map(hashFolded),
);

/** Whether a word in capitals is an abbreviation and no name: VIN decoder, but not SAM SMITH. */
export function isAbbreviation(tokens: Tokens, at: number): boolean {
  if (tokens.shape[at] !== shape.upper || !abbreviations.has(tokens.hash[at] ?? 0)) return false;
  return !(tokens.gap[at + 1] === gap.space && tokens.shape[at + 1] === shape.upper);
}
