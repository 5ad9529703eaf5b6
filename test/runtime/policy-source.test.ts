import { beforeEach, describe, expect, it } from "vitest";
import type { PolicyStore } from "../../lib/core/ports.ts";
import { createPolicySource } from "../../lib/runtime/policy-source.ts";
import { memoryPolicy } from "../fakes/memory-policy.ts";
import { policyDocument } from "../fakes/policy-document.ts";

const bundled = { document: policyDocument("v2"), generation: 20 };
let nowMs: number;
let looks: number;
let store: ReturnType<typeof memoryPolicy>;
let counted: PolicyStore;

beforeEach(() => {
  nowMs = 1_000_000;
  looks = 0;
  store = memoryPolicy();
  counted = {
    ...store,
    current() {
      looks += 1;
      return store.current();
    },
  };
});
const source = (mayPublish: boolean) => createPolicySource(counted, bundled, () => nowMs, { mayPublish });

async function publish(version: string, generation: number): Promise<void> {
  await store.publish(policyDocument(version));
  await store.adopt({ version, generation });
}

describe("a worker's policy", () => {
  it("of a newer deploy is published by the first that may, and then made current", async () => {
    await publish("v1", 10);

    const { version } = await source(true).current();

    expect(version).toBe("v2");
    expect(await store.current()).toMatchObject({ version: "v2", generation: 20 });
    expect(await store.document("v2")).toEqual(bundled.document);
  });

  it("stays the current one for a worker that may not publish", async () => {
    await publish("v1", 10);

    expect((await source(false).current()).version).toBe("v1");
    expect(await store.current()).toMatchObject({ version: "v1", generation: 10 });
  });

  it("is the bundle's where nothing is published yet and the worker may not", async () => {
    expect((await source(false).current()).version).toBe("v2");
    expect(await store.current()).toBeUndefined();
  });

  it("is never taken back by a worker of an older deploy", async () => {
    await publish("v3", 30);

    expect((await source(true).current()).version).toBe("v3");
    expect(await store.current()).toMatchObject({ version: "v3", generation: 30 });
  });

  it("is another that was published since, without a deploy", async () => {
    await publish("v9", 20);

    expect((await source(true).current()).version).toBe("v9");
  });

  it("is looked up every 30 seconds at most, by everybody together", async () => {
    const policies = source(false);

    await Promise.all([policies.current(), policies.current()]);
    nowMs += 29_999;
    await policies.current();
    const early = looks;
    nowMs += 1;
    await publish("v3", 30);

    expect(early).toBe(1);
    expect((await policies.current()).version).toBe("v3");
    expect(looks).toBe(2);
  });

  it("is looked up again at once after a look that failed", async () => {
    const policies = source(false);
    const failing = counted.current;
    counted.current = async () => {
      throw new Error("throttled");
    };

    await expect(policies.current()).rejects.toThrow("throttled");
    counted.current = failing;

    expect((await policies.current()).version).toBe("v2");
  });

  it("of the past is fetched once", async () => {
    await publish("v1", 10);
    const policies = source(false);

    const first = await policies.version("v1");
    store.documents.clear();

    expect(await policies.version("v1")).toBe(first);
    expect(await policies.version("v2")).toBe(bundled.document);
  });

  it("that was never published is an error that says where it should be, and is asked for again", async () => {
    const policies = source(false);

    await expect(policies.version("v1")).rejects.toThrow("policies/v1.json");
    await store.publish(policyDocument("v1"));

    expect((await policies.version("v1")).version).toBe("v1");
  });

  it("knows deployments of all versions that the worker has seen, the current first", async () => {
    const older = policyDocument("v1");
    const lite = older.policy.deployments["nova-lite"];
    if (lite === undefined) throw new Error("The fixture has no nova-lite.");
    older.policy.deployments["nova-lite"] = { ...lite, region: "eu-central-1" };
    older.policy.deployments.retired = { ...lite, name: "retired" };
    await store.publish(older);
    const policies = source(true);

    const before = policies.deployment("retired");
    await policies.version("v1");
    await policies.current();

    expect(before).toBeUndefined();
    expect(policies.deployment("retired")?.name).toBe("retired");
    expect(policies.deployment("nova-lite")?.region).toBe("us-east-1");
    expect(policies.latest().version).toBe("v2");
  });
});
