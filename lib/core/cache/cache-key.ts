import type { Hash } from "../batch-id.ts";
import type { ChatBody } from "../chat.ts";
import { canonicalJson } from "../configuration/canonical-json.ts";
import type { Zone } from "../names.ts";

/** All that an answer depends on, and all that decides who may have it. */
export type CacheQuestion = {
  zone: Zone;
  tenant: string | undefined;
  /** The version that the job was planned under. */
  policy: string;
  dataClass: string;
  residency: string | undefined;
  /** Who would be called. */
  deployment: string;
  /** Personal data was replaced before the call. */
  redacted: boolean;
  body: ChatBody;
};

/**
 * Names a question; equal ones have one name, white space and the order of keys aside. With a salt that only the zone's
 * lanes can read it tells nobody else whether a prompt that they guess was asked.
 */
export function cacheKey(question: CacheQuestion, salt: string, hash: Hash): string {
  return hash(canonicalJson(["v1", salt, question]));
}
