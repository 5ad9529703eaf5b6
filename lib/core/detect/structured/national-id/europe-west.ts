import { validate as esDni } from "stdnum/lib/cjs/es/dni.js";
import { validate as esNie } from "stdnum/lib/cjs/es/nie.js";
import { validate as gbNino } from "stdnum/lib/cjs/gb/nino.js";
import { validate as iePps } from "stdnum/lib/cjs/ie/pps.js";
import { validate as itCodicefiscale } from "stdnum/lib/cjs/it/codicefiscale.js";
import { validate as nlBsn } from "stdnum/lib/cjs/nl/bsn.js";
import { validate as ptCc } from "stdnum/lib/cjs/pt/cc.js";
import { validate as ptNif } from "stdnum/lib/cjs/pt/nif.js";
import { isBelgian, isFrenchNir } from "./before-stdnum.ts";
import { checkedBy, type NationalIdFormat } from "./format.ts";
import { isNhsNumber } from "./own-check-digits.ts";

/** Western and southern Europe. */
export const westEuropeanFormats: readonly NationalIdFormat[] = [
  {
    id: "gb-nino",
    words: ["nino", "national insurance", "ni number", "ni no", "nin"],
    written: { AA6A: 0.85, "AA 2 2 2 A": 0.9, "AA-2-2-2-A": 0.9, "AA 6 A": 0.9, "AA2 2 2A": 0.9 },
    isValid: checkedBy(gbNino),
  },
  { id: "gb-nhs", words: ["nhs"], written: { "3 3 4": 0, "3-3-4": 0, "10": 0 }, isValid: isNhsNumber },
  { id: "ie-pps", words: ["pps", "ppsn"], written: { "7A": 0, "7AA": 0.6, "7 A": 0 }, isValid: checkedBy(iePps) },
  {
    id: "fr-nir",
    words: ["nir", "sécu", "sécurité sociale", "securite sociale", "insee", "numéro ss", "carte vitale", "sociale"],
    written: {
      "15": 0.7,
      "13 2": 0.85,
      "1 2 2 2 3 3 2": 0.98,
      "1 2 2 2 3 3-2": 0.98,
      "1-2-2-2-3-3-2": 0.98,
      "1.2.2.2.3.3.2": 0.98,
      "6A8": 0.9,
      "1 2 2 1A 3 3 2": 0.98,
    },
    isValid: isFrenchNir,
  },
  {
    id: "es-dni",
    words: ["dni", "nif", "d.n.i"],
    written: { "8A": 0.8, "8-A": 0.85, "2.3.3-A": 0.95, "2.3.3A": 0.95, "8 A": 0 },
    isValid: checkedBy(esDni),
  },
  {
    id: "es-nie",
    words: ["nie"],
    written: { A7A: 0.9, "A-7-A": 0.95, "A 7 A": 0.8, "A-7A": 0.9 },
    isValid: checkedBy(esNie),
  },
  {
    id: "it-codice-fiscale",
    words: ["codice fiscale", "codicefiscale", "cf", "c.f"],
    written: { AAAAAA2A2A3A: 0.98, "AAAAAA 2A2 A3A": 0.9 },
    isValid: checkedBy(itCodicefiscale),
  },
  {
    id: "pt-nif",
    words: ["nif", "contribuinte", "número fiscal"],
    written: { "9": 0, "3 3 3": 0, "3.3.3": 0 },
    isValid: checkedBy(ptNif),
  },
  {
    id: "pt-cc",
    words: ["cartão cidadão", "cidadão"],
    written: { "8 1 AA1": 0.9, "9AA1": 0.9 },
    isValid: checkedBy(ptCc),
  },
  {
    id: "nl-bsn",
    words: ["bsn", "burgerservicenummer", "burgerservice", "sofinummer", "sofi", "citizen service"],
    written: { "9": 0, "4.2.3": 0.7, "3.3.3": 0, "3 3 3": 0, "4 2 3": 0.6 },
    isValid: checkedBy(nlBsn),
  },
  {
    id: "be-nn",
    words: [
      "rijksregisternummer",
      "rijksregister",
      "registre national",
      "numéro national",
      "niss",
      "insz",
      "nrn",
      "registre",
    ],
    written: { "2.2.2-3.2": 0.98, "2.2.2-3-2": 0.98, "2.2.2.3.2": 0.95, "6-3-2": 0.85, "6 3 2": 0.7, "11": 0.6 },
    isValid: isBelgian,
  },
];
