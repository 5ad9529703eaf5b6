import type { Deployment } from "../core/configuration/document.ts";
import type { Provider } from "../core/provider.ts";

export type ProviderDependencies = {
  /** The deployment's key. Asked once, and again after the provider refused what it gave. */
  secret?: () => Promise<string>;
  /** Unix time in milliseconds. */
  now: () => number;
};

export type ProviderContext = ProviderDependencies & {
  /** The checked root that requests are sent under; undefined for a regional provider, which knows its own. */
  baseUrl?: string;
};

/** What a provider's file exports. */
export type ProviderFactory = (deployment: Deployment, context: ProviderContext) => Provider;
