import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createLocalFunction, type LocalFunction } from "../../../lib/local/lambda/local-function.ts";
import { createProcessBudget } from "../../../lib/local/lambda/process-budget.ts";

const directory = mkdtempSync(join(tmpdir(), "switchyard-function-"));
const running: LocalFunction[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A function that answers after so many milliseconds, and never for none. */
function sleeper(
  name: string,
  budget: ReturnType<typeof createProcessBudget>,
  { timeoutSeconds = 60, outlives }: { timeoutSeconds?: number; outlives?: (pid: number) => boolean } = {},
): LocalFunction {
  const logging = { group: name, format: "JSON", applicationLevel: undefined, systemLevel: undefined } as const;
  const made = createLocalFunction({
    definition: {
      name,
      arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      roleArn: "arn:aws:iam::000000000000:role/role",
      subnetIds: [],
      directory,
      handler: "index.handler",
      timeoutSeconds,
      memoryMb: 128,
      variables: {},
      logging,
    },
    environment: { PATH: process.env.PATH ?? "", LAMBDA_TASK_ROOT: directory, _HANDLER: "index.handler" },
    logDirectory: join(directory, "logs"),
    maxProcesses: 2,
    budget,
    onFailure: () => undefined,
    outlives,
  });
  running.push(made);
  return made;
}

describe("createLocalFunction", () => {
  it("takes the place of another function's process as soon as that is idle, while its own still works", async () => {
    const source =
      "export const handler = ({ ms }) => new Promise((done) => ms === undefined || setTimeout(done, ms));";
    writeFileSync(join(directory, "index.mjs"), source);
    const budget = createProcessBudget(1, 2);
    const [first, second] = [sleeper("first", budget), sleeper("second", budget)];
    const both = [1, 2].map(() => first.invoke('{"ms":300}'));
    void second.invoke("{}");

    const invocation = await second.invoke('{"ms":1}');

    expect(invocation.kind).toBe("returned");
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(["returned", "returned"]);
    expect([first.processes().length, second.processes().length]).toEqual([1, 2]);
  });

  it("gives up a process that outlives its time-out, and takes another for the next invocation", async () => {
    writeFileSync(join(directory, "index.mjs"), "export const handler = ({ ms }) => ms ?? new Promise(() => {});");
    const outlived: number[] = [];
    const frozen = sleeper("frozen", createProcessBudget(2, 2), {
      timeoutSeconds: 0.2,
      outlives: (pid) => outlived.push(pid) > 0,
    });

    const invocation = await frozen.invoke("{}");
    const next = await frozen.invoke('{"ms":1}');

    expect(invocation).toMatchObject({ kind: "failed", reason: "timeout" });
    expect(next.kind).toBe("returned");
    expect(frozen.processes().map(({ pid }) => pid)).not.toContain(outlived[0]);
    expect(process.kill(outlived[0] ?? 0, "SIGKILL")).toBe(true);
  });
});
