import type { Deployment, RateLimits } from "./document.ts";
import type { Report } from "./problem.ts";
import type { ProviderDescriptor } from "./provider-descriptor.ts";
import type { ConfigurationInput, DeploymentInput } from "./schema.ts";

/** Where a provider takes the longest answer up front, and nobody limits it: else it would take the model's own maximum. */
const answerWhereReserved = 4096;

/** A deployment's limits with what they leave open: each stack's share, and how long an unlimited answer may get. */
export function compileLimits(
  name: string,
  { limits, defaultMaxOutputTokens }: Pick<DeploymentInput, "limits" | "defaultMaxOutputTokens">,
  { reservesOutput = false }: Pick<ProviderDescriptor, "reservesOutput">,
  regions: readonly string[],
  report: Report,
): Pick<Deployment, "limits" | "defaultMaxOutputTokens"> {
  const longest =
    defaultMaxOutputTokens ??
    (reservesOutput && limits.tokensPerMinute !== undefined ? answerWhereReserved : undefined);
  const answer = longest === undefined ? {} : { defaultMaxOutputTokens: longest };
  const compiled = compileRateLimits(limits, regions, ["deployments", name, "limits"], report);
  return { ...(compiled === undefined ? {} : { limits: compiled }), ...answer };
}

/** The limits at a place of the configuration with each stack's share; undefined where nothing is limited. */
export function compileRateLimits(
  { requestsPerMinute, tokensPerMinute, share }: NonNullable<ConfigurationInput["tenants"][string]["limits"]>,
  regions: readonly string[],
  at: readonly string[],
  report: Report,
): RateLimits | undefined {
  const shareAt = [...at, "share"];
  if (requestsPerMinute === undefined && tokensPerMinute === undefined) {
    if (share !== undefined)
      report(shareAt, "there is no limit to share; add requestsPerMinute or tokensPerMinute, or remove share.");
    return undefined;
  }
  const compiled: RateLimits = {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    share: share ?? equalShares(regions),
  };
  checkShare(compiled.share, regions, shareAt, report, "could call nothing");
  return compiled;
}

export function equalShares(regions: readonly string[]): Record<string, number> {
  return Object.fromEntries(regions.map((region) => [region, 1 / regions.length]));
}

/** Checks that every stack has a share and all have 1 at most; a stack without one `couldNot`. */
export function checkShare(
  share: Readonly<Record<string, number>>,
  regions: readonly string[],
  at: string[],
  report: Report,
  couldNot: string,
): void {
  for (const region of Object.keys(share))
    if (!regions.includes(region)) report([...at, region], `${region} has no stack; there are ${regions.join(", ")}.`);
  const missing = regions.filter((region) => !Object.hasOwn(share, region));
  if (missing.length > 0) report(at, `give ${missing.join(", ")} a share too: a stack without one ${couldNot}.`);
  const sum = Object.values(share).reduce((total, part) => total + part, 0);
  // Thirds do not add up to 1 exactly.
  if (sum > 1 + 1e-9) report(at, `the shares add up to ${Number(sum.toPrecision(6))}; all stacks together have 1.`);
}
