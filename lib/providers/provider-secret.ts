import { codeOf } from "./code-of.ts";

export type Secret = { kind: "known"; value: string } | { kind: "unknown"; detail: string };

/**
 * A provider's key: asked once, kept, and asked again after `forget`.
 *
 *     call A  read ── key 1 ── 401 ── forget(key 1) ✓
 *     call B  read ── key 1 ───── 401 ───── forget(key 1): already gone, key 2 stays
 */
export function createSecretCache(ask: () => Promise<string>): {
  read(): Promise<Secret>;
  forget(secret: Secret): void;
} {
  let asking: Promise<Secret> | undefined;
  let known: Secret | undefined;
  return {
    async read() {
      asking ??= askFor(ask);
      const secret = await asking;
      if (secret.kind === "unknown") asking = undefined;
      known = secret;
      return secret;
    },
    forget(secret) {
      if (secret === known) asking = undefined;
    },
  };
}

async function askFor(ask: () => Promise<string>): Promise<Secret> {
  try {
    const value = (await ask()).trim();
    // Checked here so that a key that no header can carry never becomes an error message that quotes it.
    return /^[\x21-\x7e]+$/.test(value) ? { kind: "known", value } : { kind: "unknown", detail: "secret-malformed" };
  } catch (error) {
    const name = codeOf(error) ?? (error instanceof Error ? error.name : "Error");
    return { kind: "unknown", detail: `secret-unavailable ${name}` };
  }
}
