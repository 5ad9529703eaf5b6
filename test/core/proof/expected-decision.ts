import { isDeepStrictEqual } from "node:util";
import type { Decision } from "../../../lib/core/decision.ts";
import type { Detection } from "../../../lib/core/detect/detection.ts";
import type { Features } from "../../../lib/core/features.ts";
import type { BatchDefaults, Job } from "../../../lib/core/job.ts";
import { type Tier, tiers } from "../../../lib/core/names.ts";
import { type About, holds } from "./conditions.ts";
import { type Asked, classesOf, mayBeTakenIn, maySee, zoneOf } from "./oracle.ts";
import type { Written } from "./written.ts";

/** Everything that a decision may rest on. */
export type Given = {
  /** As its owner wrote it. */
  job: Job;
  batch: BatchDefaults;
  /** Who sent it, or whose prefix it was written under. */
  told: string | undefined;
  /** Undefined where the configuration has nothing looked for. */
  detection: Detection | undefined;
  home: string;
  atMs: number;
  /** How long it is, by the estimate that the router goes by. */
  size: Pick<Features, "inputTokens" | "maxOutputTokens">;
};

/** What a job needs of a deployment, read off its body. */
export function needsOf({ body }: Job): string[] {
  const format = body.response_format?.type;
  return [
    ...((body.tools ?? []).length > 0 ? ["tools"] : []),
    ...(format === "json_object" || format === "json_schema" ? ["json-schema"] : []),
    ...(body.messages.some(({ content }) => Array.isArray(content) && content.some((part) => part.type === "image_url"))
      ? ["images"]
      : []),
  ];
}

/** Whose job it is: "a tenant, where tenancy is configured, comes from who sent the message or which prefix was written". */
export function tenantOf(written: Written, { job, told }: Given): { tenant: string | undefined } | "refused" {
  const claimed = job.options.tenant;
  if (Object.keys(written.tenants ?? {}).length === 0) return { tenant: claimed ?? told };
  return told === undefined || (claimed !== undefined && claimed !== told) ? "refused" : { tenant: told };
}

/** Every class that a job is at least as sensitive as; one that is unknown among them. */
function floorsOf(written: Written, { job, batch, detection }: Given, tenant: string | undefined): string[] {
  const raiseTo = written.detect?.raiseTo ?? {};
  const floor = tenant === undefined ? undefined : written.tenants?.[tenant]?.dataClass;
  const types = detection?.kind === "found" ? detection.parts.flatMap(({ findings }) => findings) : [];
  return [
    job.options.dataClass ?? written.untagged,
    ...(batch.dataClass === undefined ? [] : [batch.dataClass]),
    ...(floor === undefined ? [] : [floor]),
    ...types.flatMap(({ type }) => raiseTo[type] ?? []),
    ...(detection?.kind === "failed" ? classesOf(written).slice(-1) : []),
  ];
}

/** What is wrong with a decision by the design; undefined when nothing is. */
export function faultOf(written: Written, given: Given, decision: Decision): string | undefined {
  const { job, batch, home } = given;
  const refuse = (...codes: string[]) =>
    decision.kind === "denied" && codes.includes(decision.error.code) && decision.error.message !== ""
      ? undefined
      : `must be denied as ${codes.join(" or ")}, but is ${summary(decision)}`;

  const whose = tenantOf(written, given);
  if (whose === "refused") return refuse("policy-denied");
  const classes = classesOf(written);
  const floors = floorsOf(written, given, whose.tenant);
  if (floors.some((name) => !classes.includes(name))) return refuse("unknown-data-class");
  const dataClass = classes.findLast((name) => floors.includes(name)) ?? "";
  if (decision.dataClass !== dataClass)
    return `must be of class ${dataClass} (${floors.join(", ")}), but is ${decision.dataClass}`;

  const residencies = [job.options.residency, batch.residency].flatMap((name) => name ?? []);
  const [residency] = residencies;
  if (residencies.some((name) => !Object.hasOwn(written.residencies ?? {}, name))) return refuse("unknown-residency");
  if (residencies.some((name) => name !== residency)) return refuse("policy-denied");
  if (!mayBeTakenIn(written, residency, home)) return refuse("policy-denied");
  if (decision.residency !== residency) return `must have residency ${residency}, but has ${decision.residency}`;

  const needs = needsOf(job);
  const about: About = {
    complexity: decision.complexity ?? "",
    hasTools: needs.includes("tools"),
    responseFormat: job.body.response_format?.type ?? "text",
    dataClass,
    residency: residency ?? "",
    tenant: whose.tenant ?? batch.tenant ?? "",
    priority: job.options.priority ?? "",
    kind: job.options.tags?.kind,
  };
  const route = routeOf(written, job, about);
  if (route === "unknown-model") return refuse("unknown-model");
  if (route === "unevaluated") return refuse("policy-denied");
  const { tier, head } = route;
  if (decision.tier !== tier) return `must be of tier ${tier}, but is of ${decision.tier}`;

  const asked: Asked = { dataClass, residency, needs, lookedThrough: given.detection?.kind === "found" };
  const chain: string[] = [];
  const rejected: string[] = [];
  let tooLong = false;
  for (const entry of written.tiers[tier].chain) {
    const { use, when } = typeof entry === "string" ? { use: entry, when: undefined } : entry;
    const room = written.deployments[use]?.contextTokens ?? 128_000;
    const fits = given.size.inputTokens + given.size.maxOutputTokens <= room;
    const mine = maySee(written, use, asked, given.atMs);
    if (mine && !fits) tooLong = true;
    if (!mine || !fits) {
      rejected.push(use);
      continue;
    }
    const wanted = when === undefined || use === head ? true : holds(when, about);
    if (wanted === undefined) return refuse("policy-denied");
    if (!wanted) rejected.push(use);
    else if (use === head) chain.unshift(use);
    else chain.push(use);
  }
  const gone = decision.rejected.map(({ deployment }) => deployment);
  if (!isDeepStrictEqual(gone, rejected)) return `must reject ${listed(rejected)}, but rejects ${listed(gone)}`;
  if (decision.rejected.some(({ reason }) => reason === "")) return "must give a reason for every rejection";
  if (chain.length === 0) return refuse(tooLong ? "context-too-long" : "policy-denied");
  if (decision.kind === "denied") return `must be routed along ${chain.join(", ")}, but is ${summary(decision)}`;
  if (!isDeepStrictEqual(decision.chain, chain))
    return `must be routed along ${chain.join(", ")}, but is ${summary(decision)}`;
  const zone = zoneOf(written, dataClass);
  return decision.zone === zone ? undefined : `must be ${zone}, but is ${decision.zone}`;
}

/** "What decides, in this order: tier on the line; model; rules; strategies; default." */
function routeOf(
  written: Written,
  { body, options }: Job,
  about: About,
): { tier: Tier; head?: string } | "unknown-model" | "unevaluated" {
  if (options.tier !== undefined) return { tier: options.tier };
  if (body.model !== "auto") {
    const same = tiers.find((tier) => tier === body.model);
    if (same !== undefined) return { tier: same };
    const aliased = written.aliases?.[body.model];
    if (aliased !== undefined) return { tier: aliased };
    const first = tiers.find((tier) =>
      written.tiers[tier].chain.some((entry) => (typeof entry === "string" ? entry : entry.use) === body.model),
    );
    if (first !== undefined) return { tier: first, head: body.model };
    if (written.unknownModel !== "auto") return "unknown-model";
  }
  for (const { when, tier } of written.routing?.rules ?? []) {
    const matches = holds(when, about);
    if (matches === undefined) return "unevaluated";
    if (matches) return { tier };
  }
  const byComplexity = (written.routing?.then ?? ["complexity"]).includes("complexity");
  const complexity = tiers.find((tier) => tier === about.complexity);
  return { tier: (byComplexity ? complexity : undefined) ?? written.routing?.default ?? "standard" };
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nobody" : names.join(", ");
}

function summary(decision: Decision): string {
  return decision.kind === "denied"
    ? `denied as ${decision.error.code} (${decision.error.message})`
    : `routed along ${decision.chain.join(", ")}`;
}
