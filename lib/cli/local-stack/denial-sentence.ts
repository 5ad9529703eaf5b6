import type { Denial } from "../../local/access/denial.ts";

/** What was denied to whom, and where the grant would be. */
export function denialSentence({ functionName, call, action, resource, why }: Denial): string {
  return `Denied, as it would be on AWS: ${call} by ${functionName} needs ${action} on ${resource}, but ${why}.`;
}
