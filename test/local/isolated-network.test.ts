import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byFunction } from "../../lib/bundle/function-name.ts";
import { addStacks, createUncheckedApp } from "../../lib/constructs/app.ts";
import { type Engine, startEngine } from "../../lib/local/engine.ts";
import { documentWith } from "../constructs/fixture.ts";
import { eventually } from "./fixture-assembly.ts";

const account = "000000000000";

let directory: string;
let engine: Engine;

// The stack as it deploys, its functions replaced by some that do nothing.
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-isolated-"));
  const directories = byFunction((name) => join(directory, name));
  for (const each of Object.values(directories)) {
    mkdirSync(each);
    writeFileSync(join(each, "index.mjs"), "export const handler = async () => ({ batchItemFailures: [] });");
  }
  const app = createUncheckedApp(join(directory, "cdk.out"));
  addStacks(app, {
    policy: documentWith({ network: "isolated" }).policy,
    bundles: { directories, bytes: byFunction(() => 0) },
    retain: true,
  });
  app.synth();
  engine = await startEngine({
    assemblyDirectory: join(directory, "cdk.out"),
    stackName: "Switchyard-eu-central-1",
    stateDirectory: join(directory, "state"),
    providerEndpoints: {},
  });
});

afterAll(async () => {
  await engine?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("a stack with an isolated network", () => {
  it("runs here, and feeds a lane inside from its queue", async () => {
    const { region, endpoint } = engine;
    const sqs = new SQSClient({ region, endpoint, credentials: { accessKeyId: "a", secretAccessKey: "b" } });
    const invoked = () => engine.functions().filter(({ invocations }) => invocations > 0);

    const QueueUrl = `${endpoint}/${account}/switchyard-bedrock-eu-central-1-restricted`;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
    await eventually(() => invoked().length > 0 && engine.idle());
    sqs.destroy();

    expect(invoked().map(({ name }) => name)).toEqual([expect.stringMatching(/-restrictedbedrockeucentral1/)]);
  });
});
