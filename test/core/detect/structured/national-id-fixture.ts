import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { drawNationalId, nationalIdValues, spoilNationalId } from "./national-id-values.ts";
import { createRandom } from "./random.ts";

const sentences: Readonly<Record<string, readonly string[]>> = {
  "us-ssn": ["My SSN is {}.", "social security number: {}", '{"ssn": "{}"}', "{} is the social of the applicant"],
  "us-itin": ["ITIN {}", "The taxpayer's ITIN is {}, please check."],
  "ca-sin": ["My SIN is {}", "Social insurance number: {}"],
  "mx-curp": ["Mi CURP es {}", "CURP: {}"],
  "br-cpf": ["Meu CPF é {}.", "CPF: {}"],
  "cl-run": ["Mi RUT es {}", "RUN {}"],
  "ar-cuil": ["CUIL: {}", "mi cuit es {}"],
  "gb-nino": ["My national insurance number is {}.", "NI number {}", "NINO: {}"],
  "gb-nhs": ["NHS number {}", "NHS no: {}"],
  "ie-pps": ["My PPS number is {}", "PPSN: {}"],
  "fr-nir": ["Mon numéro de sécurité sociale est le {}", "NIR : {}"],
  "es-dni": ["Mi DNI es {}", "DNI: {}"],
  "es-nie": ["Mi NIE es el {}", "NIE {}"],
  "it-codice-fiscale": ["Il mio codice fiscale è {}", "CF: {}"],
  "pt-nif": ["O meu NIF é {}", "contribuinte nº {}"],
  "nl-bsn": ["Mijn BSN is {}", "burgerservicenummer: {}"],
  "be-nn": ["Rijksregisternummer: {}", "NISS {}"],
  "de-steuer-id": ["Meine Steuer-ID lautet {}", "IdNr. {}"],
  "de-svnr": ["Rentenversicherungsnummer: {}", "SVNR {}"],
  "at-svnr": ["Meine SV-Nummer ist {}", "SVNR: {}"],
  "ch-ahv": ["AHV-Nr. {}", "Numéro AVS : {}"],
  "se-personnummer": ["Mitt personnummer är {}", "personnr: {}"],
  "fi-hetu": ["Henkilötunnus: {}", "hetu {}"],
  "dk-cpr": ["Mit CPR-nummer er {}", "cpr: {}"],
  "no-fodselsnummer": ["Fødselsnummer: {}", "fnr {}"],
  "is-kennitala": ["Kennitala: {}", "kt. {}"],
  "pl-pesel": ["Mój PESEL to {}", "PESEL: {}"],
  "cz-rodne-cislo": ["Rodné číslo: {}", "r. č. a rodné číslo {}"],
  "ro-cnp": ["CNP: {}", "Am CNP {}"],
  "bg-egn": ["ЕГН: {}", "ЕГН {}"],
  "hr-oib": ["OIB: {}", "Moj OIB je {}"],
  "lt-asmens-kodas": ["Asmens kodas: {}", "asmens kodas {}"],
  "ee-isikukood": ["Isikukood: {}", "isikukood {}"],
  "gr-amka": ["ΑΜΚΑ: {}", "AMKA {}"],
  "tr-kimlik": ["TC kimlik no: {}", "T.C. Kimlik {}"],
  "ru-snils": ["СНИЛС {}", "СНИЛС: {}"],
  "ru-inn": ["ИНН {}", "Мой ИНН: {}"],
  "in-aadhaar": ["My Aadhaar number is {}", "Aadhaar: {}"],
  "in-pan": ["My PAN is {}", "Permanent account number {}"],
  "cn-resident-id": ["我的身份证号是{}", "身份证: {}"],
  "kr-rrn": ["주민등록번호: {}", "주민번호 {}"],
  "tw-national-id": ["身分證字號: {}", "身分證 {}"],
  "hk-hkid": ["HKID: {}", "My HKID is {}"],
  "sg-nric": ["NRIC: {}", "My NRIC is {}."],
  "my-nric": ["MyKad {}", "No. kad pengenalan: {}"],
  "th-id": ["เลขประจำตัวประชาชน {}", "Thai ID: {}"],
  "jp-my-number": ["マイナンバー: {}", "個人番号は{}"],
  "id-nik": ["NIK: {}", "NIK saya {}"],
  "pk-cnic": ["CNIC {}", "My CNIC is {}"],
  "il-id": ["Teudat zehut: {}", "teudat zehut {}"],
  "ae-emirates-id": ["Emirates ID: {}", "my emirates id is {}"],
  "za-id": ["RSA ID: {}", "My SA ID is {}"],
  "au-tfn": ["My TFN is {}", "Tax file number: {}"],
  "au-medicare": ["Medicare: {}", "Medicare card number {}"],
  "nz-ird": ["IRD number: {}", "My IRD is {}"],
};

/** Written so that no word is needed. */
const distinctive = [
  "us-ssn",
  "br-cpf",
  "gb-nino",
  "fr-nir",
  "es-dni",
  "es-nie",
  "it-codice-fiscale",
  "ch-ahv",
  "fi-hetu",
  "kr-rrn",
  "cn-resident-id",
  "th-id",
  "ae-emirates-id",
  "mx-curp",
  "cz-rodne-cislo",
  "sg-nric",
  "hk-hkid",
  "be-nn",
];

const plain = ["Here it is: {}", "{}", "name;{};active", "Ich habe {} angegeben, reicht das?", "> {}\nThanks"];

const passports = [
  "Passport number ⟦X1234567⟧",
  "Reisepassnummer: ⟦C01X00T47⟧",
  "My passport no. is ⟦533380006⟧, it expires soon",
  "Driver's license number ⟦D1234567⟧",
  "Numéro de passeport : ⟦14AB55667⟧",
  "ID card number ⟦L898902C3⟧",
];

const others = [
  "Order number {} has not arrived",
  "invoice {}",
  "The sum is {}",
  "tracking: {}",
  "const id = {};",
  "{} people live there",
  "ISBN {}",
  "ref {}",
  "SKU {}",
  "The answer is {}.",
  "transaction {}",
  "timestamp={}",
];

export function nationalIdFixture(perFormat: number): Fixture {
  const random = createRandom(7);
  const ids = Object.keys(nationalIdValues);
  const values = new Map(ids.map((id) => [id, times(perFormat, () => drawNationalId(id, random))]));
  const bare = times(60, () => random.digits(9 + random.below(4)));
  return {
    positives: [
      ...ids.flatMap((id) => fillMarked(sentences[id] ?? [], values.get(id) ?? [])),
      ...distinctive.flatMap((id) =>
        fillMarked(
          plain,
          times(plain.length, () => drawNationalId(id, random)),
        ),
      ),
      ...passports,
    ],
    nearMisses: [
      ...ids.flatMap((id) =>
        fill(
          sentences[id] ?? [],
          (values.get(id) ?? []).map((value) => spoilNationalId(id, value)),
        ),
      ),
      ...fill(others, bare),
      ...fill(
        others,
        times(24, () => `${random.digits(3)} ${random.digits(3)} ${random.digits(3)}`),
      ),
      ...fill(
        ["{}-4f1a-4b2c-8d3e-9a7b6c5d4e3f", "sha1 {}c0ffee", "v{}.0"],
        times(12, () => random.digits(8)),
      ),
    ],
  };
}
