import { didYouMean } from "../../core/configuration/nearest-name.ts";
import { deployedOf, publicationsOf } from "../../core/configuration/policy-state.ts";
import type { PolicyStore } from "../../core/ports.ts";
import { wrongUse } from "../errors.ts";
import { readPolicyState } from "../policies/open-policies.ts";

/** Every deployment that a batch which still runs may have in its chains: of all versions that the history names. */
export async function knownDeployments(store: PolicyStore): Promise<string[]> {
  const state = await readPolicyState(store);
  const versions = [...publicationsOf(state).map(({ version }) => version), deployedOf(state).version];
  const documents = await Promise.all([...new Set(versions)].map((version) => store.document(version)));
  return [...new Set(documents.flatMap((document) => Object.keys(document?.policy.deployments ?? {})))].toSorted();
}

/** Throws CommandError for a name that no deployment has. */
export async function checkDeployment(name: string, store: PolicyStore): Promise<void> {
  const known = await knownDeployments(store);
  if (!known.includes(name))
    throw wrongUse(`There is no deployment ${name}${didYouMean(name, known)}; there are: ${known.join(", ")}.`);
}
