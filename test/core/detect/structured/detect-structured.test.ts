import { describe, expect, it } from "vitest";
import type { FindingType } from "../../../../lib/core/detect/finding.ts";
import { inPlainText } from "../../../../lib/core/detect/plain-text.ts";
import { createStructuredDetector } from "../../../../lib/core/detect/structured/detect-structured.ts";
import { creditCardFixture } from "./credit-card-fixture.ts";
import { dateOfBirthFixture } from "./date-of-birth-fixture.ts";
import { emailFixture } from "./email-fixture.ts";
import { ibanFixture } from "./iban-fixture.ts";
import { ipAddressFixture } from "./ip-address-fixture.ts";
import { accountNumberFixture, medicalRecordFixture } from "./labelled-fixtures.ts";
import type { Fixture } from "./marked-text.ts";
import { nationalIdFixture } from "./national-id-fixture.ts";
import { phoneFixture, phoneRegions } from "./phone-fixture.ts";
import { score } from "./score.ts";

const detect = inPlainText(createStructuredDetector({ phoneRegions }));

const fixtures: readonly [FindingType, Fixture][] = [
  ["email", emailFixture()],
  ["phone", phoneFixture()],
  ["creditCard", creditCardFixture()],
  ["iban", ibanFixture()],
  ["nationalId", nationalIdFixture(5)],
  ["ipAddress", ipAddressFixture()],
  ["dateOfBirth", dateOfBirthFixture()],
  ["medicalRecord", medicalRecordFixture()],
  ["accountNumber", accountNumberFixture()],
];

describe.each(fixtures)("%s", (type, fixture) => {
  const { positives, nearMisses, recall, precision, wrong } = score(detect, type, fixture);

  it("has a hundred positives and a hundred near-misses", () => {
    expect(positives).toBeGreaterThanOrEqual(100);
    expect(nearMisses).toBeGreaterThanOrEqual(100);
  });

  it("finds at least 97 % of what is there, exactly", () => {
    expect(recall, wrong.join("\n")).toBeGreaterThanOrEqual(0.97);
  });

  it("finds nothing in at least 97 % of what is not", () => {
    expect(precision, wrong.join("\n")).toBeGreaterThanOrEqual(0.97);
  });
});
