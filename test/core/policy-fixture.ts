import { type Compiled, compile } from "../../lib/core/configuration/compile.ts";
import type { FindDefaultPrice } from "../../lib/core/configuration/compile-deployment.ts";
import type { Deployment, PolicyDocument } from "../../lib/core/configuration/document.ts";
import type { ProviderDescriptor } from "../../lib/core/configuration/provider-descriptor.ts";
import type { Job, JobOptions } from "../../lib/core/job.ts";

const providers: Record<string, ProviderDescriptor> = {
  bedrock: { place: "region", needsSecret: false, supports: [], reservesOutput: true, priceProvider: "aws" },
  openai: {
    place: "endpoint",
    defaultBaseUrl: "https://api.openai.com/v1",
    needsSecret: true,
    supports: ["tools", "json-schema", "images"],
    priceProvider: "openai",
  },
  "openai-compatible": {
    place: "endpoint",
    needsBaseUrl: true,
    needsSecret: false,
    supports: ["tools", "json-schema"],
    priceProvider: "openai-compatible",
  },
};

const prices: FindDefaultPrice = (provider, model) => {
  if (provider === "openai-compatible" || model.includes("unpriced")) return undefined;
  return { price: [{ fromInputTokens: 0, inputPicoUsd: 150_000, outputPicoUsd: 600_000 }], contextTokens: 200_000 };
};

/** Not a hash to rely on: enough to tell documents apart. */
function hash(text: string): string {
  let state = 0;
  for (let at = 0; at < text.length; at++) state = (Math.imul(state, 31) + text.charCodeAt(at)) >>> 0;
  return state.toString(16).padStart(64, "0").slice(-16).padEnd(64, "0");
}

export function compileText(text: string): Compiled {
  return compile(text, { providers, defaultPrice: prices, hash, nowMs: 0 });
}

/** The document of a configuration that must compile. */
export function documentOf(text: string): PolicyDocument {
  const compiled = compileText(text);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems, null, 2));
  return compiled.document;
}

/** A small world: two Bedrock regions, an external provider, and a machine of one's own. */
export const configuration = `version: 1
regions: [us-east-1, eu-central-1]
deployments:
  nova: { provider: bedrock, model: amazon.nova-lite-v1:0, region: us-east-1, facts: { dpa: true, baa: true, trainsOnData: false } }
  haiku-eu: { provider: bedrock, model: eu.anthropic.claude-haiku-4-5-v1:0, region: eu-central-1, facts: { dpa: true, baa: true, trainsOnData: false } }
  gpt: { provider: openai, model: gpt-4o-mini, secret: switchyard/openai, facts: { dpa: true, trainsOnData: false } }
  llama:
    provider: openai-compatible
    model: llama-4-scout
    baseUrl: https://llm.example.internal/v1
    price: { inputPerMTok: 0.05, outputPerMTok: 0.05 }
    contextTokens: 8000
    facts: { onPremises: true, residency: eu, dpa: true, baa: true, trainsOnData: false }
tiers:
  lightweight: { chain: [nova, gpt, llama] }
  standard: { chain: [haiku-eu, gpt, llama, { use: nova, when: 'complexity == "capable"' }] }
  capable: { chain: [gpt, haiku-eu, llama] }
aliases: { gpt-4o: capable }
dataClasses:
  public: {}
  internal: { require: { trainsOnData: false } }
  phi: { zone: restricted, require: { baa: true } }
  financial: { require: { onPremises: true } }
untagged: internal
residencies:
  eu: { regions: [eu-central-1], inferenceProfiles: [in-region, eu], facts: { residency: eu } }
  germany: { regions: [eu-central-1] }
  us: { regions: [us-east-1], facts: { residency: us } }
routing:
  rules:
    - { name: vip, when: 'tenant == "vip"', tier: capable }
    - { name: tagged, when: 'priority == "high" && tags.kind == "report"', tier: standard }
  then: [complexity]
`;

export function jobOf(options: JobOptions = {}, content = "Where is my card?", model = "auto"): Job {
  return { id: "a", line: 1, body: { model, messages: [{ role: "user", content }] }, options };
}

export function deploymentOf(overrides: Partial<Deployment> = {}): Deployment {
  return {
    name: "gpt",
    provider: "openai",
    model: "gpt-4o-mini",
    baseUrl: "https://api.openai.com/v1",
    destinations: [],
    price: [{ fromInputTokens: 0, inputPicoUsd: 150_000, outputPicoUsd: 600_000 }],
    contextTokens: 128_000,
    supports: [],
    facts: {},
    concurrency: 1,
    timeoutSeconds: 60,
    ...overrides,
  };
}
