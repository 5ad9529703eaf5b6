import type { Deployment } from "../core/configuration/document.ts";
import type { Provider } from "../core/provider.ts";
import type { Reach } from "../core/reach.ts";
import type { Resolve } from "./egress.ts";

export type ProviderDependencies = {
  /** The deployment's key. Asked once, and again after the provider refused what it gave. */
  secret?: () => Promise<string>;
  /** Unix time in milliseconds. */
  now: () => number;
  /** Finds the addresses of the deployment's host. @default the system's resolver */
  resolve?: Resolve;
};

export type ProviderContext = ProviderDependencies & {
  /** The checked root that requests are sent under; undefined for a regional provider, which knows its own. */
  baseUrl?: string;
  /** Which addresses its connections may go to. */
  reach: Reach;
};

/** What a provider's file exports. */
export type ProviderFactory = (deployment: Deployment, context: ProviderContext) => Provider;
