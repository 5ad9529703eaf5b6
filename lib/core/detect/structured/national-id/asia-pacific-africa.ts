import { validate as auTfn } from "stdnum/lib/cjs/au/tfn.js";
import { validate as cnRic } from "stdnum/lib/cjs/cn/ric.js";
import { validate as hkHkid } from "stdnum/lib/cjs/hk/hkid.js";
import { validate as ilIdnr } from "stdnum/lib/cjs/il/idnr.js";
import { validate as inPan } from "stdnum/lib/cjs/in/pan.js";
import { validate as krRrn } from "stdnum/lib/cjs/kr/rrn.js";
import { validate as myNric } from "stdnum/lib/cjs/my/nric.js";
import { validate as nzIrd } from "stdnum/lib/cjs/nz/ird.js";
import { validate as pkCnic } from "stdnum/lib/cjs/pk/cnic.js";
import { validate as thIdnr } from "stdnum/lib/cjs/th/idnr.js";
import { validate as twNatid } from "stdnum/lib/cjs/tw/natid.js";
import { isAadhaar, isSouthAfrican } from "./before-stdnum.ts";
import { checkedBy, type NationalIdFormat } from "./format.ts";
import { isEmiratesId, isMedicareNumber, isMyNumber, isNik, isNric } from "./own-check-digits.ts";

/** Asia, Oceania and Africa. */
export const asianPacificAfricanFormats: readonly NationalIdFormat[] = [
  {
    id: "in-aadhaar",
    words: ["aadhaar", "aadhar", "adhaar", "uid", "uidai", "आधार"],
    written: { "4 4 4": 0.6, "4-4-4": 0.6, "12": 0 },
    isValid: isAadhaar,
  },
  { id: "in-pan", words: ["pan", "permanent account"], written: { AAAAA4A: 0.75 }, isValid: checkedBy(inPan) },
  {
    id: "cn-resident-id",
    words: ["身份证", "身份证号", "身份证号码", "身份號碼", "resident identity", "resident id"],
    written: { "18": 0.95, "17A": 0.95 },
    isValid: checkedBy(cnRic),
  },
  {
    id: "kr-rrn",
    words: ["주민등록번호", "주민번호", "rrn", "resident registration"],
    written: { "6-7": 0.9, "13": 0 },
    isValid: checkedBy(krRrn),
  },
  {
    id: "tw-national-id",
    words: ["身分證", "身分證字號", "身份證", "taiwan id"],
    written: { A9: 0 },
    isValid: checkedBy(twNatid),
  },
  {
    id: "hk-hkid",
    words: ["hkid", "hkic", "香港身份證"],
    written: { "A6(1": 0.9, "A6(A": 0.9, A7: 0 },
    isValid: checkedBy(hkHkid),
  },
  { id: "sg-nric", words: ["nric", "fin"], written: { A7A: 0.85 }, isValid: isNric },
  {
    id: "my-nric",
    words: ["mykad", "nric", "kad pengenalan", "ic number", "ic no"],
    written: { "6-2-4": 0.85, "12": 0 },
    isValid: checkedBy(myNric),
  },
  {
    id: "th-id",
    words: ["บัตรประชาชน", "เลขประจำตัวประชาชน", "thai id"],
    written: { "1-4-5-2-1": 0.98, "1 4 5 2 1": 0.9, "13": 0 },
    isValid: checkedBy(thIdnr),
  },
  {
    id: "jp-my-number",
    words: ["マイナンバー", "個人番号", "mynumber", "個人"],
    written: { "4 4 4": 0, "4-4-4": 0, "12": 0 },
    isValid: isMyNumber,
  },
  { id: "id-nik", words: ["nik", "ktp"], written: { "16": 0 }, isValid: isNik },
  { id: "pk-cnic", words: ["cnic", "nadra"], written: { "5-7-1": 0.9, "13": 0 }, isValid: checkedBy(pkCnic) },
  {
    id: "il-id",
    words: ["teudat", "teudat zehut", "זהות", "ת.ז"],
    written: { "9": 0, "8-1": 0 },
    isValid: checkedBy(ilIdnr),
  },
  {
    id: "ae-emirates-id",
    words: ["emirates", "emirates id"],
    written: { "3-4-7-1": 0.98, "15": 0.9 },
    isValid: isEmiratesId,
  },
  {
    id: "za-id",
    words: ["rsa id", "sa id", "south african", "id number", "identity number"],
    written: { "13": 0.7, "6 4 3": 0.75, "6 4 2 1": 0.75, "6 4 1 2": 0.75 },
    isValid: isSouthAfrican,
  },
  {
    id: "au-tfn",
    words: ["tfn", "tax file"],
    written: { "3 3 3": 0, "3-3-3": 0, "9": 0, "8": 0 },
    isValid: checkedBy(auTfn),
  },
  {
    id: "au-medicare",
    words: ["medicare", "medicare card"],
    written: { "4 5 1": 0.7, "4-5-1": 0.7, "10": 0, "4 5 1 1": 0.6, "11": 0, "4 5 1-1": 0.7 },
    isValid: isMedicareNumber,
  },
  { id: "nz-ird", words: ["ird"], written: { "3-3-3": 0, "2-3-3": 0, "9": 0, "8": 0 }, isValid: checkedBy(nzIrd) },
];
