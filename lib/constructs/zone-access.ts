/** What the lanes and the fallback of a zone do with the zone's bucket, by prefix, and with the table. */
export const zoneAccess = {
  objects: { read: ["payloads", "segments"], write: ["segments", "audit", "quarantine"] },
  items: ["GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"] as const,
};
