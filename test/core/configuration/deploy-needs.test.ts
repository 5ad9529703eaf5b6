import { describe, expect, it } from "vitest";
import { deployNeeds } from "../../../lib/core/configuration/deploy-needs.ts";
import type { Deployment, Policy } from "../../../lib/core/configuration/document.ts";
import { policyDocument } from "../../fakes/policy-document.ts";

const { policy: base } = policyDocument("base");
const lite = base.deployments["nova-lite"];
if (lite === undefined) throw new Error("The fixture has no nova-lite.");
const { region: _region, ...placeless } = lite;
const mini: Deployment = {
  ...placeless,
  name: "gpt-mini",
  provider: "openai",
  model: "gpt-4o-mini",
  baseUrl: "https://api.openai.com/v1",
  secret: "switchyard/openai",
  destinations: [],
};

/** The stack: nova-lite on Bedrock and gpt-mini at OpenAI, for jobs of the general zone. */
const deployed: Policy = withDeployments(lite, mini);

function withDeployments(...deployments: Deployment[]): Policy {
  const chain = deployments.map(({ name }) => ({ use: name }));
  return {
    ...base,
    deployments: Object.fromEntries(deployments.map((each) => [each.name, each])),
    tiers: { lightweight: chain, standard: chain, capable: chain },
    tenants: { acme: { uploads: "acme/", senders: [] } },
    replyQueues: ["answers"],
  };
}

/** The same with a class of the restricted zone that nova-lite may see. */
const restricted: Policy = {
  ...withDeployments({ ...lite, facts: { ...lite.facts, baa: true } }, mini),
  dataClasses: [...base.dataClasses, { name: "phi", zone: "restricted", require: { baa: true }, quarantine: false }],
};

describe("a policy needs a deploy", () => {
  it.each<[string, Policy, string, RegExp]>([
    ["for another stack", { ...deployed, regions: ["us-east-1", "eu-west-1"] }, "regions", /no stack in eu-west-1 yet/],
    ["for another network", { ...deployed, network: "isolated" }, "network", /"open", not "isolated"/],
    [
      "for a provider's first deployment",
      withDeployments(lite, mini, { ...mini, name: "llama", baseUrl: "https://llm.example.com/v1" }),
      "deployments.llama",
      /no lane openai-llm-example-com-general/,
    ],
    ["for lanes of a zone that had none", restricted, "deployments.nova-lite", /no lane bedrock-us-east-1-restricted/],
    [
      "for a secret that its lane's role may not read",
      withDeployments(lite, { ...mini, secret: "openai" }),
      "deployments.gpt-mini",
      /has the secret switchyard\/openai, not openai/,
    ],
    [
      "for a model that a Bedrock lane's role does not name",
      withDeployments({ ...lite, model: "amazon.nova-pro-v1:0" }, mini),
      "deployments.nova-lite.model",
      /may not call amazon\.nova-pro-v1:0 \(in-region\)/,
    ],
    [
      "for an inference profile that the role does not name",
      withDeployments({ ...lite, inferenceProfile: "us", destinations: ["us-east-1", "us-west-2"] }, mini),
      "deployments.nova-lite.model",
      /\(us\)/,
    ],
    [
      "for a call that is too long for its function",
      withDeployments(lite, { ...mini, timeoutSeconds: 100 }),
      "deployments.gpt-mini.timeoutSeconds",
      /100 s is too long for the function of lane openai-api-openai-com-general, which has 120 s/,
    ],
    [
      "to ask Comprehend",
      {
        ...deployed,
        detect: { raiseTo: {}, phoneRegions: [], minConfidence: 0.5, comprehend: { language: "en" } },
      },
      "detect.comprehend",
      /may not ask Comprehend/,
    ],
    ["to reply to another queue", { ...deployed, replyQueues: ["answers", "more"] }, "replyQueues", /send to more/],
    [
      "for a tenant's managed policy",
      { ...deployed, tenants: { ...deployed.tenants, globex: { senders: [], uploads: "globex/" } } },
      "tenants.globex",
      /no managed policy/,
    ],
    ["for queues of high priority", { ...deployed, highPriorityQueues: true }, "highPriorityQueues", /no second queue/],
    ["for a cache", { ...deployed, cache: { ttlSeconds: 60, classes: ["internal"] } }, "cache", /roles may not/],
    [
      "for a tenant's other prefix",
      { ...deployed, tenants: { acme: { senders: [], uploads: "acme-2/" } } },
      "tenants.acme.uploads",
      /uploads\/acme-2\//,
    ],
    [
      "for a tenant's first sender",
      { ...deployed, tenants: { acme: { senders: ["AROAEXAMPLE"], uploads: "acme/" } } },
      "tenants.acme.senders",
      /jobs queue/,
    ],
  ])("%s", (_, wanted, path, message) => {
    const needs = deployNeeds(wanted, deployed);

    expect(needs).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it.each<[string, Policy]>([
    ["what was deployed", deployed],
    ["another order of a tier", { ...deployed, tiers: { ...deployed.tiers, standard: [{ use: "gpt-mini" }] } }],
    ["a deployment less", { ...deployed, ...pick(withDeployments(mini)) }],
    ["another model behind a lane with a secret", withDeployments(lite, { ...mini, name: "gpt-4o", model: "gpt-4o" })],
    ["a shorter call", withDeployments({ ...lite, timeoutSeconds: 5 }, mini)],
    ["no tenants and no reply queues", { ...deployed, tenants: {}, replyQueues: [] }],
    [
      "limits of a tenant",
      {
        ...deployed,
        tenants: {
          acme: { senders: [], uploads: "acme/", limits: { requestsPerMinute: 60, share: { "us-east-1": 1 } } },
        },
      },
    ],
    ["a region less", { ...deployed, regions: ["us-east-1"] }],
  ])("not for %s", (_, wanted) => {
    expect(deployNeeds(wanted, deployed)).toEqual([]);
  });
});

function pick({ deployments, tiers }: Policy): Pick<Policy, "deployments" | "tiers"> {
  return { deployments, tiers };
}
