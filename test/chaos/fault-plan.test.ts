import { describe, expect, it } from "vitest";
import { callFaults, faultOf, type PlannedCall } from "../../chaos/fault-plan.ts";
import { readOptions } from "../../chaos/options.ts";

function options(...args: string[]) {
  const read = readOptions(args, {}, () => 2);
  if (read.kind === "wrong") throw new Error(read.message);
  return read.options;
}
const calls = Array.from({ length: 2000 }, (_, index): PlannedCall => {
  const send = { call: "sqs.SendMessageBatch", write: "send to lane" };
  const read = { call: "dynamodb.GetItem", write: undefined };
  return { role: "invoke", n: 1 + Math.floor(index / 2), ...(index % 2 === 0 ? send : read) };
});
const plan = (seed: number) => calls.map((call) => faultOf(call, seed, options().intensity));

describe("faultOf", () => {
  it("says the same of the same call under the same seed, and else another", () => {
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it("lets a call that only reads fail, and never take effect without an answer", () => {
    const ofReads = new Set(plan(3).filter((_, index) => index % 2 === 1));

    expect([...ofReads].toSorted()).toEqual(["call failed", "call slow", "call throttled", undefined]);
  });

  it("has every kind of fault for a send", () => {
    const intensity = { ...options().intensity, freezePoints: 1 };
    const ofSends = new Set(calls.filter(({ write }) => write).map((call) => faultOf(call, 3, intensity)));

    expect([...ofSends].filter((kind) => kind !== undefined).toSorted()).toEqual([...callFaults].toSorted());
  });
});

describe("readOptions", () => {
  it("slows the clocks of a busy machine, unless told how fast they go", () => {
    expect([options().speed, options("--short").speed, options("--speed", "3").speed]).toEqual([5, 10, 3]);
  });

  it("takes the stores' endpoint from the environment, too", () => {
    const read = readOptions(["--short"], { AWS_ENDPOINT_URL: "http://127.0.0.1:4566" }, () => 1);

    expect(read).toMatchObject({
      options: { endpoint: { aws: "http://127.0.0.1:4566", dynamodb: "http://127.0.0.1:4566" } },
    });
  });

  it("refuses what it does not know, and says what there is", () => {
    expect(readOptions(["--jobs", "none"], {}, () => 1)).toMatchObject({
      kind: "wrong",
      message: expect.stringContaining("--jobs"),
    });
    expect(readOptions(["--fast"], {}, () => 1)).toMatchObject({
      kind: "wrong",
      message: expect.stringContaining("npm run chaos"),
    });
  });
});
