import { parseBaseUrl } from "../core/configuration/base-url.ts";
import type { Deployment } from "../core/configuration/document.ts";
import type { ProviderDescriptor } from "../core/configuration/provider-descriptor.ts";
import type { Provider } from "../core/provider.ts";
import { reachOf } from "../core/reach.ts";
import { bedrock } from "./bedrock-descriptor.ts";
import type { ProviderContext, ProviderDependencies, ProviderFactory } from "./factory.ts";
import { openai, openaiCompatible } from "./openai-descriptors.ts";
import { withinReach } from "./within-reach.ts";

type Entry = { descriptor: ProviderDescriptor; load: () => Promise<ProviderFactory> };

/** One line a provider. Its code, and the SDK it needs, load with the first deployment that is created. */
const registry: Readonly<Record<string, Entry>> = {
  bedrock: { descriptor: bedrock, load: async () => (await import("./bedrock.ts")).createBedrock },
  openai: { descriptor: openai, load: async () => (await import("./openai.ts")).createOpenAi },
  "openai-compatible": { descriptor: openaiCompatible, load: async () => (await import("./openai.ts")).createOpenAi },
};

/** Every provider that a configuration may name; reading it loads no SDK. */
export const providerDescriptors: Readonly<Record<string, ProviderDescriptor>> = Object.fromEntries(
  Object.entries(registry).map(([name, { descriptor }]) => [name, descriptor]),
);

/**
 * A deployment that can be called. `baseUrl` stands in for the deployment's own place and must be a loopback address:
 * it is for simulated providers. Throws on an unknown provider and on a `baseUrl` that is not https (loopback apart).
 */
export function createProvider(
  deployment: Deployment,
  { baseUrl, ...dependencies }: ProviderDependencies & { baseUrl?: string },
): Provider {
  const entry = Object.hasOwn(registry, deployment.provider) ? registry[deployment.provider] : undefined;
  if (entry === undefined)
    throw new Error(
      `deployment ${deployment.name}: there is no provider ${deployment.provider}; there are ${Object.keys(registry).join(", ")}`,
    );
  const root = rootOf(deployment, entry.descriptor, baseUrl);
  const context: Omit<ProviderContext, "reach"> = { ...dependencies, ...(root !== undefined && { baseUrl: root }) };
  return withinReach(
    () => (baseUrl === undefined ? reachOf(deployment, dependencies.now()) : "this-machine"),
    (reach) => whenLoaded(entry.load().then((create) => create(deployment, { ...context, reach }))),
  );
}

function rootOf(deployment: Deployment, descriptor: ProviderDescriptor, override?: string): string | undefined {
  const text = override ?? deployment.baseUrl ?? descriptor.defaultBaseUrl;
  if (text === undefined && descriptor.place === "region") return undefined;
  const parsed = parseBaseUrl(text ?? "");
  if (parsed.kind === "refused") throw new Error(`deployment ${deployment.name}: baseUrl ${parsed.message}`);
  if (override !== undefined && !parsed.loopback)
    throw new Error(`deployment ${deployment.name}: only a loopback address may stand in for its baseUrl`);
  return parsed.baseUrl;
}

function whenLoaded(loading: Promise<Provider>): Provider {
  return {
    call: async (call) => (await loading).call(call),
    close: async () => (await loading).close(),
  };
}
