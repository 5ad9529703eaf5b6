import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readEvalOptions } from "../../bench/eval-pii/options.ts";

const file = fileURLToPath(import.meta.url);

describe("the command line of eval:pii", () => {
  it("names a file, and what to show", () => {
    expect(readEvalOptions(["--data", file, "--misses", "5", "--regions", "DE, GB", "--confidence", "0.5"])).toEqual({
      kind: "options",
      data: file,
      json: false,
      misses: 5,
      regions: ["DE", "GB"],
      minConfidence: 0.5,
    });
  });

  it.each([
    [[], "--data is missing."],
    [["--data", "nowhere.jsonl"], "There is no file nowhere.jsonl."],
    [["--data", "."], ". is a directory"],
    [["--data", file, "--misses", "many"], "--misses many is not a whole number."],
    [["--data", file, "--confidence", "2"], "--confidence 2 is not a number above 0 and at most 1."],
    [["--data", file, "--regions", "DE,Germany"], "there is no country Germany"],
    [["--date", file], "Unknown option '--date'"],
  ])("%j is answered with what is wrong and how it is used", (args, message) => {
    const read = readEvalOptions(args);

    expect(read).toMatchObject({ kind: "wrong", message: expect.stringContaining(message) });
    expect(read).toMatchObject({ message: expect.stringContaining("Use: npm run eval:pii -- --data FILE") });
  });
});
