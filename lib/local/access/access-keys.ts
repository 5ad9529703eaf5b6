import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../usage.ts";

const ofFunctions = "LOCALFUNCTION";

/**
 * An access key id for one function, by which the emulated services know whose role a call is made under. It is made
 * anew at each start and cannot be guessed: who has another's has taken it.
 */
export function functionAccessKeyId(): string {
  return `${ofFunctions}${randomBytes(12).toString("hex").toUpperCase()}`;
}

/** With which a person's clients are told to sign. */
export const clientAccessKeyId = "local";

/** One with which the engine creates the stack's resources; these calls are nobody's. */
export function setupAccessKeyId(): string {
  return `LOCALSETUP${randomBytes(12).toString("hex").toUpperCase()}`;
}

/**
 * The access key id that a request is signed with: in its header, or in its query if it is presigned; undefined for one
 * that is not signed. A function that signs with a person's own credentials (`--live`) names its own id as the SDK's
 * application id, in the user agent.
 */
export function signerOf({ headers, url }: { headers: IncomingHttpHeaders; url: string }): string | undefined {
  const inHeader = /Credential=([^/,\s]+)\//.exec(headers.authorization ?? "")?.[1];
  const signer = inHeader ?? new URL(url, "http://localhost").searchParams.get("X-Amz-Credential")?.split("/")[0];
  if (signer === undefined || isFunction(signer)) return signer;
  return new RegExp(`\\bapp/(${ofFunctions}[0-9A-F]+)`).exec(headers["user-agent"] ?? "")?.[1] ?? signer;
}

/** Whose request it is, by its signer; undefined for the engine's own setting up. */
export function callerOf(signer: string | undefined, setup: string): Caller | undefined {
  if (signer === setup) return undefined;
  return signer !== undefined && isFunction(signer) ? "functions" : "clients";
}

function isFunction(accessKeyId: string): boolean {
  return accessKeyId.startsWith(ofFunctions);
}
