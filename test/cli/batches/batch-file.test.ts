import { describe, expect, it } from "vitest";
import { resultNames } from "../../../lib/cli/batches/batch-file.ts";

describe("names of results", () => {
  it("are the files' names, told apart where they are the same", () => {
    const files = ["a/batch.jsonl", "b/batch.jsonl", "batch-2.jsonl", "notes", ".jsonl"].map((path) => ({
      name: path.split("/").at(-1) ?? "",
    }));

    expect(resultNames(files)).toEqual(["batch", "batch-2", "batch-2-2", "notes", ".jsonl"]);
  });
});
