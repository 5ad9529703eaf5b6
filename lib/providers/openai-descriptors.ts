import type { ProviderDescriptor } from "../core/configuration/provider-descriptor.ts";

/** OpenAI's chat completions. */
export const openai: ProviderDescriptor = {
  place: "endpoint",
  defaultBaseUrl: "https://api.openai.com/v1",
  needsSecret: true,
  supports: ["tools", "json-schema", "images"],
  priceProvider: "openai",
};

/** Any server that speaks OpenAI's chat completions: vLLM, SGLang, llama.cpp, gateways. What its model lacks, the configuration says. */
export const openaiCompatible: ProviderDescriptor = {
  place: "endpoint",
  needsBaseUrl: true,
  needsSecret: false,
  supports: ["tools", "json-schema", "images"],
  priceProvider: "openai-compatible",
};
