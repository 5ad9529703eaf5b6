import { hash } from "node:crypto";

/** 53 bits of a text's hash, as many as a number holds. */
export function hashOf(text: string): number {
  const bytes = hash("sha1", text, "buffer");
  return bytes.readUIntBE(0, 6) * 32 + (bytes.readUInt8(6) & 31);
}
