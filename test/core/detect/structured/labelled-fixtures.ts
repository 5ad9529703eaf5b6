import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { createRandom } from "./random.ts";

const medicalSentences = [
  "MRN: {}",
  "MRN {}",
  "Medical record number {}",
  "patient id {}",
  "Patient ID: {}",
  '{"patientId":"{}"}',
  "mrn={}",
  "Hospital number: {}",
  "chart number {}",
  "Patientennummer: {}",
  "Fallnummer {}",
  "numéro de dossier patient : {}",
  "historia clínica nº {}",
  "número de prontuário: {}",
  "cartella clinica n. {}",
  "patiëntnummer {}",
  "患者番号: {}",
  "the patient's MRN is {}.",
  "Health record no. {}",
  "patient number {} was admitted",
];
const accountSentences = [
  "account number {}",
  "Account no. {}",
  "acct {}",
  "my account number is {}.",
  "A/C {}",
  "Kontonummer: {}",
  "Konto-Nr. {}",
  "numéro de compte {}",
  "número de cuenta: {}",
  "conto n. {}",
  "número da conta {}",
  "rekeningnummer {}",
  "numer konta {}",
  "kontonummer {}",
  "routing number {}",
  "policy number {}",
  "Policy no: {}",
  "Versicherungsnummer {}",
  "member id {}",
  "customer number: {}",
  "Kundennummer {}",
  '{"accountNumber":"{}"}',
  "loan number {}",
];
const special = [
  "account ⟦12345678⟧, sort code ⟦12-34-56⟧",
  "policy no. ⟦POL-123456⟧",
  "Policy number: ⟦HX-99-123456⟧",
  "BSB ⟦062-000⟧ account ⟦12345678⟧",
  "my account ⟦0012345678⟧ is locked",
];

const shared = [
  "Order number {}",
  "tracking {}",
  "invoice no. {}",
  "{} people",
  "The patient was seen {} times",
  "The account was charged {} USD",
  "ref {}",
  "{}",
  "id {}",
  "const count = {};",
  "The answer is {}",
  "model {}",
  "ISBN {}",
  "timestamp {}",
  "zip {}",
  "ticket {}",
  "line {}",
  "error code {}",
  "Item {}",
];
const prose = [
  "This 79 year old patient complains",
  "I opened my account in 2019",
  "The patient weighs 82.5 kg",
  "account balance: 12,345.67",
  "policy from 12.03.2024",
  "Take account of 3 things",
  "patients in 2021: 12 345 678",
  "my account has 1500 dollars",
  "the chart shows 45000 units",
  "police called in 1999",
  "account for 12% of sales",
  "an account of the year 1984",
  "patient at 10:30 on 12.03.2024",
  "conto alla rovescia 10 9 8",
  "record of 100000 visitors",
  "I have 2 accounts and 3 cards",
  "Chart 3.2",
  "MRN unknown",
  "account number please",
  "policy number?",
];

function numbers(seed: number, count: number): string[] {
  const random = createRandom(seed);
  return times(count, () => `${1 + random.below(9)}${random.digits(6 + random.below(4))}`);
}

export function medicalRecordFixture(): Fixture {
  return {
    positives: [
      ...fillMarked(medicalSentences, numbers(29, 100)),
      "MRN ⟦4711-223⟧",
      "patient id ⟦P00123456⟧",
      "MRN: ⟦00012345⟧",
    ],
    nearMisses: [...prose, ...fill(shared, numbers(31, 95))],
  };
}

export function accountNumberFixture(): Fixture {
  return {
    positives: [...fillMarked(accountSentences, numbers(37, 115)), ...special],
    nearMisses: [...prose, ...fill(shared, numbers(41, 95))],
  };
}
