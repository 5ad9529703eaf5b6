import { expect, it } from "vitest";
import type { Provider, ProviderOutcome } from "../../lib/core/provider.ts";
import type { Reach } from "../../lib/core/reach.ts";
import { withinReach } from "../../lib/providers/within-reach.ts";
import { question } from "./deployments.ts";

const answer: ProviderOutcome = { kind: "completed", response: {}, usage: { inputTokens: 1, outputTokens: 1 } };

it("closes the connections of a reach that has ended with the last call that uses them, and cuts none off", async () => {
  let reach: Reach = "on-premises";
  const closed: Reach[] = [];
  const held = Promise.withResolvers<void>();
  const provider = withinReach(
    () => reach,
    (own): Provider => ({
      async call() {
        if (own === "on-premises") await held.promise;
        return answer;
      },
      async close() {
        closed.push(own);
      },
    }),
  );
  const call = { body: question, timeoutMs: 1000 };

  const early = provider.call(call);
  reach = "internet";
  await provider.call(call);
  const closedMeanwhile = [...closed];
  held.resolve();
  const outcome = await early;

  expect(closedMeanwhile).toEqual([]);
  expect(outcome).toEqual(answer);
  expect(closed).toEqual(["on-premises"]);
  await provider.close();
  expect(closed).toEqual(["on-premises", "internet"]);
});
