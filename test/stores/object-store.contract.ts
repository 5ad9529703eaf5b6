import { expect, it } from "vitest";
import type { ObjectStore } from "../../lib/core/ports.ts";

/** What every object store does; `unique` gives a prefix that nobody has used. */
export function objectStoreContract(make: () => ObjectStore, unique: () => string): void {
  it("gives back what was put", async () => {
    const objects = make();
    const key = `${unique()}/a`;

    await objects.put(key, "grüße\n");

    expect(await objects.get(key)).toBe("grüße\n");
    expect(await objects.head(key)).toMatchObject({ bytes: 8, metadata: {} });
  });

  it("says that an object is not there", async () => {
    const objects = make();
    const key = `${unique()}/absent`;

    expect(await objects.get(key)).toBeUndefined();
    expect(await objects.head(key)).toBeUndefined();
    expect(await objects.bytes(key)).toEqual({ kind: "absent" });
  });

  it("reads a range, inclusive on both ends", async () => {
    const objects = make();
    const key = `${unique()}/range`;
    await objects.put(key, "0123456789");

    expect(await textOf(objects, key, { range: [2, 4] })).toBe("234");
    expect(await textOf(objects, key, { range: [9, 9] })).toBe("9");
    expect(await textOf(objects, key)).toBe("0123456789");
  });

  it("says that an object changed since its ETag was seen, quoted or bare", async () => {
    const objects = make();
    const key = `${unique()}/changing`;
    await objects.put(key, "first");
    const etag = (await objects.head(key))?.etag ?? "";

    expect(await textOf(objects, key, { ifMatch: etag, range: [0, 1] })).toBe("fi");
    expect(await textOf(objects, key, { ifMatch: etag.replaceAll('"', "") })).toBe("first");
    await objects.put(key, "second");
    expect(await objects.bytes(key, { ifMatch: etag, range: [0, 1] })).toEqual({ kind: "changed" });
  });

  it("writes a stream as one object, in parts when it is large", async () => {
    const objects = make();
    const prefix = unique();
    const line = `${"x".repeat(999)}\n`;
    const large = async function* () {
      for (let index = 0; index < 18_000; index++) yield index % 2 === 0 ? line : new TextEncoder().encode(line);
    };
    const none = async function* () {};

    await objects.write(`${prefix}/large`, large(), "application/jsonl");
    await objects.write(`${prefix}/none`, none(), "application/jsonl");

    expect((await objects.head(`${prefix}/large`))?.bytes).toBe(18_000_000);
    expect((await objects.get(`${prefix}/large`)) === line.repeat(18_000)).toBe(true);
    expect(await objects.get(`${prefix}/none`)).toBe("");
  });

  it("writes nothing when the stream breaks", async () => {
    const objects = make();
    const key = `${unique()}/broken`;
    const broken = async function* () {
      yield "some";
      throw new Error("The source broke.");
    };

    await expect(objects.write(key, broken(), "text/plain")).rejects.toThrow("The source broke.");
    expect(await objects.head(key)).toBeUndefined();
  });

  it("lists a prefix, and nothing else", async () => {
    const objects = make();
    const prefix = unique();
    for (const name of ["b/2", "a", "b/1", "c"]) await objects.put(`${prefix}/${name}`, name);

    const listed = await Array.fromAsync(objects.list(`${prefix}/b/`));

    expect(listed.map(({ key, bytes }) => ({ key, bytes }))).toEqual([
      { key: `${prefix}/b/1`, bytes: 3 },
      { key: `${prefix}/b/2`, bytes: 3 },
    ]);
    expect(await Array.fromAsync(objects.list(`${prefix}/none/`))).toEqual([]);
  });
}

async function textOf(
  objects: ObjectStore,
  key: string,
  options?: Parameters<ObjectStore["bytes"]>[1],
): Promise<string | undefined> {
  const found = await objects.bytes(key, options);
  if (found.kind !== "found") return undefined;
  return Buffer.concat(await Array.fromAsync(found.body)).toString("utf8");
}
