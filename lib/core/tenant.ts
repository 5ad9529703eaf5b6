import type { Policy } from "./configuration/document.ts";
import type { JobError } from "./failure.ts";

const uploads = "uploads/";

/** The tenant under whose prefix an upload was written; undefined for none. */
export function tenantOfUpload({ tenants = {} }: Policy, key: string): string | undefined {
  const found = Object.entries(tenants).find(
    ([, tenant]) => tenant.uploads !== undefined && key.startsWith(`${uploads}${tenant.uploads}`),
  );
  return found?.[0];
}

/** The tenant that sends under an IAM id (SQS's `SenderId`: a role's has its session's name behind a colon). */
export function tenantOfSender({ tenants = {} }: Policy, senderId: string): string | undefined {
  const [unique = ""] = senderId.split(":");
  return Object.entries(tenants).find(([, { senders }]) => senders.includes(unique))?.[0];
}

export function hasTenancy({ tenants = {} }: Policy): boolean {
  return Object.keys(tenants).length > 0;
}

/**
 * Whose job it is. Where tenancy is configured, `told` (by prefix or sender) decides, and a line that claims another is
 * refused; elsewhere a line's tenant is its own word, or else its batch's.
 */
export function tenantOf(
  policy: Policy,
  claimed: string | undefined,
  told: string | undefined,
): { kind: "known"; tenant: string | undefined } | { kind: "refused"; error: JobError } {
  if (!hasTenancy(policy)) return { kind: "known", tenant: claimed ?? told };
  if (told === undefined)
    return refused(
      "No tenant of the configuration owns the prefix that this was uploaded under, or sent this message.",
    );
  if (claimed !== undefined && claimed !== told)
    return refused(`The line claims another tenant than ${told}, whose it is; leave switchyard.tenant out.`);
  return { kind: "known", tenant: told };
}

function refused(message: string): { kind: "refused"; error: JobError } {
  return { kind: "refused", error: { code: "policy-denied", message } };
}
