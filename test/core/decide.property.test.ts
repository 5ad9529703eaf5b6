import fc from "fast-check";
import { expect, it } from "vitest";
import { createDecider } from "../../lib/core/decide.ts";
import { capabilitiesOf } from "../../lib/core/eligibility.ts";
import { features } from "../../lib/core/features.ts";
import type { Job } from "../../lib/core/job.ts";
import { configuration, documentOf } from "./policy-fixture.ts";

const document = documentOf(configuration);
const nowMs = 0;
const classes = document.policy.dataClasses.map(({ name }) => name);
const { policy, version } = document;
const deciders = (["listed", "cheapest", "fastest", "weighted"] as const).flatMap((order) =>
  document.policy.regions.map((region) =>
    createDecider(
      { version, policy: { ...policy, orders: { lightweight: order, standard: order, capable: order } } },
      region,
    ),
  ),
);

const jobs: fc.Arbitrary<Job> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 8 }),
  line: fc.constant(1),
  body: fc.record(
    {
      model: fc.constantFrom("auto", "capable", "standard", "gpt-4o", "gpt", "llama", "nova", "haiku-eu"),
      messages: fc.array(
        fc.record({
          role: fc.constantFrom("user", "system", "assistant"),
          content: fc.constantFrom(
            "Hello",
            "Prove it and explain why.",
            "2 + 2 = 4, how many?",
            "long words ".repeat(5000),
          ),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      tools: fc.constantFrom([], [{ type: "function" }]),
      response_format: fc.constantFrom({ type: "text" }, { type: "json_schema" }),
    },
    { requiredKeys: ["model", "messages"] },
  ),
  options: fc.record(
    {
      dataClass: fc.constantFrom(...classes),
      residency: fc.constantFrom("eu", "germany", "us"),
      tier: fc.constantFrom("lightweight", "standard", "capable"),
      tenant: fc.constantFrom("vip", "other"),
    },
    { requiredKeys: [] },
  ),
});
const defaults = fc.record(
  { dataClass: fc.constantFrom(...classes), residency: fc.constantFrom("eu", "us") },
  { requiredKeys: [] },
);
const decider = fc.constantFrom(...deciders);

it("never names a deployment that may not see the job, and accounts for all of its tier", () => {
  fc.assert(
    fc.property(decider, jobs, defaults, ({ decide, reEligible }, job, batch) => {
      const read = features(job.body);
      const decision = decide(job, batch, { nowMs });
      if (decision.kind === "denied") return;

      const { dataClass, residency, zone, chain, rejected, tier } = decision;
      const context = { dataClass, residency, zone, needs: capabilitiesOf(read) };
      for (const name of chain) {
        expect(reEligible(context, name, nowMs)).toBeUndefined();
        expect(read.inputTokens + read.maxOutputTokens).toBeLessThanOrEqual(
          document.policy.deployments[name]?.contextTokens ?? 0,
        );
      }
      const accounted = [...chain, ...rejected.map(({ deployment }) => deployment)];
      expect(accounted.toSorted()).toEqual(document.policy.tiers[tier].map(({ use }) => use).toSorted());
    }),
  );
});

it("never widens the chain for a more sensitive class", () => {
  fc.assert(
    fc.property(decider, jobs, fc.constantFrom("lightweight", "standard", "capable"), ({ decide }, job, tier) => {
      let allowed: string[] | undefined;
      for (const dataClass of classes) {
        const decision = decide({ ...job, options: { ...job.options, dataClass, tier } }, {}, { nowMs });
        const chain = decision.kind === "routed" ? decision.chain : [];
        for (const name of chain) expect(allowed ?? chain).toContain(name);
        allowed = chain;
      }
    }),
  );
});

it("is never less sensitive than its batch", () => {
  fc.assert(
    fc.property(decider, jobs, defaults, ({ decide }, job, batch) => {
      const decision = decide(job, batch, { nowMs });
      if (batch.dataClass !== undefined && decision.dataClass !== undefined)
        expect(classes.indexOf(decision.dataClass)).toBeGreaterThanOrEqual(classes.indexOf(batch.dataClass));
    }),
  );
});

it("decides the same for the same job", () => {
  fc.assert(
    fc.property(decider, jobs, defaults, ({ decide }, job, batch) => {
      expect(decide(structuredClone(job), batch, { nowMs })).toEqual(decide(job, batch, { nowMs }));
    }),
  );
});
