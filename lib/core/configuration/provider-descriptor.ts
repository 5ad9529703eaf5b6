import type { Capability } from "./document.ts";

/** What the configuration must know of a provider: where it is called, and what our code for it has built. */
export type ProviderDescriptor = {
  /** `region`: called in an AWS region under the lane's role. `endpoint`: called at a base URL. */
  place: "region" | "endpoint";
  /** Of endpoints: where it is when the configuration does not say. */
  defaultBaseUrl?: string;
  /** Of endpoints: the configuration must say where it is. @default false */
  needsBaseUrl?: boolean;
  needsSecret: boolean;
  /** What our code for it can do; a deployment cannot ask for more. */
  supports: Capability[];
  /** Takes the longest answer from a limit of tokens before it is given. @default false */
  reservesOutput?: boolean;
  /** Its id in the price package; one the package does not know has no default prices. */
  priceProvider: string;
};
