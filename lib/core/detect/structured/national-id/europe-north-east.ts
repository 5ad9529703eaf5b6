import { validate as atVnr } from "stdnum/lib/cjs/at/vnr.js";
import { validate as bgEgn } from "stdnum/lib/cjs/bg/egn.js";
import { validate as czRc } from "stdnum/lib/cjs/cz/rc.js";
import { validate as deIdnr } from "stdnum/lib/cjs/de/idnr.js";
import { validate as deSvnr } from "stdnum/lib/cjs/de/svnr.js";
import { validate as dkCpr } from "stdnum/lib/cjs/dk/cpr.js";
import { validate as eeIk } from "stdnum/lib/cjs/ee/ik.js";
import { validate as grAmka } from "stdnum/lib/cjs/gr/amka.js";
import { validate as hrOib } from "stdnum/lib/cjs/hr/oib.js";
import { validate as ltAsmens } from "stdnum/lib/cjs/lt/asmens.js";
import { validate as plPesel } from "stdnum/lib/cjs/pl/pesel.js";
import { validate as ruInn } from "stdnum/lib/cjs/ru/inn.js";
import { validate as trTckimlik } from "stdnum/lib/cjs/tr/tckimlik.js";
import { isAhv, isCnp, isHetu, isIcelandic, isNorwegian, isPersonnummer } from "./before-stdnum.ts";
import { checkedBy, type NationalIdFormat } from "./format.ts";
import { isSnils } from "./own-check-digits.ts";

/** German-speaking countries, northern and eastern Europe. */
export const northEastEuropeanFormats: readonly NationalIdFormat[] = [
  {
    id: "de-steuer-id",
    words: [
      "steuer id",
      "steuerid",
      "idnr",
      "id nr",
      "steueridentifikationsnummer",
      "steueridentifikation",
      "steuerliche",
      "identifikationsnummer",
      "steueridentnummer",
      "steuernummer",
      "tax id",
      "tax identification",
    ],
    written: { "11": 0, "2 3 3 3": 0, "2-3-3-3": 0 },
    isValid: checkedBy(deIdnr),
  },
  {
    id: "de-svnr",
    words: [
      "rentenversicherungsnummer",
      "rentenversicherung",
      "sozialversicherungsnummer",
      "sozialversicherung",
      "svnr",
      "rvnr",
      "sv nummer",
    ],
    written: { "8A3": 0.8, "2 6 A 3": 0.9, "2 6A3": 0.85 },
    isValid: checkedBy(deSvnr),
  },
  {
    id: "at-svnr",
    words: [
      "svnr",
      "sozialversicherungsnummer",
      "sozialversicherung",
      "versicherungsnummer",
      "sv nummer",
      "sv nr",
      "vsnr",
    ],
    written: { "4 6": 0.6, "4-6": 0.6, "10": 0 },
    isValid: checkedBy(atVnr),
  },
  {
    id: "ch-ahv",
    words: ["ahv", "avs", "ahv nummer", "ahvn13", "navs", "avsnummer"],
    written: { "3.4.4.2": 0.98, "3 4 4 2": 0.95, "13": 0.8 },
    isValid: isAhv,
  },
  {
    id: "se-personnummer",
    words: ["personnummer", "personnr", "samordningsnummer", "pnr", "personal identity"],
    written: { "6-4": 0.7, "8-4": 0.95, "10": 0, "12": 0.6 },
    isValid: isPersonnummer,
  },
  {
    id: "fi-hetu",
    words: ["hetu", "henkilötunnus", "personbeteckning", "tunnus"],
    written: { "6-3A": 0.9, "6-4": 0.7, "6A3A": 0.9, "6A4": 0.85 },
    isValid: isHetu,
  },
  {
    id: "dk-cpr",
    words: ["cpr", "cprnr", "cpr nummer", "cpr nr", "personnummer"],
    written: { "6-4": 0, "10": 0, "6 4": 0 },
    isValid: checkedBy(dkCpr),
  },
  {
    id: "no-fodselsnummer",
    words: ["fødselsnummer", "fodselsnummer", "personnummer", "fnr"],
    written: { "11": 0.7, "6 5": 0.8 },
    isValid: isNorwegian,
  },
  {
    id: "is-kennitala",
    words: ["kennitala", "kt"],
    written: { "6-4": 0.65, "10": 0 },
    isValid: isIcelandic,
  },
  { id: "pl-pesel", words: ["pesel"], written: { "11": 0 }, isValid: checkedBy(plPesel) },
  {
    id: "cz-rodne-cislo",
    words: ["rodné číslo", "rodné", "rodne", "rodného čísla", "rodného", "rč"],
    written: { "6/4": 0.9, "6/3": 0.65, "10": 0 },
    isValid: checkedBy(czRc),
  },
  { id: "ro-cnp", words: ["cnp", "cod numeric"], written: { "13": 0.6 }, isValid: isCnp },
  { id: "bg-egn", words: ["егн", "egn"], written: { "10": 0 }, isValid: checkedBy(bgEgn) },
  { id: "hr-oib", words: ["oib"], written: { "11": 0 }, isValid: checkedBy(hrOib) },
  {
    id: "lt-asmens-kodas",
    words: ["asmens kodas", "asmens", "kodas"],
    written: { "11": 0 },
    isValid: checkedBy(ltAsmens),
  },
  { id: "ee-isikukood", words: ["isikukood"], written: { "11": 0 }, isValid: checkedBy(eeIk) },
  { id: "gr-amka", words: ["amka", "αμκα"], written: { "11": 0 }, isValid: checkedBy(grAmka) },
  {
    id: "tr-kimlik",
    words: ["tckn", "tc kimlik", "kimlik", "t.c", "tc"],
    written: { "11": 0 },
    isValid: checkedBy(trTckimlik),
  },
  { id: "ru-snils", words: ["snils", "снилс"], written: { "3-3-3 2": 0.9, "3-3-3-2": 0.9, "11": 0 }, isValid: isSnils },
  { id: "ru-inn", words: ["inn", "инн"], written: { "12": 0 }, isValid: checkedBy(ruInn) },
];
