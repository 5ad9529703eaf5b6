import type { Hash } from "../batch-id.ts";

/** A shard under one fence: what reserves, and what settles. */
export type Claim = { chunk: string; shard: string; fence: number };

/** 64 bits in hexadecimal digits: that two of a thousand open at once are alike is no risk. */
const keyLength = 16;

/** Names a claim's reservation in a ledger. */
export function holdKey({ chunk, shard, fence }: Claim, hash: Hash): string {
  return hash(`${chunk}/${shard}/${fence}`).slice(0, keyLength);
}
