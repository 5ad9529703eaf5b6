import { expect, it } from "vitest";
import * as z from "zod";
import { auditColumns } from "../../lib/constructs/audit-columns.ts";
import { DecisionRecord, HopRecord } from "../../lib/core/work/audit-record.ts";

/** The names in a type, such as those of an array's structs; of a plain type none. */
function namesIn(type: string): string[] {
  return [...type.matchAll(/[<,]([A-Za-z]+):/g)].map(([, name = ""]) => name);
}

const Field = z.looseObject({
  type: z.string().optional(),
  items: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional(),
});
const fields = new Map(
  [DecisionRecord, HopRecord].flatMap((record) =>
    Object.entries(z.object({ properties: z.record(z.string(), Field) }).parse(z.toJSONSchema(record)).properties),
  ),
);

it("are the fields of the records, and no others", () => {
  expect(auditColumns.map(({ field }) => field).toSorted()).toEqual([...fields.keys()].toSorted());
});

it("have the fields of what a record lists", () => {
  for (const { field, type } of auditColumns)
    expect(namesIn(type).toSorted(), field).toEqual(Object.keys(fields.get(field)?.items?.properties ?? {}).toSorted());
});
