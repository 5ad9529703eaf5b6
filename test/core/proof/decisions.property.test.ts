import fc from "fast-check";
import { expect, it } from "vitest";
import { checkScenario } from "./check-scenario.ts";
import { scenarios } from "./scenario.ts";
import { Tally } from "./tally.ts";

/**
 * Held to what `oracle.ts` reads in the configurations: who is in a chain, who is rejected, which class, zone, tier and
 * lanes there are, who may be called or come next under two versions of a policy; that raising a class lets nobody more
 * see a job, and that the same job is decided the same.
 */
it("decides and hops under generated configurations as the design says", { timeout: 120_000 }, async () => {
  const tally = new Tally();

  await fc.assert(
    fc.asyncProperty(scenarios(20), (scenario) => checkScenario(scenario, tally)),
    { numRuns: 200 },
  );

  // All of it came to pass, or it would mean nothing.
  for (const what of [
    "routed in general",
    "routed in restricted",
    "chain of 3",
    "denied: policy-denied",
    "class by the batch",
    "class by what was found",
    "rejected: its class requires a fact",
    "rejected: a fact has ended",
    "forbidden on a hop: its class requires a fact",
    "calls",
    "next step: go",
  ])
    expect(tally.of(what), what).toBeGreaterThan(0);
});
