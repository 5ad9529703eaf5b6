import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byFunction } from "../../../lib/bundle/function-name.ts";
import { addStacks, createUncheckedApp } from "../../../lib/constructs/app.ts";
import type { Deployment } from "../../../lib/core/configuration/document.ts";
import { inferenceOf } from "../../../lib/core/configuration/inference-profile.ts";
import { type Engine, startEngine } from "../../../lib/local/engine.ts";
import { documentWith } from "../../constructs/fixture.ts";
import { callAs, callerBundle, environmentOf, type SdkCall } from "./caller-bundle.ts";

// The regions that a call may be passed on to, as the configuration's compiler would have found them.
const { deployments } = documentWith({}).policy;
const destinationsOf = ({ model, region, destinations }: Deployment): string[] => {
  const inference = inferenceOf(model, region ?? "");
  return inference.kind === "known" && region !== undefined ? inference.destinations : destinations;
};
const { policy } = documentWith({
  deployments: Object.fromEntries(
    Object.values(deployments).map((each) => [each.name, { ...each, destinations: destinationsOf(each) }]),
  ),
});
const stackName = "Switchyard-eu-central-1";
const templateFile = `${stackName}.template.json`;

let directory: string;
let engine: Engine;
/** Names of functions, and the access key ids that they were given, by lane. */
let lanes: Map<string, { name: string; accessKeyId: string }>;

// The stack as it deploys, each of its functions replaced by one that makes the calls it is told to.
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-roles-"));
  const directories = byFunction((name) => join(directory, name));
  for (const each of Object.values(directories)) {
    mkdirSync(each);
    writeFileSync(join(each, "index.mjs"), callerBundle);
  }
  const app = createUncheckedApp(join(directory, "cdk.out"));
  addStacks(app, { policy, bundles: { directories, bytes: byFunction(() => 0) }, retain: true });
  app.synth();
  engine = await start("cdk.out");
  lanes = await lanesOf(engine);
}, 60_000);

afterAll(async () => {
  await engine?.stop();
  rmSync(directory, { recursive: true, force: true });
});

function signedBy(accessKeyId: string) {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/eu-central-1/bedrock/aws4_request`,
  };
}

function start(assembly: string): Promise<Engine> {
  return startEngine({
    assemblyDirectory: join(directory, assembly),
    stackName,
    stateDirectory: join(directory, "state", assembly),
    providerEndpoints: {},
  });
}

/** An assembly from whose template the statements that match were taken out of roles. */
function without(assembly: string, pattern: RegExp): string {
  cpSync(join(directory, "cdk.out"), join(directory, assembly), { recursive: true });
  const file = join(directory, assembly, templateFile);
  const template = JSON.parse(readFileSync(file, "utf8"));
  for (const { Type, Properties } of Object.values<{ Type: string; Properties: RoleProperties }>(template.Resources)) {
    if (Type !== "AWS::IAM::Role") continue;
    for (const { PolicyDocument } of Properties.Policies) {
      PolicyDocument.Statement = PolicyDocument.Statement.filter((each) => !pattern.test(JSON.stringify(each)));
    }
  }
  writeFileSync(file, JSON.stringify(template));
  return assembly;
}
type RoleProperties = { Policies: { PolicyDocument: { Statement: unknown[] } }[] };

async function lanesOf(running: Engine): Promise<typeof lanes> {
  const found: typeof lanes = new Map();
  for (const { name } of running.functions()) {
    const { lane, accessKeyId } = await environmentOf(running, name);
    if (lane !== undefined) found.set(lane, { name, accessKeyId });
  }
  return found;
}

function laneOf(name: string) {
  const found = lanes.get(name);
  if (found === undefined) throw new Error(`There is no lane ${name}; there are ${[...lanes.keys()].join(", ")}.`);
  return found;
}

const general = "bedrock-eu-central-1-general";
const restricted = "bedrock-eu-central-1-restricted";
const object = (bucket: string | undefined): SdkCall => [
  "S3Client",
  "GetObjectCommand",
  { Bucket: bucket, Key: "segments/c/s/1" },
];
const message = (lane: string): SdkCall => [
  "SQSClient",
  "SendMessageCommand",
  { QueueUrl: `${engine.endpoint}/000000000000/switchyard-${lane}`, MessageBody: "{}" },
];
const secret: SdkCall = ["SecretsManagerClient", "GetSecretValueCommand", { SecretId: "switchyard/openai" }];

describe("a lane of Switchyard's own stack", () => {
  it("reads its zone's bucket and not the other's", async () => {
    const { GeneralBucket, RestrictedBucket } = engine.outputs;
    const as = (lane: string, bucket: string | undefined) => callAs(engine, laneOf(lane).name, object(bucket));

    expect(await as(general, GeneralBucket)).toMatchObject({ name: "NoSuchKey" });
    expect(await as(restricted, RestrictedBucket)).toMatchObject({ name: "NoSuchKey" });
    expect(await as(restricted, GeneralBucket)).toMatchObject({ name: "AccessDenied" });
    expect(await as(general, RestrictedBucket)).toMatchObject({
      name: "AccessDenied",
      message: expect.stringMatching(/general.* is not authorized to perform: s3:GetObject .*explicit deny/i),
    });
  });

  it("of the general zone reads the restricted bucket only with a restricted lane's credentials", async () => {
    const thief = laneOf(general).name;
    const stolen = laneOf(restricted).accessKeyId;

    expect(await callAs(engine, thief, object(engine.outputs.RestrictedBucket))).toMatchObject({
      name: "AccessDenied",
    });
    expect(await callAs(engine, thief, object(engine.outputs.RestrictedBucket), stolen)).toMatchObject({
      name: "NoSuchKey",
    });
  });

  it("sends to itself and to no other lane", async () => {
    const as = (lane: string, to: string) => callAs(engine, laneOf(lane).name, message(to));

    expect(await as(restricted, `${restricted}-dead`)).toEqual({ kind: "done" });
    expect(await as(restricted, general)).toMatchObject({ name: "AccessDenied" });
    expect(await as(general, restricted)).toMatchObject({ name: "AccessDenied" });
  });

  it("holds its own provider's secret only", async () => {
    const openai = [...lanes.keys()].find((lane) => lane.startsWith("openai-")) ?? "";

    expect(await callAs(engine, laneOf(openai).name, secret)).toEqual({ kind: "done" });
    expect(await callAs(engine, laneOf(general).name, secret)).toMatchObject({ name: "AccessDeniedException" });
  });

  it("calls its own models, in its own region, and no others", () => {
    const [nova, haiku, gpt] = ["nova-lite", "haiku-eu", "gpt-mini"].flatMap((name) => policy.deployments[name] ?? []);
    const refusal = (lane: string, deployment: Deployment | undefined) => {
      return deployment && engine.refuseModel(deployment, { headers: signedBy(laneOf(lane).accessKeyId), url: "/" });
    };

    expect(refusal(general, haiku)).toBeUndefined();
    expect(refusal("bedrock-us-east-1-general", nova)).toBeUndefined();
    expect(refusal(general, gpt)).toBeUndefined();
    expect(refusal(general, nova)).toMatchObject({ status: 403, body: expect.stringContaining("bedrock:InvokeModel") });
    expect(refusal("bedrock-us-east-1-general", haiku)).toMatchObject({ status: 403 });
  });

  it.each([
    ["nobody's", "MissingAuthenticationTokenException", {}],
    ["a stranger's", "UnrecognizedClientException", signedBy("AKIASTRANGER")],
    ["what looks like a function's", "AccessDeniedException", signedBy("LOCALFUNCTIONABCDEF")],
    ["the engine's own client's", undefined, signedBy("local")],
  ])("answers a call of a model under %s signature with %s", (_, code, headers) => {
    const haiku = policy.deployments["haiku-eu"];

    const reply = haiku && engine.refuseModel(haiku, { headers, url: "/" });

    expect(reply?.headers["x-amzn-errortype"]).toBe(code);
    expect(reply?.status).toBe(code === undefined ? undefined : 403);
  });
});

describe("a stack from which a grant is missing", () => {
  it("shows it as a denial of the call that needs it, and nothing else", { timeout: 30_000 }, async () => {
    const mutilated = await start(without("no-decrypt", /GenerateDataKey.*s3:arn|s3:arn.*GenerateDataKey/));
    const name = laneOf(general).name;
    const put: SdkCall = [
      "S3Client",
      "PutObjectCommand",
      { Bucket: mutilated.outputs.GeneralBucket, Key: "segments/c/s/1", Body: "x" },
    ];

    expect(await callAs(engine, name, put)).toEqual({ kind: "done" });
    expect(await callAs(mutilated, name, put)).toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("kms:GenerateDataKey"),
    });
    expect(mutilated.denials()).toMatchObject([
      { functionName: name, call: "s3.PutObject", action: "kms:GenerateDataKey", count: 1 },
    ]);
    await mutilated.stop();
  });

  it("is refused when Lambda could not poll a queue", async () => {
    await expect(start(without("no-receive", /sqs:ReceiveMessage/))).rejects.toThrow(
      /Lambda polls .*sqs:ReceiveMessage/,
    );
  });
});
