import { describe, expect, it } from "vitest";
import { explore } from "./explore.ts";
import { faulty } from "./faulty.ts";
import { scopes } from "./scopes.ts";

// The real functions over the real transitions, stopped at every request they make: see docs/decisions/0060.

/** More would not be looked at in the time that a run of the tests may take. */
const mostStates = 150_000;
const timeoutMs = 60_000;

describe("the protocol, in every state of a small world", () => {
  const happened = new Set<string>();

  it.each(scopes)("holds when $name", { timeout: timeoutMs }, async (scope) => {
    const explored = await explore(scope, undefined, mostStates);

    expect(explored.violation).toBeUndefined();
    expect(explored.states).toBeGreaterThan(500);
    for (const event of explored.happened) happened.add(event);
  });

  it("came to all that the rules are for", () => {
    expect([...happened]).toEqual(
      expect.arrayContaining([
        "plan planned",
        "plan abandoned",
        "abandon applied",
        "claim leased",
        "claim closed",
        "commit fenced",
        "commit closed",
        "release applied",
        "release fenced",
        "repair applied",
        "repair fenced",
        "nest applied",
        "add-nested closed",
        "add-chunk refused",
        "cancel applied",
        "end refused",
        "complete refused",
      ]),
    );
  });
});

describe("the checker", () => {
  it.each(faulty)("sees that $fault", { timeout: timeoutMs }, async ({ protocol, seenIn, says }) => {
    const scope = scopes.find(({ name }) => name === seenIn);
    if (scope === undefined) throw new Error(`There is no scope "${seenIn}".`);

    const { violation } = await explore(scope, protocol, mostStates);

    expect(violation?.message).toMatch(says);
  });
});
