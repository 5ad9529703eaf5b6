/** A hash of any text, in lower-case hexadecimal digits; at least 40 of them. */
export type Hash = (text: string) => string;

/** A batch is its key and ETag: announcing one upload twice makes one batch. */
export function batchId(key: string, etag: string, hash: Hash): string {
  return `b-${hash(`${key}\n${etag.replaceAll('"', "")}`).slice(0, 24)}`;
}

export function chunkId(batch: string, number: number): string {
  return `${batch}/${number}`;
}

/** The key of a job queued singly: a repeated send of one id by one tenant is one job. */
export function jobKey(tenant: string | undefined, id: string, hash: Hash): string {
  return hash(`${tenant ?? ""}\n${id}`).slice(0, 40);
}
