import type { Deployment, PolicyDocument } from "../../../lib/core/configuration/document.ts";
import type { Router } from "../../../lib/core/work/plan-chunk.ts";
import { policyDocument } from "../../fakes/policy-document.ts";

/** A policy of some deployments, each in a lane of its own, in one chain. */
export function chainOf(...names: string[]): PolicyDocument {
  const { version, policy } = policyDocument("p1");
  const [template] = Object.values(policy.deployments);
  if (template === undefined) throw new Error("the fixture has no deployment");
  const deployments: Record<string, Deployment> = {};
  for (const name of names)
    deployments[name] = { ...template, name, provider: name, facts: { trainsOnData: false, dpa: true } };
  const chain = names.map((use) => ({ use }));
  return {
    version,
    policy: {
      ...policy,
      deployments,
      tiers: { lightweight: chain, standard: chain, capable: chain },
      dataClasses: [
        ...policy.dataClasses,
        { name: "pii", zone: "restricted", require: { trainsOnData: false, dpa: true }, quarantine: false },
      ],
      replyQueues: ["answers"],
    },
  };
}

/** Routes everything along the whole chain; model `nowhere` is denied, class `pii` is restricted. */
export function simpleRouter(document: PolicyDocument): Router {
  const chain = Object.keys(document.policy.deployments);
  return {
    document,
    route: ({ body, options }) => ({
      decision:
        body.model === "nowhere"
          ? { kind: "denied", error: { code: "unknown-model", message: "no such model" }, rejected: [] }
          : {
              kind: "routed",
              tier: "standard",
              complexity: "standard",
              dataClass: options.dataClass ?? "internal",
              zone: options.dataClass === "pii" ? "restricted" : "general",
              strategy: "default",
              reason: "default",
              chain,
              rejected: [],
            },
      found: [],
      needs: [],
      inputTokens: 10,
      maxOutputTokens: 10,
    }),
  };
}
