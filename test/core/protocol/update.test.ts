import { expect, it } from "vitest";
import { applyUpdate } from "../../../lib/core/protocol/update.ts";

it("changes a copy of what it changes, and shares the rest", () => {
  const before = { counts: { done: 1 }, shards: { "0": { state: "open" }, "1": { state: "open" } } };
  const kept = structuredClone(before);

  const after = applyUpdate(before, {
    conditions: [],
    changes: [
      { kind: "set", path: ["shards", "0", "state"], value: "closed" },
      { kind: "add", path: ["counts", "done"], by: 2 },
      { kind: "copy", path: ["shards", "1", "was"], from: ["shards", "0", "state"] },
      { kind: "remove", path: ["shards", "1", "state"] },
    ],
  });

  expect(before).toEqual(kept);
  expect(after).toEqual({ counts: { done: 3 }, shards: { "0": { state: "closed" }, "1": { was: "open" } } });
});
