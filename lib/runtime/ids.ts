import { hash } from "node:crypto";

/** SHA-256 of a text, in hexadecimal digits: ids are made of it. */
export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

/** The first 16 bytes of a text's SHA-256. */
export function hash128(text: string): Uint8Array {
  return hash("sha256", text, "buffer").subarray(0, 16);
}
