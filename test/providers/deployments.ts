import type { ChatBody } from "../../lib/core/chat.ts";
import type { Deployment } from "../../lib/core/configuration/document.ts";

const shared = {
  destinations: [],
  price: [{ fromInputTokens: 0, inputPicoUsd: 1_000_000, outputPicoUsd: 2_000_000 }],
  contextTokens: 100_000,
  supports: [],
  facts: {},
  concurrency: 20,
  timeoutSeconds: 30,
} satisfies Partial<Deployment>;

export const bedrockDeployment: Deployment = {
  ...shared,
  name: "haiku-eu",
  provider: "bedrock",
  model: "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
  region: "eu-central-1",
  inferenceProfile: "eu",
};

export const openaiDeployment: Deployment = {
  ...shared,
  name: "gpt-mini",
  provider: "openai",
  model: "gpt-4o-mini",
  baseUrl: "https://api.openai.com/v1",
  secret: "switchyard/openai",
};

export const compatibleDeployment: Deployment = {
  ...shared,
  name: "llama-onprem",
  provider: "openai-compatible",
  model: "llama-4-scout",
  baseUrl: "https://llm.example.internal/v1",
};

export const question: ChatBody = { model: "auto", messages: [{ role: "user", content: "Where is my parcel?" }] };
