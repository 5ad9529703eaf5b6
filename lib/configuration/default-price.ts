import { calcPrice, findProvider, type ModelPrice } from "@pydantic/genai-prices";
import type { DefaultPrice, FindDefaultPrice } from "../core/configuration/compile-deployment.ts";
import type { PriceBand } from "../core/configuration/document.ts";
import { inferenceProfiles } from "../core/configuration/inference-profiles.ts";

/**
 * Prices from the price package as they stood at a time, in Unix milliseconds: some change on a date. For compiling
 * only: the package is large, and what is deployed carries the prices in its policy.
 */
export function createDefaultPrice(asOfMs: number): FindDefaultPrice {
  const timestamp = new Date(asOfMs);
  return (providerId, model) => {
    // Without this, the package would take the model's name for a hint and look at other providers.
    if (findProvider({ providerId }) === undefined) return undefined;
    const found = lookUp(providerId, model) ?? lookUp(providerId, withoutProfile(model));
    return found;
  };

  function lookUp(providerId: string, model: string): DefaultPrice | undefined {
    const found = calcPrice({ input_tokens: 0, output_tokens: 0 }, model, { providerId, timestamp });
    // A provider may answer for another's model; its price is not this one's.
    if (found === null || found.provider.id !== providerId) return undefined;
    const price = bandsOf(found.model_price);
    if (price === undefined) return undefined;
    const contextTokens = found.model.context_window;
    return { price, ...(contextTokens !== undefined && { contextTokens }) };
  }
}

/** Geographic profiles cost what the model costs in its region unless they are priced apart; `global.` never does. */
function withoutProfile(model: string): string {
  const prefix = model.slice(0, model.indexOf("."));
  return Object.hasOwn(inferenceProfiles, prefix) ? model.slice(prefix.length + 1) : model;
}

function bandsOf({ input_mtok: input, output_mtok: output }: ModelPrice): PriceBand[] | undefined {
  if (input === undefined || output === undefined) return undefined;
  const starts = new Set([0, ...startsOf(input), ...startsOf(output)]);
  return [...starts]
    .toSorted((a, b) => a - b)
    .map((fromInputTokens) => ({
      fromInputTokens,
      inputPicoUsd: picoUsd(input, fromInputTokens),
      outputPicoUsd: picoUsd(output, fromInputTokens),
    }));
}

type Price = NonNullable<ModelPrice[string]>;

/** The package's tiers begin above their start; ours begin at theirs. */
function startsOf(price: Price): number[] {
  return typeof price === "number" ? [] : price.tiers.map(({ start }) => start + 1);
}

/** Dollars a million tokens are micro-dollars a token: a million pico-dollars each. */
function picoUsd(price: Price, inputTokens: number): number {
  if (typeof price === "number") return Math.round(price * 1e6);
  const tier = price.tiers.toSorted((a, b) => a.start - b.start).findLast(({ start }) => start < inputTokens);
  return Math.round((tier?.price ?? price.base) * 1e6);
}
