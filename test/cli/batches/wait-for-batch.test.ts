import { describe, expect, it } from "vitest";
import type { BatchStatus } from "../../../lib/cli/batches/batch-status.ts";
import { waitForBatch } from "../../../lib/cli/batches/wait-for-batch.ts";

const running: BatchStatus = {
  batch: "b-1",
  key: "k",
  state: "running",
  acceptedAt: "",
  classified: 0,
  waiting: 0,
  running: 0,
  jobsPerSecond: 0,
  counts: { succeeded: 0, failed: 0, cancelled: 0 },
  costUsd: 0,
  collected: false,
};

/** Waits over these readings, a second apart; the last one repeats. */
function waiting(readings: (BatchStatus | undefined)[], interrupted = new AbortController()) {
  let nowMs = 0;
  const shown: (string | undefined)[] = [];
  const pausesMs: number[] = [];
  const ended = waitForBatch("b-1", {
    read: async () => (readings.length > 1 ? readings.shift() : readings[0]),
    onStatus: (status) => shown.push(status?.state),
    everyMs: 1000,
    unknownMs: 3000,
    clock: () => nowMs,
    interrupted: interrupted.signal,
    sleep: async (ms) => {
      pausesMs.push(ms);
      nowMs += ms;
    },
  });
  return { ended, shown, pausesMs };
}

describe("waiting for a batch", () => {
  it("ends when the results are there, and shows each state on the way", async () => {
    const completed: BatchStatus = { ...running, state: "completed", collected: true };
    const { ended, shown } = waiting([undefined, running, completed]);

    expect(await ended).toEqual(completed);
    expect(shown).toEqual([undefined, "running", "completed"]);
  });

  it("goes on after a batch failed, until its manifest is there", async () => {
    const failed: BatchStatus = { ...running, state: "failed" };
    const { ended } = waiting([failed, failed, { ...failed, collected: true }]);

    expect(await ended).toMatchObject({ state: "failed", collected: true });
  });

  it("looks less often while much is left of a large batch", async () => {
    const counts = { succeeded: 0, failed: 0, cancelled: 0 };
    const large = { ...running, lines: 1_000_000 };
    const readings = [large, { ...large, counts: { ...counts, succeeded: 980_000 } }, { ...large, collected: true }];
    const { ended, pausesMs } = waiting(readings);

    await ended;

    expect(pausesMs).toEqual([25_000, 1000]);
  });

  it("gives up on a batch that stays unknown", async () => {
    await expect(waiting([undefined]).ended).rejects.toThrow("There is no batch b-1 after 3 s");
  });

  it("ends without a state when it is interrupted", async () => {
    const interrupted = new AbortController();
    interrupted.abort();

    expect(await waiting([running], interrupted).ended).toBeUndefined();
  });
});
