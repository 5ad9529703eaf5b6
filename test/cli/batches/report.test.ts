import { describe, expect, it } from "vitest";
import { printReport } from "../../../lib/cli/batches/report.ts";
import { Manifest } from "../../../lib/cli/manifest.ts";
import { fakeIo } from "../fake-io.ts";

const manifest = Manifest.parse({
  batch: "b-1",
  key: "uploads/x/a.jsonl",
  state: "completed",
  policyVersion: "p",
  acceptedAt: "2026-11-23T12:00:00.000Z",
  completedAt: "2026-11-23T12:00:09.000Z",
  blankLines: 2,
  counts: { accepted: 10, succeeded: 8, failed: 2, cancelled: 0 },
  costUsd: 0.03,
  deployments: {
    dead: { jobs: 0, fallbacks: 0, attempts: 3, failures: 3, costUsd: 0, p50Ms: 0, p95Ms: 0 },
    good: { jobs: 8, fallbacks: 2, attempts: 9, failures: 1, costUsd: 0.03, p50Ms: 812, p95Ms: 1450 },
  },
  errorCodes: { "invalid-line": 2 },
  baseline: { deployment: "large", costUsd: 0.12 },
});

function report(of: Manifest): string {
  const io = fakeIo({ cwd: "/" });
  printReport(io, of);
  return io.out();
}

describe("the report of a batch", () => {
  it("has a row for each deployment, the busiest first, and the sums", () => {
    const rows = report(manifest)
      .split("\n")
      .filter((line) => /^│ (good|dead|Total)/.test(line))
      .map((line) =>
        line
          .split("│")
          .map((cell) => cell.trim())
          .slice(1, -1),
      );

    expect(rows).toEqual([
      ["good", "8", "100.0 %", "2", "9", "1", "$0.0300", "812 ms", "1.4 s"],
      ["dead", "0", "0.0 %", "0", "3", "3", "$0", "–", "–"],
      ["Total", "8", "", "2", "12", "4", "$0.0300", "", ""],
    ]);
  });

  it("says how many lines failed and why, and what the capable tier would have cost", () => {
    const text = report(manifest);

    expect(text).toContain("10 lines: 8 succeeded, 2 failed (invalid-line 2). 2 blank lines skipped.");
    expect(text).toContain("on the capable tier alone (large) it would have been $0.1200: 75 % less.");
  });

  it("says when the capable tier would have been cheaper", () => {
    expect(report({ ...manifest, baseline: { deployment: "large", costUsd: 0.02 } })).toContain("$0.0200: 50 % more.");
  });

  it("gives the reason of a batch that failed as a whole", () => {
    const failed: Manifest = { ...manifest, state: "failed", failure: "The file is empty.", deployments: {} };

    expect(report(failed)).toContain("The batch failed: The file is empty.");
  });
});
