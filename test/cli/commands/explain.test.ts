import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { batchLine, directoryWith, fakeIo } from "../fake-io.ts";

const example = fileURLToPath(new URL("../../../examples/support-desk.jsonl", import.meta.url));

function documents(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function explain(text: string, ...flags: string[]) {
  const io = fakeIo({ cwd: await directoryWith({ "batch.jsonl": text }) });
  const code = await main(["explain", "batch.jsonl", "--json", ...flags], io);
  return { code, io, lines: documents(io.out()) };
}

describe("explain", () => {
  it("prints a route with its reason for each line", async () => {
    const { code, lines, io } = await explain(
      batchLine("a", "Where is my parcel?", { switchyard: { dataClass: "phi" } }),
    );

    expect(code).toBe(0);
    expect(io.err()).toBe("");
    expect(lines).toEqual([
      {
        id: "a",
        complexity: "lightweight",
        tier: "lightweight",
        dataClass: "phi",
        dataClassReason: "the job says phi",
        residency: null,
        strategy: expect.any(String),
        reason: expect.any(String),
        order: "listed",
        chain: expect.arrayContaining(["haiku-eu"]),
        rejected: expect.arrayContaining([{ deployment: "gpt-mini", reason: expect.stringContaining("baa") }]),
      },
    ]);
  });

  it("prints an id and an error for each line that would not run, and goes on", async () => {
    const text = [
      "not json",
      batchLine("twice"),
      batchLine("twice"),
      batchLine("classless", "Hello", { switchyard: { dataClass: "secret" } }),
      "",
      batchLine("good"),
    ].join("\r\n");

    const { code, lines } = await explain(`\uFEFF${text}`);

    expect(code).toBe(0);
    expect(lines.map(({ id, error, chain }) => [id, error === undefined ? chain !== undefined : error])).toEqual([
      [null, { code: "invalid-line", message: expect.any(String) }],
      ["twice", true],
      ["twice", { code: "duplicate-id", message: expect.any(String) }],
      ["classless", { code: "unknown-data-class", message: expect.stringContaining("secret") }],
      ["good", true],
    ]);
  });

  it("reads standard input", async () => {
    const io = fakeIo({ cwd: await directoryWith({}), stdin: batchLine("piped") });

    expect(await main(["explain", "-", "--json"], io)).toBe(0);

    expect(io.json()).toMatchObject({ id: "piped" });
  });

  it("decides for the region that is asked for", async () => {
    const european = batchLine("a", "Hallo", { switchyard: { residency: "eu" } });

    const home = await explain(european, "--region", "eu-central-1");
    const abroad = await explain(european, "--region", "us-east-1");

    expect(home.lines[0]).toHaveProperty("chain");
    expect(abroad.lines[0]).toMatchObject({ id: "a", error: { code: "policy-denied" } });
  });

  it("shows people a table and the reasons for what was left out", async () => {
    const io = fakeIo({ cwd: await directoryWith({ "batch.jsonl": `${batchLine("a")}\nnot json\n` }) });

    expect(await main(["explain", "batch.jsonl"], io)).toBe(0);

    expect(io.out()).toContain("nova-lite → gpt-mini");
    expect(io.out()).toContain("left out by its when");
    expect(io.out()).toContain("invalid-line: The line is not JSON. (1 line)");
    expect(io.out()).toContain("2 lines, decided by");
  });

  it("names in each row the class, also of a line that is denied, and who may not see it with the reason", async () => {
    const lines = [
      batchLine("patient", "Hello", { switchyard: { dataClass: "phi" } }),
      batchLine("abroad", "Hello", { switchyard: { dataClass: "phi", residency: "eu" } }),
    ];
    const io = fakeIo({ cwd: await directoryWith({ "batch.jsonl": lines.join("\n") }) });

    await main(["explain", "batch.jsonl", "--region", "us-east-1"], io);

    const [, mark] = /\[(\d+)\] gpt-mini: class phi requires baa: true \(1 line\)/.exec(io.out()) ?? [];
    expect(io.out()).toMatch(new RegExp(`1 .*patient .*phi .*the job says phi .*gpt-mini \\[${mark}\\]`));
    expect(io.out()).toMatch(/2 .*abroad .*phi .*the job says phi .*policy-denied/);
  });

  it.each(["", "\n\n  \n"])("refuses a file without requests: %j", async (text) => {
    const io = fakeIo({ cwd: await directoryWith({ "empty.jsonl": text }) });

    expect(await main(["explain", "empty.jsonl"], io)).toBe(2);

    expect(io.err()).toContain("empty.jsonl holds no requests");
  });
});

describe("the example batch", () => {
  it("has a route for every line under the example configuration, with all classes, tiers and complexities", async () => {
    const { lines } = await explain(readFileSync(example, "utf8"), "--region", "eu-central-1");

    const seen = (field: string) => [...new Set(lines.map((line) => line[field]))].toSorted();
    expect(lines.length).toBeGreaterThan(250);
    expect(lines.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(seen("dataClass")).toEqual(["financial", "internal", "phi", "pii", "public"]);
    expect(seen("tier")).toEqual(["capable", "lightweight", "standard"]);
    expect(seen("complexity")).toEqual(["capable", "lightweight", "standard"]);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
  });
});
