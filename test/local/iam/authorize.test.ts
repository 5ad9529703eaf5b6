import { describe, expect, it } from "vitest";
import { authorize } from "../../../lib/local/iam/authorize.ts";
import { readAccount } from "../../../lib/local/iam/read-account.ts";
import { interpretTemplate } from "../../../lib/local/template/interpret.ts";
import { Template } from "../../../lib/local/template/template.ts";

const region = "eu-west-1";
const arnOf = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const under = (id: string) => ({ "Fn::Join": ["", [arnOf(id), "/in/*"]] });
const account = "000000000000";
const queue = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;

type Statement = Record<string, unknown>;
const root: Statement = { Effect: "Allow", Principal: { AWS: account }, Action: "kms:*", Resource: "*" };

/** A stack with a queue and its dead letters, a bucket and a topic under one key, and a role with these statements. */
function accountWith(
  statements: Statement[],
  { key = [root], resources = {} }: { key?: Statement[]; resources?: object } = {},
) {
  const template = Template.parse({
    Resources: {
      Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: { Statement: key } } },
      Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/k", TargetKeyId: { Ref: "Key" } } },
      Queue: {
        Type: "AWS::SQS::Queue",
        Properties: {
          QueueName: "jobs",
          KmsMasterKeyId: "alias/k",
          RedrivePolicy: { deadLetterTargetArn: arnOf("Dead"), maxReceiveCount: 3 },
        },
      },
      Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead", KmsMasterKeyId: { Ref: "Key" } } },
      Open: { Type: "AWS::SQS::Queue", Properties: { QueueName: "open", SqsManagedSseEnabled: true } },
      Bucket: {
        Type: "AWS::S3::Bucket",
        Properties: {
          BucketName: "data",
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              {
                BucketKeyEnabled: true,
                ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: arnOf("Key") },
              },
            ],
          },
        },
      },
      Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "news", KmsMasterKeyId: arnOf("Key") } },
      Role: {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName: "worker",
          Path: "/team/",
          AssumeRolePolicyDocument: {
            Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
          },
          Policies: [{ PolicyName: "work", PolicyDocument: { Statement: statements } }],
        },
      },
      ...resources,
    },
  });
  const stack = interpretTemplate(template, { region, stackName: "S", endpoint: "http://127.0.0.1:1" });
  return readAccount([...stack.resources, ...stack.others], region);
}

const role = `arn:aws:iam::${account}:role/team/worker`;
const send = { Effect: "Allow", Action: ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource: "*" };
const objects = { Effect: "Allow", Action: "s3:*", Resource: [arnOf("Bucket"), under("Bucket")] };
const publish = { Effect: "Allow", Action: "sns:Publish", Resource: { Ref: "Topic" } };
const use = (actions: string, service: string, context: object, name: string) => ({
  Effect: "Allow",
  Action: actions.split(" ").map((action) => `kms:${action}`),
  Resource: arnOf("Key"),
  Condition: {
    StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` },
    ArnEquals: { [`kms:EncryptionContext:aws:${name}`]: context },
  },
});
const ofQueue = (actions: string, id: string) => use(actions, "sqs", arnOf(id), "sqs:arn");
const ofBucket = (actions: string) => use(actions, "s3", arnOf("Bucket"), "s3:arn");
const ofTopic = (actions: string) => use(actions, "sns", { Ref: "Topic" }, "sns:topicArn");

const object = "arn:aws:s3:::data/in/a";
const keyArn = (id: string) => `arn:aws:kms:${region}:${account}:key/${id}`;
const aliasArn = (name: string) => `arn:aws:kms:${region}:${account}:alias/${name}`;
const calls = {
  send: { action: "sqs:SendMessage", resource: queue("jobs") },
  sendOpen: { action: "sqs:SendMessage", resource: queue("open") },
  receive: { action: "sqs:ReceiveMessage", resource: queue("jobs") },
  receiveDead: { action: "sqs:ReceiveMessage", resource: queue("dead") },
  get: { action: "s3:GetObject", resource: object },
  put: { action: "s3:PutObject", resource: object },
  putInParts: { action: "s3:PutObject", resource: object, multipart: true },
  putElsewhere: { action: "s3:PutObject", resource: "arn:aws:s3:::data/out/a" },
  publish: { action: "sns:Publish", resource: `arn:aws:sns:${region}:${account}:news` },
};

describe("authorize", () => {
  it.each<[keyof typeof calls, Statement[], string]>([
    ["send", [send, ofQueue("Decrypt GenerateDataKey", "Queue")], "allowed"],
    ["send", [send], "denied kms:GenerateDataKey"],
    ["send", [send, ofQueue("GenerateDataKey", "Queue")], "denied kms:Decrypt"],
    ["send", [send, ofQueue("Decrypt GenerateDataKey", "Dead")], "denied kms:GenerateDataKey"],
    ["send", [ofQueue("Decrypt GenerateDataKey", "Queue")], "denied sqs:SendMessage"],
    ["sendOpen", [send], "allowed"],
    ["receive", [send, ofQueue("Decrypt", "Queue")], "allowed"],
    ["receive", [send, ofBucket("Decrypt")], "denied kms:Decrypt"],
    ["receiveDead", [send, ofQueue("Decrypt", "Dead")], "denied kms:Decrypt"],
    ["receiveDead", [send, ofQueue("Decrypt", "Dead"), ofQueue("Decrypt", "Queue")], "allowed"],
    ["get", [objects, ofBucket("Decrypt")], "allowed"],
    ["get", [objects, ofBucket("GenerateDataKey")], "denied kms:Decrypt"],
    ["put", [objects, ofBucket("GenerateDataKey")], "allowed"],
    ["putInParts", [objects, ofBucket("GenerateDataKey")], "denied kms:Decrypt"],
    ["putInParts", [objects, ofBucket("Decrypt GenerateDataKey")], "allowed"],
    ["putElsewhere", [objects, ofBucket("GenerateDataKey")], "denied s3:PutObject"],
    ["publish", [publish, ofTopic("Decrypt GenerateDataKey")], "allowed"],
    ["publish", [publish, ofQueue("Decrypt GenerateDataKey", "Queue")], "denied kms:GenerateDataKey"],
  ])("%s with %j: %s", (call, statements, expected) => {
    const result = authorize({ role, ...calls[call] }, accountWith(statements));

    expect(result.kind === "allowed" ? "allowed" : `denied ${result.action}`).toBe(expected);
  });

  it.each<[string, Record<string, string>, string]>([
    ["its bucket's key, when it names none", {}, "allowed"],
    ["the key of another by its alias", { kms: "alias/other" }, "denied kms:GenerateDataKey other"],
    ["the key of another by its id", { kms: "other" }, "denied kms:GenerateDataKey other"],
    ["the key of another by its ARN", { kms: keyArn("other") }, "denied kms:GenerateDataKey other"],
    ["the key of another by its alias's ARN", { kms: aliasArn("other") }, "denied kms:GenerateDataKey other"],
    ["a key that is not of the stack", { kms: keyArn("abroad") }, "denied kms:GenerateDataKey abroad"],
    ["its bucket's key by its alias", { how: "aws:kms", kms: "alias/k" }, "allowed"],
    ["S3's own, as a KMS key", { how: "aws:kms" }, "allowed"],
    ["S3's own", { how: "AES256" }, "allowed"],
  ])("asks, for a write, for %s", (_, { how, kms }, expected) => {
    const resources = {
      Other: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: { Statement: root } } },
      OtherAlias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/other", TargetKeyId: { Ref: "Other" } } },
    };
    const context = {
      ...(how === undefined ? {} : { "s3:x-amz-server-side-encryption": how }),
      ...(kms === undefined ? {} : { "s3:x-amz-server-side-encryption-aws-kms-key-id": kms }),
    };
    const stack = accountWith([objects, ofBucket("GenerateDataKey")], { resources });
    const named = [...stack.keys.values()].find(({ logicalId }) => logicalId === "Other")?.arn ?? "";
    const of = (text: string) => text.replace(keyArn("other"), named).replace(/^other$/, named.split("/")[1] ?? "");
    const written = Object.fromEntries(Object.entries(context).map(([name, value]) => [name, of(value)]));

    const result = authorize({ role, ...calls.put, context: written }, stack);

    const got = result.kind === "allowed" ? "allowed" : `denied ${result.action} ${result.resource}`;
    expect(got).toBe(expected.replace(/ other$/, ` ${named}`).replace(/ abroad$/, ` ${keyArn("abroad")}`));
  });

  it("asks the key's policy as well: it must leave the decision to the account", () => {
    const statements = [send, ofQueue("Decrypt", "Queue")];

    const verdict = authorize(
      { role, ...calls.receive },
      accountWith(statements, { key: [{ ...root, Action: "kms:Encrypt" }] }),
    );

    expect(verdict).toMatchObject({ kind: "denied", because: { kind: "not-delegated", policy: "Key" } });
  });

  it("denies by the role's path, as a key's policy names it", () => {
    const never = {
      Sid: "Never",
      Effect: "Deny",
      Principal: "*",
      Action: "kms:*",
      Resource: "*",
      Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/team/*" } },
    };

    const verdict = authorize(
      { role, ...calls.receive },
      accountWith([send, ofQueue("Decrypt", "Queue")], { key: [root, never] }),
    );

    expect(verdict).toMatchObject({
      action: "kms:Decrypt",
      because: { kind: "explicit-deny", statement: "Key, Never" },
    });
  });

  it("asks for the model in every region of a geographic profile, by way of the profile", () => {
    const profile = `arn:aws:bedrock:eu-central-1:${account}:inference-profile/eu.amazon.nova-lite-v1:0`;
    const model = (place: string) => ({
      Effect: "Allow",
      Action: "bedrock:InvokeModel",
      Resource: `arn:aws:bedrock:${place}::foundation-model/amazon.nova-lite-v1:0`,
      Condition: { ArnEquals: { "bedrock:InferenceProfileArn": profile } },
    });
    const itself = { Effect: "Allow", Action: "bedrock:InvokeModel", Resource: profile };
    const call = { role, action: "bedrock:InvokeModel", resource: profile };

    expect(authorize(call, accountWith([itself, model("*")]))).toEqual({ kind: "allowed" });
    expect(authorize(call, accountWith([itself, model("eu-central-1")]))).toMatchObject({
      kind: "denied",
      resource: expect.stringMatching(/bedrock:eu-.*::foundation-model/),
    });
  });

  it("lets a service do what a resource's policy allows it", () => {
    const rule = `arn:aws:events:${region}:${account}:rule/r`;
    const resources = {
      QueuePolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [{ Ref: "Open" }],
          PolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: arnOf("Open"),
                Condition: { ArnEquals: { "aws:SourceArn": rule } },
              },
            ],
          },
        },
      },
    };
    const call = { service: "events.amazonaws.com", ...calls.sendOpen };
    const stack = accountWith([], { resources });

    expect(authorize({ ...call, context: { "aws:SourceArn": rule } }, stack)).toEqual({ kind: "allowed" });
    expect(authorize({ ...call, context: { "aws:SourceArn": `${rule}-2` } }, stack).kind).toBe("denied");
  });
});

describe("readAccount", () => {
  const trust = {
    Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
  };

  it("gives a role what is attached to it, whichever side says so", () => {
    const document = (action: string) => ({ Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
    const resources = {
      Attached: {
        Type: "AWS::IAM::Policy",
        Properties: { PolicyName: "p", Roles: [{ Ref: "Role" }], PolicyDocument: document("sqs:SendMessage") },
      },
      Managed: { Type: "AWS::IAM::ManagedPolicy", Properties: { PolicyDocument: document("sqs:SendMessage") } },
      Other: {
        Type: "AWS::IAM::Role",
        Properties: { RoleName: "other", AssumeRolePolicyDocument: trust, ManagedPolicyArns: [{ Ref: "Managed" }] },
      },
    };
    const stack = accountWith([], { resources });

    const other = `arn:aws:iam::${account}:role/other`;
    expect(authorize({ role, ...calls.sendOpen }, stack)).toEqual({ kind: "allowed" });
    expect(authorize({ role: other, ...calls.sendOpen }, stack)).toEqual({ kind: "allowed" });
    expect(authorize({ role: `${other}-2`, ...calls.sendOpen }, stack).kind).toBe("denied");
  });

  it.each<[string, object, RegExp]>([
    [
      "a boundary",
      { AssumeRolePolicyDocument: trust, PermissionsBoundary: "arn:aws:iam::aws:policy/X" },
      /Other.*PermissionsBoundary/,
    ],
    [
      "a managed policy that is not in the template",
      { AssumeRolePolicyDocument: trust, ManagedPolicyArns: ["arn:aws:iam::aws:policy/X"] },
      /Other.*not in this template/,
    ],
  ])("refuses a role with %s", (_what, properties, message) => {
    const resources = { Other: { Type: "AWS::IAM::Role", Properties: properties } };

    expect(() => accountWith([], { resources })).toThrow(message);
  });

  it("refuses a key of another stack", () => {
    const resources = { Other: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: "arn:aws:kms:x:1:key/y" } } };

    expect(() => accountWith([], { resources })).toThrow(/Other.*not of this stack/);
  });
});
