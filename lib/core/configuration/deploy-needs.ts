import { invokeTimeoutSeconds, type Lane, lanesOf } from "../lane.ts";
import type { Deployment, Policy } from "./document.ts";

/** Something that only a deploy can give: where it is in the configuration, and what is missing. */
export type DeployNeed = { path: string; message: string };

/**
 * What a policy needs of its stack that a deploy of another policy did not make: lanes, grants, secrets, time, networks.
 * What the deploy made and this policy has no use for is no need.
 */
export function deployNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  return [
    ...regionNeeds(wanted, deployed),
    ...networkNeeds(wanted, deployed),
    ...laneNeeds(wanted, deployed),
    ...priorityNeeds(wanted, deployed),
    ...cacheNeeds(wanted, deployed),
    ...comprehendNeeds(wanted, deployed),
    ...replyNeeds(wanted, deployed),
    ...tenantNeeds(wanted, deployed),
  ];
}

function regionNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  return wanted.regions
    .filter((region) => !deployed.regions.includes(region))
    .map((region) => ({ path: "regions", message: `there is no stack in ${region} yet` }));
}

function networkNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  const [wants, has] = [wanted.network ?? "open", deployed.network ?? "open"];
  if (wants === has) return [];
  const message = `the restricted lanes run in the network "${has}", not "${wants}"`;
  return [{ path: "network", message }];
}

function laneNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  const there = new Map(lanesOf(deployed).map((lane) => [lane.name, lane]));
  return lanesOf(wanted).flatMap((lane) => {
    const same = there.get(lane.name);
    const path = `deployments.${lane.deployments.join(", ")}`;
    if (same === undefined) {
      const message = `there is no lane ${lane.name} with a queue, a function and a role for it`;
      return [{ path, message }];
    }
    return [
      ...placeNeeds(lane, same, path),
      ...modelNeeds(lane, wanted, same, deployed),
      ...timeNeeds(lane, wanted, same, deployed),
    ];
  });
}

function priorityNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  if (wanted.highPriorityQueues !== true || deployed.highPriorityQueues === true) return [];
  return [{ path: "highPriorityQueues", message: "the lanes have no second queue for jobs of high priority" }];
}

function cacheNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  if (wanted.cache === undefined || deployed.cache !== undefined) return [];
  return [{ path: "cache", message: "the lanes' roles may not read and write what names cached answers" }];
}

/** A lane's name shortens what it stands for: two places may have one name in two configurations. */
function placeNeeds(lane: Lane, there: Lane, path: string): DeployNeed[] {
  return (["provider", "region", "baseUrl", "secret"] as const)
    .filter((part) => lane[part] !== there[part])
    .map((part) => {
      const [has, needs] = [there[part] ?? "none", lane[part] ?? "none"];
      return { path, message: `the lane ${lane.name} has the ${part} ${has}, not ${needs}` };
    });
}

/** A Bedrock lane's role names the models that it may call, and the regions behind their inference profiles. */
function modelNeeds(lane: Lane, wanted: Policy, there: Lane, deployed: Policy): DeployNeed[] {
  if (lane.region === undefined) return [];
  const allowed = there.deployments.flatMap((name) => deployed.deployments[name] ?? []);
  return lane.deployments
    .flatMap((name) => wanted.deployments[name] ?? [])
    .filter((deployment) => !allowed.some((one) => grants(one, deployment)))
    .map(({ name, model, inferenceProfile = "in-region" }) => ({
      path: `deployments.${name}.model`,
      message: `the role of lane ${lane.name} may not call ${model} (${inferenceProfile})`,
    }));
}

function grants(deployed: Deployment, wanted: Deployment): boolean {
  return (
    deployed.model === wanted.model &&
    deployed.inferenceProfile === wanted.inferenceProfile &&
    wanted.destinations.every((region) => deployed.destinations.includes(region))
  );
}

/** A call that does not fit into its function's time would be put back for ever. */
function timeNeeds(lane: Lane, wanted: Policy, there: Lane, deployed: Policy): DeployNeed[] {
  const has = invokeTimeoutSeconds(there, deployed);
  if (invokeTimeoutSeconds(lane, wanted) <= has) return [];
  const path = `deployments.${lane.deployments.join(", ")}.timeoutSeconds`;
  const longest = Math.max(...lane.deployments.map((name) => wanted.deployments[name]?.timeoutSeconds ?? 0));
  return [
    { path, message: `${longest} s is too long for the function of lane ${lane.name}, which has ${has} s in all` },
  ];
}

function comprehendNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  if (wanted.detect?.comprehend === undefined || deployed.detect?.comprehend !== undefined) return [];
  return [{ path: "detect.comprehend", message: "the function classify may not ask Comprehend" }];
}

function replyNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  return wanted.replyQueues
    .filter((name) => !deployed.replyQueues.includes(name))
    .map((name) => ({ path: "replyQueues", message: `the function collect may not send to ${name}` }));
}

/** A tenant's managed policy names its prefix, and the jobs queue if it has senders. */
function tenantNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  return Object.entries(wanted.tenants ?? {}).flatMap(([name, { uploads, senders }]) => {
    const there = deployed.tenants?.[name];
    const path = `tenants.${name}`;
    if (there === undefined) return [{ path, message: "there is no managed policy for its producers" }];
    const needs: DeployNeed[] = [];
    if (uploads !== undefined && uploads !== there.uploads)
      needs.push({ path: `${path}.uploads`, message: `its producers may not write under uploads/${uploads}` });
    if (senders.length > 0 && there.senders.length === 0)
      needs.push({ path: `${path}.senders`, message: "its producers may not send to the jobs queue" });
    return needs;
  });
}
