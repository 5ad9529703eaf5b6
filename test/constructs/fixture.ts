import type { Deployment, Policy, PolicyDocument } from "../../lib/core/configuration/document.ts";

/** A deployment with what is not said filled in. */
export function deployment(parts: Pick<Deployment, "name" | "provider" | "model"> & Partial<Deployment>): Deployment {
  return {
    destinations: parts.region === undefined ? [] : [parts.region],
    price: [{ fromInputTokens: 0, inputPicoUsd: 1, outputPicoUsd: 1 }],
    contextTokens: 128_000,
    supports: [],
    facts: { dpa: true, trainsOnData: false },
    concurrency: 50,
    timeoutSeconds: 60,
    ...parts,
  };
}

const nova = deployment({
  name: "nova-lite",
  provider: "bedrock",
  model: "amazon.nova-lite-v1:0",
  region: "us-east-1",
  inferenceProfile: "in-region",
});
const haiku = deployment({
  name: "haiku-eu",
  provider: "bedrock",
  model: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
  region: "eu-central-1",
  inferenceProfile: "eu",
  destinations: ["eu-central-1", "eu-west-1", "eu-west-3"],
  timeoutSeconds: 120,
});
const gpt = deployment({
  name: "gpt-mini",
  provider: "openai",
  model: "gpt-4o-mini",
  baseUrl: "https://api.openai.com/v1",
  secret: "switchyard/openai",
  // No agreement to process personal data: general lanes only.
  facts: { dpa: false, trainsOnData: false },
  timeoutSeconds: 20,
});

/** A compiled policy with three deployments in two regions and both zones. */
export function documentWith(parts: Partial<Policy>): PolicyDocument {
  return {
    version: "0123456789abcdef",
    policy: {
      regions: ["us-east-1", "eu-central-1"],
      deployments: { "nova-lite": nova, "haiku-eu": haiku, "gpt-mini": gpt },
      tiers: {
        lightweight: [{ use: "nova-lite" }, { use: "gpt-mini" }],
        standard: [{ use: "gpt-mini" }, { use: "haiku-eu" }],
        capable: [{ use: "haiku-eu" }],
      },
      aliases: {},
      unknownModel: "error",
      dataClasses: [
        { name: "internal", zone: "general", require: { trainsOnData: false }, quarantine: false },
        { name: "pii", zone: "restricted", require: { trainsOnData: false, dpa: true }, quarantine: false },
      ],
      untagged: "internal",
      residencies: {},
      // biome-ignore lint/suspicious/noThenProperty: the configuration's word for what comes after the rules.
      routing: { rules: [], then: ["complexity"], default: "standard" },
      cooldown: {
        windowSeconds: 60,
        failureRate: 0.5,
        minAttempts: 5,
        baseSeconds: 5,
        maxSeconds: { overload: 20, auth: 900 },
      },
      deadlineSeconds: 86_400,
      maxRounds: 5,
      maxLineBytes: 8 * 1024 * 1024,
      replyQueues: ["answers"],
      ...parts,
    },
  };
}
