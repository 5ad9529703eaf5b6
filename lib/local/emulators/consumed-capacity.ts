/** Operations of which DynamoDB says, when asked, how many units they used. */
const reads = new Set(["GetItem", "Query", "Scan", "BatchGetItem"]);
const writes = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]);

/**
 * The request with `ReturnConsumedCapacity` asked for, whatever the caller asked: of two keys with one name the later
 * counts. The reply then tells its units; the caller sees one field more.
 */
export function askForCapacity(operation: string, body: string): string {
  if (!reads.has(operation) && !writes.has(operation)) return body;
  const end = body.lastIndexOf("}");
  return end < 0 ? body : `${body.slice(0, end)},"ReturnConsumedCapacity":"TOTAL"}`;
}

/** The units that a reply names; several tables' are added. */
export function consumedCapacity(operation: string, reply: string): { writeUnits: number; readUnits: number } {
  const isRead = reads.has(operation);
  if (!isRead && !writes.has(operation)) return { writeUnits: 0, readUnits: 0 };
  // Inside strings quotes are escaped, and an attribute of this name would hold a typed value, so this text is the field.
  const start = reply.lastIndexOf('"ConsumedCapacity":');
  if (start < 0) return { writeUnits: 0, readUnits: 0 };
  let units = 0;
  for (const [, number] of reply.slice(start).matchAll(/\{"CapacityUnits":([\d.]+)/g)) units += Number(number);
  return isRead ? { writeUnits: 0, readUnits: units } : { writeUnits: units, readUnits: 0 };
}
