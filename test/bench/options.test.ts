import { describe, expect, it } from "vitest";
import { readOptions } from "../../bench/options.ts";

const all = new Set(["decisions", "detection", "throughput", "cost", "limits", "outage", "scale", "bundles"]);

describe("the bench's command line", () => {
  it("measures everything in full when nothing is said", () => {
    expect(readOptions([])).toEqual({ kind: "options", quick: false, only: all });
  });

  it("takes a list of sections, and --quick", () => {
    const options = readOptions(["--quick", "--only", "cost, bundles"]);

    expect(options).toEqual({ kind: "options", quick: true, only: new Set(["cost", "bundles"]) });
  });

  it.each([[["--only", "cost,speed"]], [["--fast"]], [["cost"]]])("refuses %j and says how it is used", (args) => {
    const options = readOptions(args);

    expect(options).toMatchObject({ kind: "wrong", message: expect.stringContaining("Use: npm run bench") });
  });
});
