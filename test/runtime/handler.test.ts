import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createLogger } from "../../lib/runtime/logger.ts";
import { createMetrics } from "../../lib/runtime/metrics.ts";
import { createHandler } from "../../lib/runtime/middleware.ts";

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "switchyard-plan",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:1:function:switchyard-plan",
  memoryLimitInMB: "256",
  awsRequestId: "request-1",
  logGroupName: "g",
  logStreamName: "s",
  getRemainingTimeInMillis: () => 4321,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

// Powertools writes to a console of its own, unless it is told that this is development.
let written: string[];
beforeEach(() => {
  written = [];
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  for (const method of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, method).mockImplementation((text: unknown) => void written.push(String(text)));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
const documents = (): unknown[] => written.map((text) => JSON.parse(text));

const Event = z.object({ name: z.string() });

function handlerOf<Result>(
  handle: Parameters<typeof createHandler<typeof Event, Result>>[1],
): (event: unknown) => Promise<Result> {
  const handler = createHandler({ event: Event, logger: createLogger(), metrics: createMetrics() }, handle);
  return (event) => handler(event, context);
}

describe("a handler", () => {
  it("gets its event parsed, and how long it has", async () => {
    const handler = handlerOf(async ({ event, remainingMs }) => `${event.name} ${remainingMs()}`);

    expect(await handler({ name: "a", more: 1 })).toBe("a 4321");
  });

  it("logs with the ids of its invocation", async () => {
    const handler = handlerOf(async ({ logger }) => logger.info("Planned.", { batch: "b-1" }));

    await handler({ name: "a" });

    expect(documents()).toEqual([
      expect.objectContaining({ message: "Planned.", batch: "b-1", function_request_id: "request-1", level: "INFO" }),
    ]);
  });

  it("writes its metrics once, also when it fails", async () => {
    const handler = handlerOf(async ({ metrics, event }) => {
      metrics.ofService("BatchesCompleted", 1);
      if (event.name === "bad") throw new Error("It broke.");
    });

    await handler({ name: "good" });
    await handler({ name: "bad" }).catch(() => {});
    await handler({ name: "good" });

    expect(documents().filter((document) => z.object({ _aws: z.unknown() }).safeParse(document).success)).toHaveLength(
      3,
    );
  });

  it("fails with its error, and logs it", async () => {
    const handler = handlerOf(async () => {
      throw new Error("The table is gone.");
    });

    await expect(handler({ name: "a" })).rejects.toThrow("The table is gone.");

    expect(documents()).toEqual([expect.objectContaining({ level: "ERROR", function_request_id: "request-1" })]);
    expect(written.join()).toContain("The table is gone.");
  });

  it("shows nobody's content in an error, neither in the log nor to Lambda", async () => {
    const secret = "My diagnosis";
    const parsing = handlerOf(async () => JSON.parse(`${secret} is`));
    const checking = handlerOf(async () => z.object({ tags: z.strictObject({}) }).parse({ tags: { [secret]: 1 } }));

    for (const handler of [parsing, checking]) {
      const error: unknown = await handler({ name: "a" }).catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(Error);
      expect(error instanceof Error ? `${error.message} ${error.stack}` : "").not.toContain("diagnosis");
      expect(error instanceof Error ? error.stack : "").toContain("handler.test.ts");
    }
    expect(written).toHaveLength(2);
    expect(written.join()).not.toContain("diagnosis");
  });

  it("refuses an event that is none of its own", async () => {
    const handler = handlerOf(async () => "never");

    await expect(handler({ Records: "secret" })).rejects.toThrow(/not what it should be: invalid_type at name/);
  });
});
