import { expect, it } from "vitest";
import { nationalIdFormats } from "../../../../lib/core/detect/structured/national-id-formats.ts";
import { drawNationalId, nationalIdValues, spoilNationalId } from "./national-id-values.ts";
import { createRandom } from "./random.ts";

const formats = nationalIdFormats.filter(({ id }) => id in nationalIdValues);

it.each(formats)("$id: takes what the country gives out, refuses what it does not", ({ id, isValid }) => {
  const random = createRandom(42);
  const values = Array.from({ length: 40 }, () => drawNationalId(id, random));

  const refused = values.filter((value) => !isValid(value.toUpperCase()));
  const spoiltTaken = values.map((value) => spoilNationalId(id, value)).filter((value) => isValid(value.toUpperCase()));

  expect(refused).toEqual([]);
  expect(spoiltTaken.length).toBeLessThanOrEqual(2);
});
