import type { Deployment, Policy, PriceBand, TierEntry } from "./document.ts";

/** One difference between two policies, at its place in the configuration; what is undefined is not there. */
export type PolicyChange = { path: string; before: string | undefined; after: string | undefined };

/** What differs, in the words of the configuration; in the order of the newer policy, with what is gone at its end. */
export function comparePolicies(before: Policy, after: Policy): PolicyChange[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }));
}

/** Every value of a policy as people would write it, by its path in the configuration. */
function wordsOf(policy: Policy): Map<string, string> {
  const { network = "open", deployments, tiers, orders = {}, budgets = {}, deadlineSeconds, cache, ...rest } = policy;
  const words = new Map<string, string>();
  const written = {
    network,
    deployments: Object.fromEntries(Object.entries(deployments).map(([name, each]) => [name, writtenDeployment(each)])),
    tiers: Object.fromEntries(
      Object.entries(tiers).map(([tier, chain]) => [
        tier,
        { order: Object.entries(orders).find(([name]) => name === tier)?.[1], chain: chain.map(entryText) },
      ]),
    ),
    ...rest,
    budgets: Object.fromEntries(
      Object.entries(budgets).map(([name, { limitNanoUsd, ...each }]) => [name, { usd: limitNanoUsd / 1e9, ...each }]),
    ),
    deadline: durationText(deadlineSeconds),
    cache: cache && { ttl: durationText(cache.ttlSeconds), classes: cache.classes },
  };
  collect("", written, words);
  return words;
}

function collect(path: string, value: unknown, words: Map<string, string>): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null) {
    words.set(path, String(value));
    return;
  }
  if (!Array.isArray(value)) {
    for (const [key, part] of Object.entries(value)) collect(path === "" ? key : `${path}.${key}`, part, words);
    return;
  }
  // A list of named things: their order, and each of them under its name.
  words.set(path, value.map((part: unknown) => nameOf(part) ?? String(part)).join(", ") || "none");
  for (const part of value) {
    const name = nameOf(part);
    if (name !== undefined) collect(`${path}.${name}`, { ...part, name: undefined }, words);
  }
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return typeof value.name === "string" ? value.name : undefined;
}

function writtenDeployment({ name: _, price, concurrency, limits, evidence = {}, ...rest }: Deployment) {
  return {
    ...rest,
    price: price.map(bandText).join("; "),
    limits: { ...limits, concurrency },
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([fact, { untilMs: _untilMs, ...said }]) => [fact, said]),
    ),
  };
}

/** A pico-dollar a token is a millionth of a dollar a million tokens. */
function bandText({ fromInputTokens, inputPicoUsd, outputPicoUsd }: PriceBand): string {
  const from = fromInputTokens === 0 ? "" : ` from ${fromInputTokens} input tokens`;
  return `$${inputPicoUsd / 1e6} in, $${outputPicoUsd / 1e6} out per million tokens${from}`;
}

function entryText({ use, when, weight }: TierEntry): string {
  return `${use}${weight === undefined ? "" : ` × ${weight}`}${when === undefined ? "" : ` when ${when}`}`;
}

function durationText(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
  ] as const;
  const unit = units.find(([, size]) => seconds % size === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`;
}
