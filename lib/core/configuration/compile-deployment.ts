import { isOnPremises } from "../external.ts";
import type { IpRange } from "../ip-range.ts";
import { mayReach, reachOf } from "../reach.ts";
import { parseBaseUrl } from "./base-url.ts";
import { compileFacts } from "./compile-facts.ts";
import type { Capability, Deployment, PriceBand } from "./document.ts";
import { inferenceOf } from "./inference-profile.ts";
import { didYouMean } from "./nearest-name.ts";
import type { Report } from "./problem.ts";
import type { ProviderDescriptor } from "./provider-descriptor.ts";
import type { DeploymentInput } from "./schema.ts";

/** What a price package knows of a model. */
export type DefaultPrice = { price: PriceBand[]; contextTokens?: number };

/** Looks a model up by the price package's id of its provider; undefined when it has no price for it. */
export type FindDefaultPrice = (priceProvider: string, model: string) => DefaultPrice | undefined;

/** What stands when neither the configuration nor the price package says how long a model's context is. */
const defaultContextTokens = 128_000;

type Where = Pick<Deployment, "region" | "baseUrl" | "secret" | "inferenceProfile" | "destinations">;

/** A deployment with its provider's defaults and its price filled in; undefined when something is wrong with it. */
export function compileDeployment(
  name: string,
  input: DeploymentInput,
  providers: Readonly<Record<string, ProviderDescriptor>>,
  defaultPrice: FindDefaultPrice,
  report: Report,
): Deployment | undefined {
  const at = ["deployments", name];
  const descriptor = Object.hasOwn(providers, input.provider) ? providers[input.provider] : undefined;
  if (descriptor === undefined) {
    const known = Object.keys(providers);
    const message = `unknown provider "${input.provider}"${didYouMean(input.provider, known)}; there are ${known.join(", ")}.`;
    report([...at, "provider"], message);
    return undefined;
  }
  const { facts, evidence } = compileFacts(input.facts);
  const where = descriptor.place === "region" ? inRegion() : atEndpoint(descriptor);
  const known = defaultPrice(descriptor.priceProvider, input.model);
  const price = priceOf();
  const supports = supportsOf(descriptor.supports);
  if (where === undefined || price === undefined || supports === undefined) return undefined;
  return {
    name,
    provider: input.provider,
    model: input.model,
    ...where,
    price,
    contextTokens: input.contextTokens ?? known?.contextTokens ?? defaultContextTokens,
    supports,
    facts,
    ...(evidence !== undefined && { evidence }),
    concurrency: input.limits.concurrency,
    timeoutSeconds: input.timeoutSeconds,
  };

  function inRegion(): Where | undefined {
    for (const key of ["baseUrl", "secret"] as const)
      if (input[key] !== undefined) {
        report([...at, key], `${input.provider} is called in a region under the lane's role; remove ${key}.`);
        return undefined;
      }
    if (input.region === undefined) {
      report(at, `${input.provider} needs the region that is called, such as region: eu-central-1.`);
      return undefined;
    }
    const inference = inferenceOf(input.model, input.region);
    if (inference.kind === "refused") {
      report([...at, inference.key], inference.message);
      return undefined;
    }
    return { region: input.region, inferenceProfile: inference.profile, destinations: inference.destinations };
  }

  function atEndpoint({ defaultBaseUrl, needsBaseUrl, needsSecret }: ProviderDescriptor): Where | undefined {
    if (input.region !== undefined) {
      report([...at, "region"], `${input.provider} is called at a base URL, not in an AWS region; remove region.`);
      return undefined;
    }
    const text = input.baseUrl ?? (needsBaseUrl ? undefined : defaultBaseUrl);
    if (text === undefined) {
      report(at, `${input.provider} needs the URL that requests are sent under, such as baseUrl: https://host/v1.`);
      return undefined;
    }
    const parsed = parseBaseUrl(text);
    if (parsed.kind === "refused") {
      report([...at, "baseUrl"], `baseUrl ${parsed.message}`);
      return undefined;
    }
    const reach = reachOf({ baseUrl: parsed.baseUrl, facts });
    if (parsed.range !== undefined && !mayReach(reach, parsed.range)) {
      report([...at, "baseUrl"], `baseUrl ${unreachable(parsed.range)}`);
      return undefined;
    }
    const own = parsed.loopback || (!needsSecret && isOnPremises({ facts }));
    if (input.secret === undefined && !own) {
      const unless = needsSecret ? "" : ", or state facts: { onPremises: true }";
      report(at, `name the secret in Secrets Manager that holds the key, such as secret: switchyard/${name}${unless}.`);
      return undefined;
    }
    return {
      baseUrl: parsed.baseUrl,
      ...(input.secret !== undefined && { secret: input.secret }),
      destinations: [],
    };
  }

  function priceOf(): PriceBand[] | undefined {
    if (input.price !== undefined)
      return [
        {
          fromInputTokens: 0,
          // $1 per million tokens is 1,000,000 pico-dollars a token.
          inputPicoUsd: Math.round(input.price.inputPerMTok * 1e6),
          outputPicoUsd: Math.round(input.price.outputPerMTok * 1e6),
        },
      ];
    if (known === undefined)
      report(at, `no price is known for ${input.model}; add price: { inputPerMTok: …, outputPerMTok: … } in dollars.`);
    return known?.price;
  }

  function supportsOf(built: readonly Capability[]): Capability[] | undefined {
    const asked = input.supports ?? built;
    const missing = asked.findIndex((capability) => !built.includes(capability));
    if (missing === -1) return [...asked];
    const has = built.length === 0 ? "text only" : built.join(", ");
    report(
      [...at, "supports", missing],
      `${asked[missing]} is not available yet with ${input.provider}; it has ${has}.`,
    );
    return undefined;
  }
}

/** What is wrong with an address that no lane would connect to. */
function unreachable(range: IpRange): string {
  if (range === "special")
    return "is an address that no server has: unspecified, multicast or reserved; name its host.";
  return `is a ${range} address, which is called only in your own network; if it is there, state facts: { onPremises: true }, else name its public host.`;
}
