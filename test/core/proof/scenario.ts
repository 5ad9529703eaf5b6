import fc from "fast-check";
import { batchDrafts, jobDrafts } from "./job-arbitrary.ts";
import { laters } from "./later-arbitrary.ts";
import { lastDays, writtenConfigurations } from "./written-arbitrary.ts";

/** When generated configurations are compiled, Unix milliseconds. */
export const compiledAtMs = Date.UTC(2026, 5, 1, 12);

const dayMs = 86_400_000;
/** The last moments of days on which facts end, and the first ones behind them. */
const moments = lastDays.flatMap((day) => [-1, 0, 1].map((offset) => Date.parse(day) + dayMs + offset));

/** Jobs of one batch, under a configuration and the one that is current when they hop. */
export function scenarios(jobs: number) {
  return fc.record({
    written: writtenConfigurations,
    later: laters,
    homeAt: fc.nat(3),
    atMs: fc.constantFrom(compiledAtMs, compiledAtMs, ...moments),
    batch: batchDrafts,
    jobs: fc.array(jobDrafts, { minLength: 1, maxLength: jobs, size: "max" }),
  });
}
export type Scenario = ReturnType<typeof scenarios> extends fc.Arbitrary<infer Made> ? Made : never;
