import type { PolicyDocument } from "../../core/configuration/document.ts";
import { deployedOf, type PolicyState, publicationsOf } from "../../core/configuration/policy-state.ts";
import type { PolicyStore } from "../../core/ports.ts";
import { workFailed, wrongUse } from "../errors.ts";

/** Names of versions that people may use instead. */
const versionNames = ["current", "deployed"] as const;

/** What is current. Throws CommandError where no function of the stack has run yet. */
export async function readPolicyState(store: PolicyStore): Promise<PolicyState> {
  const state = await store.current();
  if (state === undefined)
    throw workFailed(
      "The stack has no policy yet: its functions publish what was deployed within a minute. Try again.",
    );
  return state;
}

/** The document of a version. Throws CommandError when it is gone. */
export async function readDocument(store: PolicyStore, version: string): Promise<PolicyDocument> {
  const document = await store.document(version);
  if (document === undefined)
    throw workFailed(
      `The policy version ${version} is not in the policy bucket; is policies/${version}.json removed from there?`,
    );
  return document;
}

/** The version that a person means: `current`, `deployed`, or a version's beginning. Throws CommandError for another. */
export function versionMeant(typed: string, state: PolicyState): string {
  if (typed === "current") return state.version;
  if (typed === "deployed") return deployedOf(state).version;
  const known = [...new Set([...publicationsOf(state).map(({ version }) => version), deployedOf(state).version])];
  const meant = known.filter((version) => version.startsWith(typed));
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  // Older than the history; its document says whether it ever was.
  if (/^[0-9a-f]{16}$/.test(typed)) return typed;
  throw wrongUse(
    meant.length > 1
      ? `${typed} is the beginning of several versions: ${meant.join(", ")}.`
      : `There is no policy version ${typed}. Allowed: ${[...versionNames, ...known].join(", ")}.`,
  );
}
