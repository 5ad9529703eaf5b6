import { describe, expect, it } from "vitest";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

/*
 * All providers are down for two minutes in the middle of a run. The clock moves a second at a time where nothing is to
 * be done, so that what waits comes back when it is due.
 */

const minuteMs = 60_000;

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `job-${index}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: `hello ${index}` }] },
    }),
  ).join("\n");
}

/** Jobs of which some are answered before all deployments are down for a while. */
async function runThrough({ names, jobs, before }: { names: string[]; jobs: number; before: number }) {
  const document = chainOf(...names);
  const outage = { fromMs: Number.POSITIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };
  const calls: { deployment: string; atMs: number; ok: boolean }[] = [];
  const answer: Answer = (_, { name }, atMs) => {
    if (calls.length === before) Object.assign(outage, { fromMs: atMs, untilMs: atMs + 2 * minuteMs });
    const ok = atMs < outage.fromMs || atMs >= outage.untilMs;
    calls.push({ deployment: name, atMs, ok });
    return ok
      ? { kind: "completed", response: { by: name }, usage: { inputTokens: 10, outputTokens: 5 } }
      : { kind: "failed", error: { kind: "overloaded", detail: "503" } };
  };
  const world = createWorld({ document, router: simpleRouter(document), answer });
  const batch = await world.upload("uploads/x.jsonl", lines(jobs));
  while (world.events.length === 0) if (!(await world.step())) world.advance(1000);
  const left = calls.flatMap(({ ok, atMs }) => (ok && atMs >= outage.untilMs ? [atMs - outage.untilMs] : []));
  return {
    answered: world.read(batch, "output.jsonl").length,
    failed: world.read(batch, "errors.jsonl"),
    dead: (name: string) => calls.filter(({ deployment, ok }) => deployment === name && !ok).map(({ atMs }) => atMs),
    /** From the end of the outage to when half of what was left is answered. */
    halfAfterMs: left[left.length >> 1],
  };
}

describe.each([
  { names: ["a"], jobs: 1, before: 0 },
  { names: ["a"], jobs: 20, before: 10 },
  { names: ["a"], jobs: 1000, before: 300 },
  { names: ["a", "b", "c"], jobs: 1, before: 0 },
  { names: ["a", "b", "c"], jobs: 1000, before: 300 },
])("two minutes without any provider, with $jobs jobs and the chain $names", (run) => {
  it("fail no job, and those that are left are answered half a minute after the recovery", async () => {
    const { answered, failed, halfAfterMs } = await runThrough(run);

    expect(failed).toEqual([]);
    expect(answered).toBe(run.jobs);
    // A probe is due at the latest 20 seconds after, and a job that is alone has waited for its round.
    expect(halfAfterMs).toBeLessThan(31_000);
  });

  it("bring each deployment no more than one call a rest, once it is known to be down", async () => {
    const { dead } = await runThrough(run);

    for (const name of run.names) {
      const times = dead(name);
      // The world's workers are new each time: those of one job that is alone try once more in place.
      const retryMs = run.jobs === 1 ? 500 : 0;
      const gapsMs = times.slice(1).flatMap((atMs, index) => {
        const gapMs = atMs - (times[index] ?? 0);
        return gapMs > retryMs ? [gapMs] : [];
      });
      const rests = gapsMs.filter((gapMs) => gapMs >= 5000);
      // After the first gap that is a rest, each is.
      expect(gapsMs.slice(gapsMs.findIndex((gapMs) => gapMs >= 5000))).toEqual(rests);
      // 5 and 10 seconds, and then 20 at a time.
      expect(rests.length).toBeLessThanOrEqual(7);
    }
  });
});
