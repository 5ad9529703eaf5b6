import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { main } from "../../lib/cli/main.ts";
import { batchLine, directoryWith, fakeIo } from "./fake-io.ts";

/** Every source of the command line. */
function sources(): [name: string, text: string][] {
  const directory = fileURLToPath(new URL("../../lib/cli/", import.meta.url));
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return names.map((name) => [name, readFileSync(join(directory, name), "utf8")]);
}

describe("the command line", () => {
  it("names commands as they can be typed in the checkout", () => {
    const bare = sources().flatMap(([name, text]) => (/["'(]switchyard [a-z]+/.test(text) ? name : []));

    expect(bare).toEqual([]);
  });

  it("prints help on stdout and exits with 0 when asked for it", async () => {
    const io = fakeIo({ cwd: "/" });

    const code = await main(["--help"], io);

    expect(code).toBe(0);
    expect(io.out()).toContain("Usage: switchyard");
    for (const name of [
      "run",
      "local",
      "submit",
      "enqueue",
      "status",
      "wait",
      "cancel",
      "results",
      "result",
      "costs",
      "validate",
      "explain",
      "estimate",
    ])
      expect(io.out()).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(io.err()).toBe("");
  });

  it.each([
    ["no command", []],
    ["an unknown command", ["frobnicate"]],
    ["an unknown option", ["validate", "--frobnicate"]],
    ["a missing argument", ["submit"]],
    ["too many arguments", ["wait", "b-1", "b-2"]],
  ])("exits with 2 and says so on stderr only, for %s", async (_what, argv) => {
    const io = fakeIo({ cwd: "/" });

    const code = await main(argv, io);

    expect(code).toBe(2);
    expect(io.out()).toBe("");
    expect(io.err()).not.toBe("");
  });

  it("answers wrong use with a JSON document too, where JSON was asked for", async () => {
    const io = fakeIo({ cwd: "/" });

    const code = await main(["submit", "--json"], io);

    expect(code).toBe(2);
    expect(io.json()).toEqual({ error: { message: expect.stringContaining("missing required argument 'file'") } });
  });
});

describe("wrong use of commands", () => {
  it.each([
    ["run", "gone.jsonl"],
    ["submit", "gone.jsonl"],
    ["enqueue", "gone.jsonl"],
    ["explain", "gone.jsonl"],
    ["estimate", "gone.jsonl"],
  ])("%s exits with 2 and names the file that is not there", async (...argv) => {
    const cwd = await directoryWith({});
    const io = fakeIo({ cwd });

    const code = await main(argv, io);

    expect(code).toBe(2);
    expect(io.err()).toContain("There is no file gone.jsonl");
    expect(io.err()).not.toContain("    at ");
  });

  it("says that a directory is none of a batch's files", async () => {
    const io = fakeIo({ cwd: await directoryWith({}) });

    expect(await main(["submit", "."], io)).toBe(2);

    expect(io.err()).toContain(". is a directory");
  });

  it.each([
    [["--deadline", "soon"], "--deadline soon is not a duration"],
    [["--tenant", "späti"], "--tenant must be 1 to 128 ASCII characters"],
    [["--config", "gone.yaml"], "There is no configuration gone.yaml"],
    [["--region", "mars-north-1"], "has no stack in mars-north-1"],
    [["--faults", "gone.yaml"], "The faults gone.yaml cannot be read"],
  ])("run exits with 2 for %j, before anything is started", async (flags, said) => {
    const io = fakeIo({ cwd: await directoryWith({ "batch.jsonl": batchLine("a") }) });

    const code = await main(["run", "batch.jsonl", ...flags], io);

    expect(code).toBe(2);
    expect(io.err()).toContain(said);
    expect(io.err()).not.toContain("Synthesizing");
  });

  it.each([
    [["--since", "yesterday"], "neither a date"],
    [["--since", "2026-12-01"], "in the future"],
    [["--since", "2025-01-01"], "too long ago"],
  ])("costs exits with 2 for %j", async (flags, said) => {
    const io = fakeIo({ cwd: "/" });

    expect(await main(["costs", ...flags], io)).toBe(2);

    expect(io.err()).toContain(said);
  });

  it.each([
    [["local", "--port", "http"], "--port: must be a port, 1 to 65535"],
    [["local", "--port", "65536"], "--port: must be a port, 1 to 65535"],
    [["status", "--endpoint", "localhost"], "--endpoint: must be a URL"],
    [["status", "--dynamodb-endpoint", "ftp://here"], "--dynamodb-endpoint: must be a URL"],
  ])("says what is wrong with a flag: %j", async (argv, said) => {
    const io = fakeIo({ cwd: await directoryWith({}) });

    expect(await main(argv, io)).toBe(2);

    expect(io.err()).toContain(said);
  });
});
