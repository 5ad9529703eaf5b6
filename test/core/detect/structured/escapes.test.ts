import { describe, expect, it } from "vitest";
import { inPlainText } from "../../../../lib/core/detect/plain-text.ts";
import { createStructuredDetector } from "../../../../lib/core/detect/structured/detect-structured.ts";

/** Texts in which personal data once escaped, or might have: the finding's type, and what it covers. */

const detect = inPlainText(createStructuredDetector({ phoneRegions: ["US", "GB", "DE", "FR"] }));

/** Whether a finding of the type covers the value: `creditCard 4111 1111 1111 1111`. */
function isFound(text: string, wanted: string): boolean {
  const [type, ...words] = wanted.split(" ");
  const value = words.join(" ");
  const at = text.indexOf(value);
  if (at === -1) throw new Error(`${value} is not in the text.`);
  return detect(text).some((found) => found.type === type && found.start <= at && found.end >= at + value.length);
}

describe("a number before another", () => {
  it.each([
    ["Invoice 2024 4111 1111 1111 1111", "creditCard 4111 1111 1111 1111"],
    ["Invoice 4711 4111 1111 1111 1111", "creditCard 4111 1111 1111 1111"],
    ["Table 12 4111 1111 1111 1111", "creditCard 4111 1111 1111 1111"],
    ["call 5551234 4111 1111 1111 1111", "creditCard 4111 1111 1111 1111"],
    ["4111 1111 1111 1111 1 2 3 4 5 6 7", "creditCard 4111 1111 1111 1111"],
    ["Amex 12 3782 822463 10005", "creditCard 3782 822463 10005"],
    ["Room 12 123-45-6789", "nationalId 123-45-6789"],
    ["Room 12 123 45 6789", "nationalId 123 45 6789"],
    ["SSN of 4567 123 45 6789", "nationalId 123 45 6789"],
    ["123-45-6789 1 2 3 4 5 6 7", "nationalId 123-45-6789"],
    ["Zimmer 2024 AB 12 34 56 C", "nationalId AB 12 34 56 C"],
    ["Chambre 12 2 85 05 78 006 084 41", "nationalId 2 85 05 78 006 084 41"],
    ["Aadhaar, flat 4 2341 2341 2346", "nationalId 2341 2341 2346"],
    ["Konto 12 DE89 3704 0044 0532 0130 00", "iban DE89 3704 0044 0532 0130 00"],
    ["Room 12 415-555-2671", "phone 415-555-2671"],
  ])("does not hide it: %s", (text, finding) => {
    expect(isFound(text, finding)).toBe(true);
  });

  it.each(["+49 30 123 45 6789", "+1 212 123 45 6789", "tel. 0 123 45 6789"])(
    "does not make the rest of a phone number a national id: %s",
    (text) => {
      expect(detect(text).filter(({ type }) => type === "nationalId")).toEqual([]);
    },
  );
});

describe("a number of which several types may be said", () => {
  it.each([
    ["MRN 415-555-2671", "phone 415-555-2671"],
    ["MRN 415-555-2671", "medicalRecord 415-555-2671"],
    ["id card 4111 1111 1111 1111", "creditCard 4111 1111 1111 1111"],
    ["id card 4111 1111 1111 1111", "nationalId 4111 1111 1111 1111"],
    ["PAN card ABCPE1234F", "nationalId ABCPE1234F"],
  ])("is told as each: %s", (text, finding) => {
    expect(isFound(text, finding)).toBe(true);
  });

  it("is no national id for a word that belongs to a card", () => {
    const types = detect("Her identity, and the card 200000000000").map(({ type }) => type);

    expect(types).not.toContain("nationalId");
  });

  it("is not about a phrase whose words two sentences share", () => {
    expect(detect("It is about his health. Record 12345678 was set in Oslo.").map(({ type }) => type)).not.toContain(
      "medicalRecord",
    );
  });
});

describe("what a person calls a social security number", () => {
  it.each([
    ["SSN 078-05-1120", "nationalId 078-05-1120"],
    ["My social security number is 219-09-9999.", "nationalId 219-09-9999"],
    ["ssn: 987-65-4320", "nationalId 987-65-4320"],
    ["SSN 900123456", "nationalId 900123456"],
    ["SSN: 000 12 3456", "nationalId 000 12 3456"],
    ["666-12-3456 is her SSN", "nationalId 666-12-3456"],
  ])("is one, whoever gave it out: %s", (text, finding) => {
    expect(isFound(text, finding)).toBe(true);
  });
});

describe("a number that is written in an odd way", () => {
  it.each([
    ["4111_1111_1111_1111", "creditCard 4111_1111_1111_1111"],
    ["card_4111111111111111_new", "creditCard 4111111111111111"],
    ["my ssn_123456789 is", "nationalId 123456789"],
    ["call 415_555_2671", "phone 415_555_2671"],
    ["jane_4155552671@example.com", "email jane_4155552671@example.com"],
    ["SSN123456789", "nationalId 123456789"],
    ["card4111111111111111", "creditCard 4111111111111111"],
    ["tel4155552671", "phone 4155552671"],
    ["4111 - 1111 - 1111 - 1111", "creditCard 4111 - 1111 - 1111 - 1111"],
    ["123 - 45 - 6789", "nationalId 123 - 45 - 6789"],
    ["4111\n1111\n1111\n1111", "creditCard 4111\n1111\n1111\n1111"],
    ["card: 4111 1111\r\n1111 1111", "creditCard 4111 1111\r\n1111 1111"],
    ["4111\t1111\t1111\t1111", "creditCard 4111\t1111\t1111\t1111"],
    ["SSN: 123\n45\n6789", "nationalId 123\n45\n6789"],
    ["IBAN GB82 WEST 1234\n5698 7654 32", "iban GB82 WEST 1234\n5698 7654 32"],
    ["GB82.WEST.1234.5698.7654.32", "iban GB82.WEST.1234.5698.7654.32"],
    ["+44 20\n7946 0958", "phone +44 20\n7946 0958"],
  ])("is found: %j", (text, finding) => {
    expect(isFound(text, finding)).toBe(true);
  });

  it.each([
    "1200\n4111\n1111\n1111\n1111\n2300",
    "123\n45\n6789",
    "IMG_20240312_123456.jpg",
    "call_1234567890",
    "x4111111111111111 and order4111111111111111",
    "snake_case_2 and v_1_2_3",
    "2019\t2020\t2021\t2022",
  ])("is no reason to take a column or a name for personal data: %j", (text) => {
    expect(detect(text)).toEqual([]);
  });
});

describe("a word that speaks of another number, or an odd form", () => {
  it.each([
    ["My order 12345 never arrived.\nJane Doe\n(415) 555-2671", "phone (415) 555-2671"],
    ["Bitte stornieren Sie die Bestellung.\n\nMfG\nSabine Klein\n0171 2345678", "phone 0171 2345678"],
    ["Invoice attached. Best, Jane, 415-555-2671", "phone 415-555-2671"],
    ["Jane Doe,(415) 555-2671,2024-01-05", "phone (415) 555-2671"],
    ["1,Jane Doe,415-555-2671,1985-03-04,Boston", "phone 415-555-2671"],
    ["Tel: 06.12.34.56.78", "phone 06.12.34.56.78"],
    ["05.11.22.33.44", "phone 05.11.22.33.44"],
    ["tel: +1 (415) 555-2671x12", "phone +1 (415) 555-2671"],
    ["Phone: 4155552671x22", "phone 4155552671"],
    ["415-555-2671ext22", "phone 415-555-2671"],
    ["Hi, it's 1-415-736-2671", "phone 1-415-736-2671"],
    ["415-555-2671, order 55", "phone 415-555-2671"],
    ['{"number":"4111111111111111","amount":55,"zip":"94107"}', "creditCard 4111111111111111"],
    ['{"amount":55,"zip":"94107","number":"4111111111111111"}', "creditCard 4111111111111111"],
    ["card_number,amount\n4111111111111111,55.00", "creditCard 4111111111111111"],
    ["Payment 4111111111111111 for invoice 55", "creditCard 4111111111111111"],
    ["4111111111111111, zip 94107", "creditCard 4111111111111111"],
    ['{"dob":"1985-03-04T00:00:00Z"}', "dateOfBirth 1985-03-04"],
    ["<dob>1985-03-04T00:00:00</dob>", "dateOfBirth 1985-03-04"],
    ["DoB: 12/03/1985", "dateOfBirth 12/03/1985"],
    ["D.O.B. 12/03/1985", "dateOfBirth 12/03/1985"],
    ["d.o.b.: 12/03/1985", "dateOfBirth 12/03/1985"],
    ["Your account number please: 12345678", "accountNumber 12345678"],
    ["IBAN: DE 89 3704 0044 0532 0130 00", "iban DE 89 3704 0044 0532 0130 00"],
  ])("hides nothing: %j", (text, finding) => {
    expect(isFound(text, finding)).toBe(true);
  });

  it.each([
    "order 415-555-2671",
    "Ref. 0012345678",
    "kill pid 1234567",
    "section 10.11.22.33.44",
    "order 4111111111111111",
    "id=4111111111111111",
  ])("still says what %j is", (text) => {
    expect(detect(text)).toEqual([]);
  });
});

describe("a number of an insurance or a tax office", () => {
  it.each([
    ["Versichertennummer: A123456780", "accountNumber A123456780"],
    ["KVNR: M123456785", "accountNumber M123456785"],
    ["KVNR M123456785", "accountNumber M123456785"],
    ["MBI: 1EG4-TE5-MK73", "accountNumber 1EG4-TE5-MK73"],
    ["My MBI is 1EG4TE5MK73.", "accountNumber 1EG4TE5MK73"],
    ["Medicare beneficiary number 1EG4-TE5-MK73", "accountNumber 1EG4-TE5-MK73"],
    ["Health insurance number M123456785", "accountNumber M123456785"],
    ["Policennummer: VS-12345678", "accountNumber VS-12345678"],
    ["Steuernummer: 181/815/08155", "nationalId 181/815/08155"],
  ])("is found by its name: %s", (text, finding) => {
    expect(isFound(text, finding)).toBe(true);
  });

  it.each(["Health insurance costs 120000 a year", "Krankenversicherung seit 2019", "the policies of 1999"])(
    "is no year and no amount: %s",
    (text) => {
      expect(detect(text)).toEqual([]);
    },
  );
});
