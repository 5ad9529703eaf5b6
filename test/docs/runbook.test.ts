import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const headings = [...read("docs/runbook.md").matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);

/** The ids under which `alarms.ts` makes alarms, up to what is different for each queue, lane, zone or function. */
const alarms = [...read("lib/constructs/alarms.ts").matchAll(/this\.above\(\s*[`"]([a-z-]+)/g)].map(
  ([, id = ""]) => id,
);

describe("the runbook", () => {
  it("finds the alarms in their source", () => {
    expect(alarms).toContain("batches-stuck");
  });

  it.each(alarms)("has a section for the alarm %s", (id) => {
    expect(headings.filter((heading) => heading.startsWith(id))).not.toEqual([]);
  });
});
