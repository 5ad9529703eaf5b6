import fc from "fast-check";
import { checkScenario } from "./check-scenario.ts";
import { readProofOptions } from "./options.ts";
import { type Scenario, scenarios } from "./scenario.ts";
import { Tally } from "./tally.ts";

/** Jobs of one scenario at most; about half of them on average. */
const jobsOfScenario = 200;
const scenariosAtOnce = 100;

const options = readProofOptions(process.argv.slice(2), Math.floor(Math.random() * 2 ** 31));
if (options.kind === "wrong") {
  console.error(options.message);
  process.exit(2);
}
const { decisions: wanted, seed: firstSeed } = options;

const tally = new Tally();
let decisionsToFault: number | undefined;
const startedMs = performance.now();
for (let seed = firstSeed; tally.of("decisions") < wanted; seed++) {
  const details = await fc.check(fc.asyncProperty(scenarios(jobsOfScenario), check), {
    seed,
    numRuns: scenariosAtOnce,
  });
  if (!details.failed) continue;
  const fault = details.errorInstance;
  const [scenario] = details.counterexample ?? [];
  console.error(JSON.stringify(scenario, undefined, 2));
  console.error(`\n${fault instanceof Error ? fault.stack : String(fault)}`);
  console.error(`\nAfter ${decisionsToFault} decisions, made as small as it gets. Again: --seed ${seed}`);
  process.exit(1);
}
const seconds = (performance.now() - startedMs) / 1000;
const decisions = tally.of("decisions");

for (const [what, times] of [...tally.counts].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  console.log(`${String(times).padStart(10)}  ${what}`);
console.log(
  `\n${decisions} decisions under ${tally.of("policies")} policies, from seed ${firstSeed} on, in ${seconds.toFixed(0)} s: ` +
    `${Math.round(decisions / seconds)} a second with all checks. No violation.`,
);

async function check(scenario: Scenario): Promise<void> {
  try {
    await checkScenario(scenario, tally);
  } catch (fault) {
    decisionsToFault ??= tally.of("decisions");
    throw fault;
  }
}
