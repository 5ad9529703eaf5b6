import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchPartial } from "../../../lib/cli/batches/fetch-partial.ts";
import { chainOf, simpleRouter } from "../../core/work/simple-router.ts";
import { type Answer, createWorld } from "../../core/work/world.ts";
import { batchLine, directoryWith } from "../fake-io.ts";

const answer: Answer = (_, { name }) => ({
  kind: "completed",
  response: { by: name },
  usage: { inputTokens: 1, outputTokens: 1 },
});

async function linesOf(directory: string, name: string): Promise<string[]> {
  return (await readFile(join(directory, name), "utf8")).split("\n").filter((line) => line !== "");
}

describe("the results so far", () => {
  it("are lines of the final files, in input order, at every step", { timeout: 60_000 }, async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const lines = Array.from({ length: 4500 }, (_, id) => (id % 100 === 7 ? "no json" : batchLine(`${id}`)));
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"));
    const directory = await directoryWith({});
    const deps = { intake: world.stores.intake, zones: world.stores.zones, chunks: world.stores.chunks };
    const seen: { output: string[]; errors: string[] }[] = [];

    for (let step = 0; await world.step(); step++) {
      const item = world.stores.batches.items.get(batch);
      if (step % 5 !== 0 || item === undefined || item.completedAtMs !== undefined) continue;
      const partial = await fetchPartial(item, { ...deps, clock: () => 0 }, directory);
      const output = await linesOf(directory, "partial-output.jsonl");
      const errors = await linesOf(directory, "partial-errors.jsonl");
      expect(partial).toMatchObject({ partial: true, batch, ended: { output: output.length, errors: errors.length } });
      seen.push({ output, errors });
    }

    for (const file of ["output", "errors"] as const) {
      const final = world.read(batch, `${file}.jsonl`).map((line) => JSON.stringify(line));
      const place = new Map(final.map((line, at) => [line, at]));
      for (const { [file]: some } of seen) {
        const places = some.map((line) => place.get(line) ?? -1);
        expect(places).not.toContain(-1);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
    }
    const counts = seen.map(({ output }) => output.length);
    expect(counts.some((count) => count > 0 && count < 4455)).toBe(true);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });
});
