import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAsynchronousInvoker } from "../../../lib/local/lambda/asynchronous.ts";
import type { LocalFunction } from "../../../lib/local/lambda/local-function.ts";

/** A function that fails a number of times before it returns. */
function failing(times: number): LocalFunction & { payloads: string[] } {
  const payloads: string[] = [];
  return {
    payloads,
    definition: {
      name: "sweep",
      arn: "",
      roleArn: "",
      subnetIds: [],
      directory: "",
      handler: "",
      timeoutSeconds: 1,
      memoryMb: 128,
      variables: {},
      logging: { group: "", format: "Text", applicationLevel: undefined, systemLevel: undefined },
    },
    async invoke(payload) {
      payloads.push(payload);
      if (payloads.length > times) return { kind: "returned", payload: "null", durationMs: 1 };
      return { kind: "failed", reason: "error", errorType: "Error", errorMessage: "", durationMs: 1 };
    },
    whenFree: async () => undefined,
    inFlight: () => 0,
    processes: () => [],
    stats: () => {
      throw new Error("not asked for");
    },
    logBytes: () => 0,
    stop: async () => undefined,
  };
}

describe("createAsynchronousInvoker", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["not at all after success", 0, 2, 1],
    ["until it succeeds", 1, 2, 2],
    ["as often as is configured", 9, 2, 3],
    ["never, if that is configured", 9, 0, 1],
  ])("repeats %s", async (_what, failures, retries, expected) => {
    const target = failing(failures);

    createAsynchronousInvoker(() => retries).invoke(target, "{}");
    await vi.advanceTimersByTimeAsync(600_000);

    expect(target.payloads).toHaveLength(expected);
  });

  it("repeats nothing once it is stopped", async () => {
    const target = failing(9);
    const invoker = createAsynchronousInvoker(() => 2);

    invoker.invoke(target, "{}");
    await vi.advanceTimersByTimeAsync(1000);
    invoker.stop();
    await vi.advanceTimersByTimeAsync(600_000);

    expect(target.payloads).toHaveLength(1);
  });
});
