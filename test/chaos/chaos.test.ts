import { describe, expect, it } from "vitest";
import { startOwnEmulators } from "../stores/own-emulators.ts";
import { chaos } from "./chaos.ts";

// A busy machine takes its time: its clocks go slower, and what must be found at the end is the same.
const timeout = 900_000;

describe("the whole stack under faults", () => {
  it("loses nothing, doubles nothing and sends nothing astray", { timeout }, async () => {
    const { code, report } = await chaos(["--short"]);

    expect(report).toMatchObject({ examples: [], passed: true, killPoints: { unlisted: [] } });
    expect(code).toBe(0);
    expect(report.jobs).toBeGreaterThan(500);
    expect(report.faults.kinds).toBeGreaterThanOrEqual(15);
    const { charged, recorded, cutOff, givenUp } = report.charges;
    expect(charged).toBe(recorded + cutOff + givenUp);
  });

  it("does the same with its stores on another emulator", { timeout }, async () => {
    const emulators = await startOwnEmulators("eu-central-1");

    const { code, report } = await chaos([
      ...["--short", "--jobs", "300", "--seed", "2"],
      ...["--endpoint", emulators.endpoint, "--dynamodb-endpoint", emulators.dynamodbEndpoint],
    ]).finally(emulators.stop);

    expect(report).toMatchObject({ examples: [], passed: true, killPoints: { unlisted: [] } });
    expect(code).toBe(0);
    expect(report.faults.total).toBeGreaterThan(50);
  });
});
