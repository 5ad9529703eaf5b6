import { describe, expect, it } from "vitest";
import { createSecretCache } from "../../lib/providers/provider-secret.ts";

function asking(...answers: (string | Error)[]) {
  let asked = 0;
  const cache = createSecretCache(async () => {
    const answer = answers[asked++];
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  });
  return { cache, asked: () => asked };
}

describe("createSecretCache", () => {
  it("asks once, however many read at once", async () => {
    const { cache, asked } = asking("key-1\n");

    const secrets = await Promise.all([cache.read(), cache.read()]);

    expect(secrets).toEqual(Array(2).fill({ kind: "known", value: "key-1" }));
    expect(asked()).toBe(1);
  });

  it("asks again after the key was refused, and once for all that it was refused for", async () => {
    const { cache, asked } = asking("key-1", "key-2");
    const first = await cache.read();

    cache.forget(first);
    const second = await cache.read();
    cache.forget(first);

    expect(await cache.read()).toBe(second);
    expect(second).toEqual({ kind: "known", value: "key-2" });
    expect(asked()).toBe(2);
  });

  it("does not keep a failure to ask", async () => {
    const { cache } = asking(Object.assign(new Error("no"), { name: "AccessDeniedException" }), "key-1");

    expect(await cache.read()).toEqual({ kind: "unknown", detail: "secret-unavailable AccessDeniedException" });
    expect(await cache.read()).toEqual({ kind: "known", value: "key-1" });
  });

  it("names no key that a header cannot carry", async () => {
    expect(await asking("two words").cache.read()).toEqual({ kind: "unknown", detail: "secret-malformed" });
    expect(await asking("").cache.read()).toEqual({ kind: "unknown", detail: "secret-malformed" });
  });
});
