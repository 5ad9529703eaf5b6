import type { Written, WrittenDeployment, WrittenResidency } from "./written.ts";

/*
 * What the design says of who may see what, read off the configuration as people write it. Written anew, simply and
 * slowly, without a line of the policy core: what both get wrong in the same way is all that a comparison misses.
 */

/** What a job asks of a deployment. */
export type Asked = {
  dataClass: string;
  residency?: string | undefined;
  needs: readonly string[];
  /** All of its texts were looked through. */
  lookedThrough: boolean;
};

/** "least to most sensitive" */
export function classesOf(written: Written): string[] {
  return Object.keys(written.dataClasses);
}

/** "each includes what stands above it" */
function upTo(written: Written, dataClass: string) {
  const names = classesOf(written);
  const place = names.indexOf(dataClass);
  return names.filter((_, index) => index <= place).map((name) => written.dataClasses[name] ?? {});
}

export function zoneOf(written: Written, dataClass: string): "general" | "restricted" {
  return upTo(written, dataClass).some(({ zone }) => zone === "restricted") ? "restricted" : "general";
}

function isRedacted(written: Written, dataClass: string): boolean {
  return upTo(written, dataClass).some(({ redact }) => redact === true);
}

/** "a missing fact never satisfies a requirement"; "an expired fact no longer satisfies": `until` is its last day. */
function holds({ facts = {} }: WrittenDeployment, fact: string, wanted: unknown, atMs: number): boolean {
  const stated = facts[fact];
  if (stated === undefined) return false;
  if (typeof stated !== "object") return stated === wanted;
  if (stated.value !== wanted) return false;
  if (stated.until === undefined) return true;
  const [year = 0, month = 0, day = 0] = stated.until.split("-").map(Number);
  return atMs < Date.UTC(year, month - 1, day + 1);
}

/** Whether a class's requirements are met, its own and those of every less sensitive one. */
export function satisfies(written: Written, deployment: WrittenDeployment, dataClass: string, atMs: number): boolean {
  return upTo(written, dataClass).every(({ require = {} }) =>
    Object.entries(require).every(([fact, wanted]) => holds(deployment, fact, wanted, atMs)),
  );
}

/** "Bedrock must satisfy regions and profiles (a listed profile covers its destinations); others must satisfy facts" */
function isInside(residency: WrittenResidency, deployment: WrittenDeployment, atMs: number): boolean {
  if (deployment.provider !== "bedrock") {
    const asked = Object.entries(residency.facts ?? {});
    return asked.length > 0 && asked.every(([fact, wanted]) => holds(deployment, fact, wanted, atMs));
  }
  if (!residency.regions.includes(deployment.region ?? "")) return false;
  const profile = profileOf(deployment);
  // "`global.` profiles are never eligible for a job with a residency"
  return profile !== "global" && (residency.inferenceProfiles ?? ["in-region"]).includes(profile);
}

function profileOf({ model }: WrittenDeployment): string {
  const prefix = model.slice(0, model.indexOf("."));
  return ["us", "eu", "apac", "au", "global"].includes(prefix) ? prefix : "in-region";
}

/** Calls of it leave AWS and the owner's own network. */
function isExternal(deployment: WrittenDeployment, atMs: number): boolean {
  return deployment.provider !== "bedrock" && !holds(deployment, "onPremises", true, atMs);
}

/** Whether personal data has to be taken out before a call. */
export function mustRedact(written: Written, name: string, dataClass: string, atMs: number): boolean {
  const deployment = written.deployments[name];
  return deployment !== undefined && isRedacted(written, dataClass) && isExternal(deployment, atMs);
}

const built = { bedrock: [], openai: ["tools", "json-schema", "images"] };

function supports({ provider, supports: stated }: WrittenDeployment, need: string): boolean {
  const has: readonly string[] = stated ?? (provider === "bedrock" ? built.bedrock : built.openai);
  return has.includes(need);
}

/** Whether a deployment may see a job: "deny by default". */
export function maySee(written: Written, name: string, asked: Asked, atMs: number): boolean {
  const deployment = written.deployments[name];
  if (deployment === undefined) return false;
  if (!classesOf(written).includes(asked.dataClass)) return false;
  if (!satisfies(written, deployment, asked.dataClass, atMs)) return false;
  if (asked.residency !== undefined) {
    const residency = written.residencies?.[asked.residency];
    if (residency === undefined || !isInside(residency, deployment, atMs)) return false;
  }
  // What cannot be taken out must not go out: texts nobody looked through, and images.
  if (mustRedact(written, name, asked.dataClass, atMs) && (!asked.lookedThrough || asked.needs.includes("images")))
    return false;
  return asked.needs.every((need) => supports(deployment, need));
}

/** "A job whose residency excludes the home region is `policy-denied`" */
export function mayBeTakenIn(written: Written, residency: string | undefined, home: string): boolean {
  return residency === undefined || (written.residencies?.[residency]?.regions.includes(home) ?? false);
}

/** Whether a job that is under way may go to a deployment by one version of the policy. */
export function mayHop(
  written: Written,
  name: string,
  asked: Asked & { zone: string; home: string },
  atMs: number,
): boolean {
  if (!maySee(written, name, asked, atMs) || !mayBeTakenIn(written, asked.residency, asked.home)) return false;
  // A class that is restricted by now must not be under the general key.
  return zoneOf(written, asked.dataClass) === "general" || asked.zone === "restricted";
}

/** "deployment: provider + model + region (or endpoint)": whether a name means the same place in two versions. */
export function isSamePlace(one: Written, other: Written, name: string): boolean {
  const [a, b] = [one.deployments[name], other.deployments[name]];
  if (a === undefined || b === undefined) return false;
  const place = (deployment: WrittenDeployment) =>
    JSON.stringify([deployment.provider, deployment.region, deployment.baseUrl, profileOf(deployment)]);
  return place(a) === place(b);
}

/** Classes that have no deployment in some tier, entries with `when` not counted, and do not say `quarantine: true`. */
export function uncovered(written: Written, atMs: number): string[] {
  return classesOf(written).filter((dataClass) => {
    if (written.dataClasses[dataClass]?.quarantine === true) return false;
    const asked = { dataClass, needs: [], lookedThrough: true };
    return Object.values(written.tiers).some(
      ({ chain }) =>
        !chain.some((entry) =>
          typeof entry === "string"
            ? maySee(written, entry, asked, atMs)
            : entry.when === undefined && maySee(written, entry.use, asked, atMs),
        ),
    );
  });
}
