import { describe, expect, it } from "vitest";
import { updateFor } from "../../lib/core/protocol/chunk-update.ts";
import { freshShard } from "../../lib/core/protocol/shard.ts";
import { updateExpression } from "../../lib/stores/dynamodb/update-expression.ts";

describe("an update in DynamoDB's words", () => {
  it("names every path and value by a placeholder", () => {
    const expression = updateExpression({
      conditions: [
        { kind: "equals", path: ["shards", "0.1", "state"], value: "open" },
        { kind: "at-most", path: ["shards", "0.1", "leaseUntilMs"], value: 9 },
        { kind: "lacks", path: ["done"], value: 3 },
        { kind: "absent", path: ["name"] },
        { kind: "exists", path: ["state"] },
      ],
      changes: [
        { kind: "set", path: ["state"], value: "x" },
        { kind: "add", path: ["counts", "failed"], by: 2 },
        { kind: "copy", path: ["found"], from: ["shards", "0.1", "leaseUntilMs"] },
        { kind: "insert", path: ["done"], member: 3 },
        { kind: "remove", path: ["name"] },
      ],
    });

    expect(expression).toEqual({
      ConditionExpression:
        "#0.#1.#2=:0 AND #0.#1.#3<=:1 AND (attribute_not_exists(#4) OR NOT contains(#4,:2)) AND attribute_not_exists(#5) AND attribute_exists(#2)",
      UpdateExpression: "SET #2=:3,#6.#7=if_not_exists(#6.#7,:4)+:5,#8=#0.#1.#3 ADD #4 :6 REMOVE #5",
      ExpressionAttributeNames: {
        "#0": "shards",
        "#1": "0.1",
        "#2": "state",
        "#3": "leaseUntilMs",
        "#4": "done",
        "#5": "name",
        "#6": "counts",
        "#7": "failed",
        "#8": "found",
      },
      ExpressionAttributeValues: { ":0": "open", ":1": 9, ":2": 3, ":3": "x", ":4": 0, ":5": 2, ":6": new Set([3]) },
    });
  });

  it("leaves out what an update does not have", () => {
    expect(updateExpression({ conditions: [], changes: [{ kind: "remove", path: ["a"] }] })).toEqual({
      UpdateExpression: "REMOVE #0",
      ExpressionAttributeNames: { "#0": "a" },
    });
  });

  // Source: DynamoDB quotas, "Expression parameters": 4 KB an expression, 300 operators or functions.
  it("keeps the largest commit, 200 children and 40 deployments, within DynamoDB's limits", () => {
    const names = Array.from({ length: 200 }, (_, index) => `0.${index}`);
    const child = freshShard({ deployment: "nova-lite", zone: "general", lines: 1, pick: "A".repeat(36) });

    const { UpdateExpression = "" } = updateExpression(
      updateFor({
        type: "commit",
        shard: "0",
        fence: 1,
        segment: "1",
        counts: { succeeded: 1, failed: 1, cancelled: 1 },
        costNanoUsd: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`deployment-${index}`, 1])),
        children: Object.fromEntries(names.map((name) => [name, child])),
      }),
    );

    expect(UpdateExpression.length).toBeLessThanOrEqual(4096);
    expect(UpdateExpression.match(/\+|if_not_exists/g)?.length).toBeLessThanOrEqual(300);
  });
});
