import { comparePolicies, type PolicyChange } from "../../core/configuration/compare-policies.ts";
import { type DeployNeed, deployNeeds } from "../../core/configuration/deploy-needs.ts";
import type { Policy, PolicyDocument } from "../../core/configuration/document.ts";
import { deployedOf, type Publication } from "../../core/configuration/policy-state.ts";
import type { PolicyStore } from "../../core/ports.ts";
import { workFailed } from "../errors.ts";
import { readDocument, readPolicyState } from "./open-policies.ts";

export type MadeCurrent =
  | { kind: "unchanged" }
  /** It needs what only a deploy gives. */
  | { kind: "refused"; needs: DeployNeed[] }
  /** `dry`: nothing was written. */
  | { kind: "made"; before: string; changes: PolicyChange[]; dry: boolean };

export type Request = {
  document: PolicyDocument;
  how: "publish" | "rollback";
  /** Of the documents that this checkout writes; a version that was published before was read by functions already. */
  format?: string;
  /** The stack is on this machine, with providers that are simulated. */
  simulated: boolean;
  dry: boolean;
  by: string | undefined;
  note: string | undefined;
};

/** Makes a version current, by one conditional update, if the deployed stack has all that it needs. */
export async function makeCurrent(request: Request, store: PolicyStore, nowMs: number): Promise<MadeCurrent> {
  const { document, how, dry, by, note } = request;
  const state = await readPolicyState(store);
  const deployed = await readDocument(store, deployedOf(state).version);
  const needs = [
    ...formatNeeds(request.format, deployedOf(state).format),
    ...deployNeeds(document.policy, deployed.policy),
    ...(request.simulated ? simulationNeeds(document.policy, deployed.policy) : []),
  ];
  if (needs.length > 0) return { kind: "refused", needs };
  if (document.version === state.version) return { kind: "unchanged" };

  const current = await readDocument(store, state.version);
  const changes = comparePolicies(current.policy, document.policy);
  if (!dry) {
    // The document first: a version that is current can always be read.
    await store.publish(document);
    const publication: Publication = {
      version: document.version,
      how,
      atMs: nowMs,
      ...(by === undefined ? {} : { by }),
      ...(note === undefined ? {} : { note }),
    };
    if (!(await store.replace(state, publication)))
      throw workFailed(
        `Nothing was changed: meanwhile somebody else made another version current, or deployed. ` +
          '"npx switchyard config list" shows what; then try again.',
      );
  }
  return { kind: "made", before: state.version, changes, dry };
}

function formatNeeds(format: string | undefined, deployed: string | undefined): DeployNeed[] {
  if (format === undefined || format === deployed) return [];
  const message =
    "the stack was deployed from another version of Switchyard than this checkout, and may not read what this one writes";
  return [{ path: "", message }];
}

/** A new name would be called at its real place. */
function simulationNeeds(wanted: Policy, deployed: Policy): DeployNeed[] {
  return Object.keys(wanted.deployments)
    .filter((name) => !Object.hasOwn(deployed.deployments, name))
    .map((name) => ({
      path: `deployments.${name}`,
      message: "the local engine simulates only the deployments that it was started with",
    }));
}
