import { describe, expect, it } from "vitest";
import { doneMessages } from "../../../lib/local/polling/batch-result.ts";

const returned = (payload: unknown) => ({ kind: "returned", payload: JSON.stringify(payload), durationMs: 1 }) as const;
const failed = { kind: "failed", reason: "error", errorType: "Error", errorMessage: "no", durationMs: 1 } as const;

describe("doneMessages", () => {
  it.each([
    ["null", null, ["a", "b"]],
    ["nothing", {}, ["a", "b"]],
    ["an empty list", { batchItemFailures: [] }, ["a", "b"]],
    ["a null list", { batchItemFailures: null }, ["a", "b"]],
    ["one failure", { batchItemFailures: [{ itemIdentifier: "b" }] }, ["a"]],
    ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }, []],
    ["a null identifier", { batchItemFailures: [{ itemIdentifier: null }] }, []],
    ["a wrong key", { batchItemFailures: [{ messageId: "a" }] }, []],
    ["a message that was not in the batch", { batchItemFailures: [{ itemIdentifier: "c" }] }, []],
    ["no object", "ok", []],
  ])("of a response with %s keeps what Lambda keeps", (_what, response, expected) => {
    expect([...doneMessages(returned(response), ["a", "b"], true)]).toEqual(expected);
  });

  it("takes any return as success when failures are not reported", () => {
    expect([...doneMessages(returned({ batchItemFailures: [{ itemIdentifier: "a" }] }), ["a"], false)]).toEqual(["a"]);
  });

  it("keeps every message of an invocation that failed", () => {
    expect(doneMessages(failed, ["a", "b"], true).size).toBe(0);
  });
});
