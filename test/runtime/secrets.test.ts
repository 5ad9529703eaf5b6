import { describe, expect, it } from "vitest";
import { secretOf } from "../../lib/runtime/secrets.ts";

describe("a deployment's secret", () => {
  it("is fetched anew for whoever asks again, and may come from the cache before", async () => {
    const asked: boolean[] = [];
    const secret = secretOf("switchyard/openai", async (_name, { forceFetch }) => {
      asked.push(forceFetch);
      return `key ${asked.length}`;
    });

    expect([await secret(), await secret()]).toEqual(["key 1", "key 2"]);
    expect(asked).toEqual([false, true]);
  });

  it("that has no text is an error that names it", async () => {
    await expect(secretOf("switchyard/openai", async () => undefined)()).rejects.toThrow("switchyard/openai");
    await expect(secretOf("switchyard/openai", async () => new Uint8Array())()).rejects.toThrow("plain text");
  });
});
