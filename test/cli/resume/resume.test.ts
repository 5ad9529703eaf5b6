import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { earlierOutput } from "../../../lib/cli/resume/earlier-results.ts";
import { mergeKept } from "../../../lib/cli/resume/merge-kept.ts";
import { partBatch } from "../../../lib/cli/resume/part-batch.ts";
import { chainOf, simpleRouter } from "../../core/work/simple-router.ts";
import { type Answer, createWorld } from "../../core/work/world.ts";
import { batchLine, directoryWith } from "../fake-io.ts";

const Result = z.looseObject({
  custom_id: z.string().nullable(),
  response: z.looseObject({ body: z.looseObject({ run: z.string() }) }).nullable(),
  error: z.looseObject({ code: z.string() }).nullable(),
  switchyard: z.looseObject({ line: z.int() }),
});

async function resultsIn(path: string): Promise<z.infer<typeof Result>[]> {
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => Result.parse(JSON.parse(line)));
}

/** Runs a batch in memory and leaves its results in a directory, as `results` does. */
async function run(name: string, batch: string, directory: string, fails: (text: string) => boolean = () => false) {
  const document = chainOf("a");
  const asked: string[] = [];
  const answer: Answer = ({ body }) => {
    const text = JSON.stringify(body.messages);
    asked.push(text);
    if (fails(text)) return { kind: "failed", error: { kind: "invalid-request", detail: "400" } };
    return { kind: "completed", response: { run: name }, usage: { inputTokens: 1, outputTokens: 1 } };
  };
  const world = createWorld({ document, router: simpleRouter(document), answer });
  const id = await world.upload("uploads/x.jsonl", batch);
  await world.settle();
  const path = (file: string) => join(directory, file);
  for (const file of ["output.jsonl", "errors.jsonl", "manifest.json"])
    await writeFile(path(file), world.stores.intake.items.get(`results/${id}/${file}`)?.body ?? "");
  return { asked, output: path("output.jsonl"), errors: path("errors.jsonl"), manifestPath: path("manifest.json") };
}

describe("resuming a batch", () => {
  it("runs what has no answer, or changed, and merges both in input order", async () => {
    const before = ["a", "b", "c", "d"].map((id) => batchLine(id, `text of ${id}`));
    const first = await directoryWith({});
    const earlier = await run("first", before.join("\n"), first, (text) => text.includes("text of c"));
    const again = [
      batchLine("new", "a new line"),
      before[3],
      "",
      batchLine("b", "text of b, changed"),
      before[2],
      before[0],
      batchLine("a", "another line with a's id"),
      batchLine("b", "another line with b's id"),
      "no json",
    ];
    const directory = await directoryWith({ "again.jsonl": again.join("\r\n") });

    const parted = await partBatch(join(directory, "again.jsonl"), earlier.output, join(directory, "parted"));
    const second = await run("second", await readFile(parted.rest, "utf8"), directory);
    const { asked, ...files } = second;
    const manifest = JSON.parse(await readFile(files.manifestPath, "utf8"));
    const merged = await mergeKept({ ...files, manifest }, join(directory, "parted"), directory);

    expect(parted).toMatchObject({ run: 5, kept: 2, duplicates: 1 });
    expect(asked.map((text) => /(a new line|text of \w(, changed)?)/.exec(text)?.[0])).toEqual([
      "a new line",
      "text of b, changed",
      "text of c",
    ]);
    const output = await resultsIn(join(directory, "output.jsonl"));
    expect(
      output.map(({ custom_id, response, switchyard }) => [switchyard.line, custom_id, response?.body.run]),
    ).toEqual([
      [1, "new", "second"],
      [2, "d", "first"],
      [4, "b", "second"],
      [5, "c", "second"],
      [6, "a", "first"],
    ]);
    const errors = await resultsIn(join(directory, "errors.jsonl"));
    expect(errors.map(({ custom_id, error, switchyard }) => [switchyard.line, custom_id, error?.code])).toEqual([
      [7, "a", "duplicate-id"],
      [8, "b", "duplicate-id"],
      [9, null, "invalid-line"],
    ]);
    expect(merged.manifest).toMatchObject({ blankLines: 1, kept: { answers: 2, duplicates: 1 } });
    expect(JSON.parse(await readFile(files.manifestPath, "utf8"))).toMatchObject({
      kept: { answers: 2, duplicates: 1 },
    });
  });

  it("has nothing left to run of a batch that was merged", async () => {
    const lines = ["a", "b", "c"].map((id) => batchLine(id)).join("\n");
    const directory = await directoryWith({ "batch.jsonl": lines });
    const { output } = await run("first", lines, directory);

    const parted = await partBatch(join(directory, "batch.jsonl"), output, join(directory, "parted"));

    expect(parted).toMatchObject({ run: 0, kept: 3, duplicates: 0 });
  });

  it("runs again what an answer without the request's name may not answer", async () => {
    const lines = batchLine("a");
    const answered = JSON.stringify({ custom_id: "a", response: {}, error: null, switchyard: { line: 1 } });
    const directory = await directoryWith({ "batch.jsonl": lines, "output.jsonl": `${answered}\n` });

    const parted = await partBatch(join(directory, "batch.jsonl"), join(directory, "output.jsonl"), directory);

    expect(parted).toMatchObject({ run: 1, kept: 0 });
  });
});

describe("what a batch is resumed from", () => {
  it("is the output of a directory with results", async () => {
    const cwd = await directoryWith({ "output.jsonl": "" });

    expect(await earlierOutput(".", cwd, undefined)).toBe(join(cwd, "output.jsonl"));
  });

  it.each([
    ["a directory without results", ".", "has no output.jsonl"],
    ["neither a directory nor a batch", "gone", "is no directory"],
    ["a batch, where only a directory will do", "b-90d81c258c0f6365e5a30e26", "is no directory"],
  ])("is not %s", async (_what, given, message) => {
    const cwd = await directoryWith({});

    await expect(earlierOutput(given, cwd, undefined)).rejects.toThrow(message);
  });
});
