import { execFile } from "node:child_process";
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { directoryWith } from "./fake-io.ts";

const launcher = fileURLToPath(new URL("../../bin/switchyard.js", import.meta.url));

function launch(
  path: string,
  argv: string[],
  preload: string[] = [],
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...preload, path, ...argv], (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

/** A checkout of the launcher alone, and a preload that makes Node say it is version 20. */
async function oldCheckout(): Promise<{ path: string; root: string; preload: string[] }> {
  const root = await directoryWith({
    "package.json": '{ "type": "module" }',
    "old.cjs": 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } });',
  });
  await mkdir(join(root, "bin"));
  await mkdir(join(root, "node_modules"));
  const path = join(root, "bin/switchyard.js");
  await cp(launcher, path);
  return { path, root, preload: ["--require", join(root, "old.cjs")] };
}

describe("the launcher", () => {
  it("passes arguments and exit codes through", async () => {
    expect(await launch(launcher, ["validate", "--json"])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"valid":true'),
    });
    expect(await launch(launcher, ["frobnicate"])).toMatchObject({ code: 2, out: "" });
  });

  it("says what to do under an old Node that brought no newer one", async () => {
    const { path, preload } = await oldCheckout();

    const { code, err } = await launch(path, ["--help"], preload);

    expect(code).toBe(2);
    expect(err).toMatch(/^Switchyard needs Node 24 and this is Node 20\.1\.0\. Run "npm ci" in .*\n$/);
  });

  it("says what to do before anything is installed", async () => {
    const root = await directoryWith({ "package.json": '{ "type": "module" }' });
    await mkdir(join(root, "bin"));
    await cp(launcher, join(root, "bin/switchyard.js"));

    const { code, err } = await launch(join(root, "bin/switchyard.js"), []);

    expect(code).toBe(2);
    expect(err).toContain('Run "npm ci" in');
  });

  it.skipIf(process.platform === "win32")(
    "hands over to the Node that the project brought, with its exit code",
    async () => {
      const { path, root, preload } = await oldCheckout();
      await mkdir(join(root, "node_modules/node/bin"), { recursive: true });
      const own = join(root, "node_modules/node/bin/node");
      await writeFile(own, '#!/bin/sh\necho "handed over: $2 $3"\nexit 7\n');
      await chmod(own, 0o755);

      const { code, out } = await launch(path, ["wait", "b-1"], preload);

      expect([code, out]).toEqual([7, "handed over: wait b-1\n"]);
    },
  );

  it.skipIf(process.platform === "win32")("ends by the signal that ended what it handed over to", async () => {
    const { path, root, preload } = await oldCheckout();
    await mkdir(join(root, "node_modules/node/bin"), { recursive: true });
    const own = join(root, "node_modules/node/bin/node");
    await writeFile(own, "#!/bin/sh\nkill -TERM $$\n");
    await chmod(own, 0o755);

    const signal = await new Promise((resolve) => {
      execFile(process.execPath, [...preload, path], (error) => resolve(error?.signal));
    });

    expect(signal).toBe("SIGTERM");
  });
});
