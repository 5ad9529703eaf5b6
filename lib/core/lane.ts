import type { DataClass, Deployment, Policy } from "./configuration/document.ts";
import { missingFact } from "./eligibility.ts";
import { Zone } from "./names.ts";

/** provider × region or endpoint × zone: one queue, its dead-letter queue, one function, one role. */
export type Lane = {
  /** `bedrock-us-east-1-general`; at most 60 characters of `a-z0-9-`. */
  name: string;
  provider: string;
  zone: Zone;
  region?: string;
  baseUrl?: string;
  secret?: string;
  /** Names of the deployments that this lane may call. */
  deployments: string[];
};

/** What the name of a lane's queue for high priority has behind that of its own. */
export const highQueueSuffix = "-high";

/** The longest that `switchyard-<lane>-dead` leaves under SQS's 80 characters. */
const longestName = 60;

/**
 * The lane that serves a deployment's jobs of a zone. Deployments that differ in provider, region, base URL or secret
 * never share one: `compile` refuses a configuration in which their lanes would have one name.
 */
export function laneName(deployment: Deployment, zone: Zone): string {
  const place = deployment.region ?? slug(withoutVersion(deployment.baseUrl ?? ""));
  const secret = slug((deployment.secret ?? "").replace(/^switchyard\//, ""));
  const parts = [slug(deployment.provider), place, secret === deployment.provider ? "" : secret];
  const room = longestName - zone.length - 1;
  return `${shorten(parts.filter((part) => part !== "").join("-"), room)}-${zone}`;
}

/** What the deployments of one lane have in common. */
export function lanePlace({ provider, region, baseUrl, secret }: Deployment): string {
  return [provider, region ?? "", baseUrl ?? "", secret ?? ""].join("\n");
}

/**
 * Every lane of a policy, by name. A zone's lane exists only for a deployment that is in a tier and that some class of
 * the zone may use.
 */
export function lanesOf(policy: Policy): Lane[] {
  const used = new Set(Object.values(policy.tiers).flatMap((chain) => chain.map(({ use }) => use)));
  const lanes = new Map<string, Lane>();
  for (const zone of Zone.options) {
    const classes = policy.dataClasses.filter((dataClass) => dataClass.zone === zone);
    for (const deployment of Object.values(policy.deployments)) {
      if (!used.has(deployment.name) || !classes.some((dataClass) => mayUse(dataClass, deployment))) continue;
      const name = laneName(deployment, zone);
      const lane = lanes.get(name) ?? newLane(name, deployment, zone);
      lane.deployments.push(deployment.name);
      lane.deployments.sort();
      lanes.set(name, lane);
    }
  }
  return [...lanes.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Seconds after which Lambda kills a lane's function: well above its slowest call, with room for one retry in place. */
export function invokeTimeoutSeconds(lane: Lane, policy: Policy): number {
  const slowest = Math.max(0, ...lane.deployments.map((name) => policy.deployments[name]?.timeoutSeconds ?? 0));
  return Math.min(300, Math.max(120, 2 * slowest + 30));
}

function mayUse(dataClass: DataClass, deployment: Deployment): boolean {
  return missingFact(dataClass.require, deployment) === undefined;
}

function newLane(name: string, { provider, region, baseUrl, secret }: Deployment, zone: Zone): Lane {
  return {
    name,
    provider,
    zone,
    ...(region !== undefined && { region }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(secret !== undefined && { secret }),
    deployments: [],
  };
}

function withoutVersion(baseUrl: string): string {
  return baseUrl.replace(/^https?:\/\//, "").replace(/\/v\d+$/, "");
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** Keeps head and tail: hosts differ at their start, secrets at their end. */
function shorten(text: string, room: number): string {
  if (text.length <= room) return text;
  const tail = Math.floor(room / 3);
  return `${text.slice(0, room - tail - 1)}-${text.slice(-tail)}`.replace(/-+/g, "-");
}
