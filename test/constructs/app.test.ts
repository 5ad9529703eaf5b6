import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("bin/app.ts", () => {
  let directory: string;
  const app = resolve(import.meta.dirname, "../../bin/app.ts");
  const run = (context: Record<string, string>) =>
    spawnSync(process.execPath, [app], {
      encoding: "utf8",
      env: { ...process.env, CDK_OUTDIR: join(directory, "out"), CDK_CONTEXT_JSON: JSON.stringify(context) },
    });

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "app-"));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it("names the path and line of each fault of a configuration, and exits with 2", () => {
    const config = join(directory, "faulty.yaml");
    writeFileSync(config, "version: 1\nregions: [us-east-1]\ndeploymentz: {}\n");

    const { status, stderr } = run({ config });

    expect(status).toBe(2);
    expect(stderr).toContain(`${config}:3: error: deploymentz: unknown key "deploymentz"`);
  });

  it("refuses to guess what is to happen to data", () => {
    const { status, stderr } = run({ removal: "delete" });

    expect(status).toBe(2);
    expect(stderr).toContain("-c removal=delete is not known");
  });
});
