import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { documentFormat } from "../../../lib/configuration/document-format.ts";
import { loadConfiguration } from "../../../lib/configuration/load-configuration.ts";
import { directoryWith, fakeIo } from "../fake-io.ts";
import { stackInEmulators } from "../stack-in-emulators.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const stack = stackInEmulators(() => nowMs);

const yaml = `version: 1
regions: [us-east-1]
deployments:
  nova-lite: { provider: bedrock, model: amazon.nova-lite-v1:0, region: us-east-1, facts: { trainsOnData: false }, timeoutSeconds: 30 }
  gpt-mini: { provider: openai, model: gpt-4o-mini, secret: switchyard/openai, facts: { trainsOnData: false } }
tiers:
  lightweight: { chain: [nova-lite, gpt-mini] }
  standard: { chain: [nova-lite, gpt-mini] }
  capable: { chain: [gpt-mini, nova-lite] }
dataClasses:
  internal: { require: { trainsOnData: false } }
untagged: internal
`;
const slower = yaml.replace("timeoutSeconds: 30", "timeoutSeconds: 20");
const otherModel = yaml.replace("nova-lite-v1:0", "nova-pro-v1:0");

async function run(args: string[], text = yaml) {
  const io = fakeIo({ cwd: await directoryWith({ "switchyard.yaml": text }), env: { USER: "ann" }, nowMs });
  return { code: await main(["config", ...args, ...stack().flags], io), io };
}

async function documentOf(text: string) {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-config-"));
  try {
    await writeFile(join(directory, "switchyard.yaml"), text);
    const loaded = await loadConfiguration(join(directory, "switchyard.yaml"));
    if (loaded.kind === "invalid") throw new Error(JSON.stringify(loaded.problems));
    return loaded.document;
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe("config, before any function has run", () => {
  it.each(["list", "publish", "diff", "rollback"])("%s says to wait a minute", async (command) => {
    const { code, io } = await run([command]);

    expect(code).toBe(1);
    expect(io.err()).toContain("within a minute");
  });
});

describe("config, on a stack that was deployed", () => {
  let generation = 1000;
  let deployed: string;

  beforeAll(async () => {
    const document = await documentOf(yaml);
    deployed = document.version;
    await stack().deploy(document, generation, documentFormat());
  });

  it("finds nothing to do where the file is what was deployed", async () => {
    const published = await run(["publish", "--json"]);
    const differences = await run(["diff"]);

    expect([published.code, differences.code]).toEqual([0, 0]);
    expect(published.io.json()).toEqual({ version: deployed, made: false, changes: [], needs: [] });
    expect(differences.io.out()).toContain("current and file are the same");
  });

  it("shows what a publication would change, and changes nothing with --dry-run", async () => {
    const { code, io } = await run(["publish", "--dry-run"], slower);

    expect(code).toBe(0);
    expect(io.out()).toMatch(/deployments\.nova-lite\.timeoutSeconds.*30.*20/);
    expect(io.out()).toContain("Nothing was changed");
    expect((await stack().policies.current())?.version).toBe(deployed);
  });

  it("publishes, lists who and why, and goes back", async () => {
    const published = await run(["publish", "--note", "nova is slow", "--json"], slower);
    const { version } = await documentOf(slower);
    const between = await stack().policies.current();
    const listed = await run(["list", "--json"]);
    const back = await run(["rollback", "--json"]);
    const again = await run(["rollback", version.slice(0, 6)]);
    const last = await run(["rollback", "deployed"]);
    const table = await run(["list"]);

    expect(published.io.json()).toEqual({
      version,
      made: true,
      before: deployed,
      changes: [{ path: "deployments.nova-lite.timeoutSeconds", before: "30", after: "20" }],
      needs: [],
    });
    expect(between).toMatchObject({ version, generation, deployed: { version: deployed } });
    expect(await stack().policies.document(version)).toEqual(await documentOf(slower));
    expect(listed.io.json()).toMatchObject({
      current: version,
      deployed,
      versions: [
        { version, how: "publish", by: "ann", note: "nova is slow", at: "2026-11-23T12:00:00.000Z", current: true },
        { version: deployed, how: "deploy", current: false },
      ],
    });
    expect(back.io.json()).toMatchObject({ version: deployed, made: true, before: version });
    expect([again.code, last.code, table.code]).toEqual([0, 0, 0]);
    expect(table.io.out()).toMatch(new RegExp(`${deployed} \\(current\\).*2026-11-23 12:00:00.*rollback.*ann`));
  });

  it("refuses what needs a deploy, with every reason", async () => {
    const both = otherModel.replace("secret: switchyard/openai", "secret: switchyard/other");
    const people = await run(["publish"], both);
    const programs = await run(["publish", "--json"], both);

    expect([people.code, programs.code]).toEqual([2, 2]);
    expect(people.io.err()).toMatch(/needs what the stack does not have\. Deploy it \(npx cdk deploy\)\./);
    expect(people.io.err()).toMatch(/deployments\.gpt-mini: there is no lane openai-api-openai-com-other-general/);
    expect(people.io.err()).toMatch(/deployments\.nova-lite\.model: the role .* may not call amazon\.nova-pro-v1:0/);
    expect(programs.io.json()).toMatchObject({
      made: false,
      needs: [{ path: "deployments.nova-lite.model" }, { path: "deployments.gpt-mini" }],
    });
    expect((await stack().policies.current())?.version).toBe(deployed);
  });

  it("refuses a configuration with mistakes as validate does", async () => {
    const { code, io } = await run(["publish"], yaml.replace("timeoutSeconds", "timeoutSecond"));

    expect(code).toBe(2);
    expect(io.err()).toMatch(/^switchyard\.yaml:4 .*did you mean "timeoutSeconds"/m);
  });

  it("refuses a version that nobody has made current", async () => {
    const { code, io } = await run(["rollback", "beef"]);

    expect(code).toBe(2);
    expect(io.err()).toMatch(/There is no policy version beef\. Allowed: current, deployed, /);
  });

  it("compares any two versions", async () => {
    const { version } = await documentOf(slower);

    const { io } = await run(["diff", version, "deployed", "--json"]);

    expect(io.json()).toMatchObject({ a: version, b: deployed, changes: [{ before: "20", after: "30" }] });
  });

  it("is followed by the next deploy, and refuses to go back to what that has no place for", async () => {
    generation += 1;
    await stack().deploy(await documentOf(otherModel), generation, documentFormat());

    const { code, io } = await run(["rollback"]);

    expect(code).toBe(2);
    expect(io.err()).toContain("may not call amazon.nova-lite-v1:0");
  });

  it("refuses to write for functions that were deployed from another version of Switchyard", async () => {
    generation += 1;
    await stack().deploy(await documentOf(yaml), generation, "another-format");

    const { code, io } = await run(["publish"], slower);

    expect(code).toBe(2);
    expect(io.err()).toContain("from another version of Switchyard than this checkout");
  });
});
