import type { Deployment } from "./configuration/document.ts";
import type { Usage } from "./provider.ts";

/**
 * What a call cost, in nano-dollars, rounded half up. The whole call has the price of the band that its input tokens
 * reach, as providers bill long contexts.
 */
export function costNanoUsd(deployment: Pick<Deployment, "price">, usage: Usage): number {
  const band = deployment.price.findLast(({ fromInputTokens }) => fromInputTokens <= usage.inputTokens);
  if (band === undefined)
    throw new Error("A price has no band that starts at 0 tokens; the configuration was not compiled.");
  const picoUsd = usage.inputTokens * band.inputPicoUsd + usage.outputTokens * band.outputPicoUsd;
  return Math.floor((picoUsd + 500) / 1000);
}

/** Dollars for people: cents from a dollar up, three significant digits below. */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsd / 1e9;
  if (usd === 0 || Math.abs(usd) >= 1) return `$${usd.toFixed(2)}`;
  const digits = Math.min(9, 2 - Math.floor(Math.log10(Math.abs(usd))));
  return `$${usd.toFixed(digits)}`;
}
