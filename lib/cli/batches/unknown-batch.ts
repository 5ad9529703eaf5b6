/** How a batch's id looks. Source: lib/core/batch-id.ts. */
const shape = /^b-[0-9a-f]{24}$/;

/** Whether a text can be a batch's id at all. */
export function isBatchId(text: string): boolean {
  return shape.test(text);
}

/** What to say of a batch that the table does not know, and what to do. */
export function unknownBatch(id: string): string {
  return isBatchId(id)
    ? `There is no batch ${id}, or its upload has not been read yet (that takes a few seconds). "npx switchyard status" lists the newest.`
    : `There is no batch ${id}: a batch's id is b- and 24 hexadecimal digits, as submit prints it. "npx switchyard status" lists the newest.`;
}
