import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulators, openEmulators } from "../stores/emulators.ts";
import { decodeMessage, decodeObject, messageKinds, objectKinds } from "./kinds.ts";
import { putItems } from "./raw-items.ts";
import { presentVersion, readRecords, recordedVersions } from "./recorded.ts";
import { readItems, recordedAtMs, storesOf } from "./recorded-items.ts";

// What a version wrote is read by every later one: see docs/decisions/0061.

/** What JSON makes of a value: records are JSON. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(recordedVersions())("what version %s wrote", (version) => {
  const { messages, objects, items } = readRecords(version);
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await openEmulators();
  });
  afterAll(() => emulators.close());

  it.each(messages.map((record, at) => ({ ...record, at })))(
    "is read: message $at, $kind",
    ({ kind, written, means }) => {
      expect(asJson(decodeMessage(kind, written))).toMatchObject(Object(means));
    },
  );

  it.each(objects.map((record, at) => ({ ...record, at })))(
    "is read: object $at, $kind",
    ({ kind, written, means }) => {
      expect(asJson(decodeObject(kind, written))).toMatchObject(Object(means));
    },
  );

  it("is read from the table, every item of it", async () => {
    await putItems(items.items, emulators);

    const read = await readItems(
      storesOf({ client: emulators.dynamodb, name: emulators.table, clock: () => recordedAtMs }),
    );

    expect(asJson(read)).toMatchObject(items.means);
  });
});

describe("the records of the present version", () => {
  const { messages, objects, items } = readRecords(presentVersion());
  const kindsIn = (records: readonly { kind: string }[]) => [...new Set(records.map(({ kind }) => kind))].toSorted();

  it("have every kind of message that a function reads", () => {
    expect(kindsIn(messages)).toEqual(messageKinds.toSorted());
  });

  it("have every kind of object that a function writes for another", () => {
    expect(kindsIn(objects)).toEqual(objectKinds.toSorted());
  });

  it("have every kind of item that a store writes", () => {
    const recorded = new Set(items.items.map(({ pk }) => pk?.S?.split("#")[0]));

    expect([...recorded].toSorted()).toEqual(partitionKeys());
  });
});

/** The first parts of the partition keys that the stores' sources name. */
function partitionKeys(): string[] {
  const directory = new URL("../../lib/stores/dynamodb/", import.meta.url);
  const sources = readdirSync(directory).map((name) => readFileSync(new URL(name, directory), "utf8"));
  const named = sources.flatMap((text) => [...text.matchAll(/(?:[`"]([A-Z]+)#|pk: "([A-Z]+)")/g)]);
  return [...new Set(named.map(([, prefixed, whole]) => prefixed ?? whole ?? ""))].toSorted();
}
