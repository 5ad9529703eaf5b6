import { hash } from "node:crypto";

/** A number in [0, 1) that the same parts always give. */
export function drawn(...parts: (string | number)[]): number {
  return Number.parseInt(hash("sha256", parts.join("\0"), "hex").slice(0, 12), 16) / 2 ** 48;
}
