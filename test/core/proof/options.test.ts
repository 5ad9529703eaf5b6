import { expect, it } from "vitest";
import { readProofOptions } from "./options.ts";

it("reads how many decisions to make, and from which seed", () => {
  expect(readProofOptions(["--decisions", "20", "--seed", "7"], 1)).toEqual({
    kind: "options",
    decisions: 20,
    seed: 7,
  });
  expect(readProofOptions([], 1)).toEqual({ kind: "options", decisions: 1_000_000, seed: 1 });
});

it.each([
  [["--decisions", "0"], "--decisions 0 is not a whole number above 0."],
  [["--seed", "x"], "--seed x is not a whole number."],
  [["--decision", "5"], "Unknown option '--decision'"],
  [["7"], "Unexpected argument '7'"],
])("answers %j with what is wrong and how it is used", (args, message) => {
  const read = readProofOptions(args, 1);

  expect(read).toMatchObject({ kind: "wrong", message: expect.stringContaining(message) });
  expect(read).toMatchObject({ message: expect.stringContaining("Use: npm run prove:decisions") });
});
