import { describe, expect, it } from "vitest";
import { askForCapacity, consumedCapacity } from "../../../lib/local/emulators/consumed-capacity.ts";

describe("askForCapacity", () => {
  it("asks whatever the caller asked", () => {
    const asked = askForCapacity("PutItem", JSON.stringify({ TableName: "t", ReturnConsumedCapacity: "NONE" }));

    expect(JSON.parse(asked)).toEqual({ TableName: "t", ReturnConsumedCapacity: "TOTAL" });
  });

  it("leaves operations on tables as they are", () => {
    expect(askForCapacity("DescribeTable", '{"TableName":"t"}')).toBe('{"TableName":"t"}');
  });
});

describe("consumedCapacity", () => {
  it.each([
    [
      "GetItem",
      { Item: {}, ConsumedCapacity: { CapacityUnits: 0.5, TableName: "t" } },
      { writeUnits: 0, readUnits: 0.5 },
    ],
    ["UpdateItem", { ConsumedCapacity: { CapacityUnits: 17, TableName: "t" } }, { writeUnits: 17, readUnits: 0 }],
    [
      "BatchWriteItem",
      { ConsumedCapacity: [{ CapacityUnits: 2 }, { CapacityUnits: 3 }] },
      { writeUnits: 5, readUnits: 0 },
    ],
    ["PutItem", { __type: "ValidationException" }, { writeUnits: 0, readUnits: 0 }],
  ])("reads the units of %s", (operation, reply, expected) => {
    expect(consumedCapacity(operation, JSON.stringify(reply))).toEqual(expected);
  });

  it("is not deceived by data that looks like the field", () => {
    const Item = { a: { S: '"ConsumedCapacity":{"CapacityUnits":99}' }, ConsumedCapacity: { M: {} } };
    const reply = JSON.stringify({ Item, ConsumedCapacity: { CapacityUnits: 1 } });

    expect(consumedCapacity("GetItem", reply).readUnits).toBe(1);
  });
});
