import type { Policy } from "../core/configuration/document.ts";

/** What the lanes and the fallback of a zone do with the zone's bucket, by prefix, and with the table. */
export const zoneAccess = {
  objects: { read: ["payloads", "segments"], write: ["segments", "audit", "quarantine"] },
  items: ["GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"] as const,
};

/** What the lanes alone do with the zone's bucket: with a cache, they keep what makes its names the zone's own. */
export function laneObjects({ cache }: Pick<Policy, "cache">): { read: string[]; write: string[] } {
  const { read, write } = zoneAccess.objects;
  return cache === undefined ? zoneAccess.objects : { read: [...read, "cache"], write: [...write, "cache"] };
}
