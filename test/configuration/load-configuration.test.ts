import { copyFile, mkdtemp, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../lib/configuration/load-configuration.ts";
import { createDecider } from "../../lib/core/decide.ts";
import { lanesOf } from "../../lib/core/lane.ts";

const example = fileURLToPath(new URL("../../examples/switchyard.yaml", import.meta.url));

async function load(path: string) {
  const loaded = await loadConfiguration(path);
  if (loaded.kind === "invalid") throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

describe("the example", () => {
  it("compiles without a warning", async () => {
    const { warnings, document } = await load(example);

    expect(warnings).toEqual([]);
    expect(document.version).toMatch(/^[0-9a-f]{16}$/);
    expect(document.policy.regions).toEqual(["us-east-1", "eu-central-1"]);
  });

  it("serves every class in every tier, with a residency too", async () => {
    const { document } = await load(example);

    for (const home of document.policy.regions)
      for (const { name: dataClass } of document.policy.dataClasses)
        for (const tier of ["lightweight", "standard", "capable"] as const)
          for (const residency of home === "eu-central-1" ? [undefined, "eu"] : [undefined]) {
            const options = { dataClass, tier, ...(residency !== undefined && { residency }) };
            const job = {
              id: "a",
              line: 1,
              body: { model: "auto", messages: [{ role: "user" as const, content: "Hi" }] },
              options,
            };
            expect(createDecider(document, home).decide(job, {}, { nowMs: Date.now() })).toMatchObject({
              kind: "routed",
              tier,
              dataClass,
            });
          }
  });

  it("keeps financial data on one's own machine", async () => {
    const { document } = await load(example);

    expect(lanesOf(document.policy).filter(({ zone }) => zone === "restricted").length).toBeGreaterThan(1);
    for (const tier of ["lightweight", "standard", "capable"] as const) {
      const job = {
        id: "a",
        line: 1,
        body: { model: tier, messages: [{ role: "user" as const, content: "Hi" }] },
        options: { dataClass: "financial" },
      };
      expect(createDecider(document, "us-east-1").decide(job, {}, { nowMs: Date.now() })).toMatchObject({
        chain: ["llama-onprem"],
      });
    }
  });
});

describe("loadConfiguration", () => {
  it("gives a later change the greater generation and leaves the version alone", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "configuration-")), "switchyard.yaml");
    const { document } = await load(example);
    await copyFile(example, path);
    const before = await load(path);
    const later = new Date(before.generation + 60_000);

    await utimes(path, later, later);
    const after = await load(path);

    expect(after.generation).toBe(later.getTime());
    expect(after.document.version).toBe(document.version);
  });

  it("reports a file that it cannot read", async () => {
    expect(await loadConfiguration("/nowhere/switchyard.yaml")).toMatchObject({
      kind: "invalid",
      problems: [{ line: 1, message: expect.stringMatching(/no readable file \/nowhere\/switchyard\.yaml/) }],
    });
  });
});
