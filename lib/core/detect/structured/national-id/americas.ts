import { validate as arCuit } from "stdnum/lib/cjs/ar/cuit.js";
import { validate as brCpf } from "stdnum/lib/cjs/br/cpf.js";
import { validate as caSin } from "stdnum/lib/cjs/ca/sin.js";
import { validate as clRun } from "stdnum/lib/cjs/cl/run.js";
import { validate as mxCurp } from "stdnum/lib/cjs/mx/curp.js";
import { validate as usSsn } from "stdnum/lib/cjs/us/ssn.js";
import { checkedBy, type NationalIdFormat } from "./format.ts";
import { isItin } from "./own-check-digits.ts";

/** North and South America. */
export const americanFormats: readonly NationalIdFormat[] = [
  {
    id: "us-ssn",
    words: ["ssn", "ssns", "social security", "social", "socials"],
    written: { "3-2-4": 0.85, "3 2 4": 0.65, "3.2.4": 0.65, "9": 0 },
    isValid: checkedBy(usSsn),
    isNamed: true,
  },
  {
    id: "us-itin",
    words: ["itin", "taxpayer", "individual taxpayer"],
    written: { "3-2-4": 0.8, "3 2 4": 0.6, "9": 0 },
    isValid: isItin,
  },
  {
    id: "ca-sin",
    words: ["sin", "social insurance", "nas", "assurance sociale"],
    written: { "3-3-3": 0.6, "3 3 3": 0, "9": 0 },
    isValid: checkedBy(caSin),
  },
  { id: "mx-curp", words: ["curp"], written: { AAAA6AAAAAA2: 0.97, AAAA6AAAAAAA1: 0.97 }, isValid: checkedBy(mxCurp) },
  {
    id: "br-cpf",
    words: ["cpf"],
    written: { "3.3.3-2": 0.98, "3.3.3.2": 0.9, "3 3 3 2": 0.7, "11": 0 },
    isValid: checkedBy(brCpf),
  },
  {
    id: "cl-run",
    words: ["rut", "run"],
    written: {
      "2.3.3-1": 0.9,
      "1.3.3-1": 0.9,
      "2.3.3-A": 0.9,
      "1.3.3-A": 0.9,
      "8-1": 0,
      "7-1": 0,
      "8-A": 0.6,
      "7-A": 0.6,
    },
    isValid: checkedBy(clRun),
  },
  { id: "ar-cuil", words: ["cuit", "cuil"], written: { "2-8-1": 0.85, "11": 0 }, isValid: checkedBy(arCuit) },
];
