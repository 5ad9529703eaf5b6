import { parseArgs } from "node:util";
import fc from "fast-check";
import { checkScenario } from "./check-scenario.ts";
import { scenarios } from "./scenario.ts";
import { Tally } from "./tally.ts";

/** Jobs of one scenario, at most: about half of them on average. */
const jobsOfScenario = 200;

const { values } = parseArgs({
  options: {
    decisions: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const wanted = Number(values.decisions);
const firstSeed = Number(values.seed);
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(firstSeed)) {
  console.error("Use: npm run prove:decisions -- [--decisions 1000000] [--seed N]");
  process.exit(2);
}

const tally = new Tally();
const startedMs = performance.now();
for (let seed = firstSeed; tally.of("decisions") < wanted; seed++) {
  const details = await fc.check(
    fc.asyncProperty(scenarios(jobsOfScenario), (scenario) => checkScenario(scenario, tally)),
    { seed, numRuns: 100 },
  );
  if (details.failed) {
    console.error(await fc.asyncDefaultReportMessage(details));
    console.error(`\nAfter ${tally.of("decisions")} decisions; again with --seed ${seed}.`);
    process.exit(1);
  }
}
const seconds = (performance.now() - startedMs) / 1000;
const decisions = tally.of("decisions");

for (const [what, times] of [...tally.counts].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  console.log(`${String(times).padStart(10)}  ${what}`);
console.log(
  `\n${decisions} decisions under ${tally.of("policies")} policies, from seed ${firstSeed} on, in ${seconds.toFixed(0)} s: ` +
    `${Math.round(decisions / seconds)} a second, checks included. No violation.`,
);
