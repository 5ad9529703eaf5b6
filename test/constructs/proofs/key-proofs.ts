import {
  bucketOf,
  type KeyName,
  keyContexts,
  keyOf,
  laneUrls,
  objectsOf,
  queueAt,
  queueNamed,
  readMessage,
  roleOfZone,
  ruleKey,
  useKey,
} from "./places.ts";
import type { Proof } from "./proof.ts";
import { bucket, key, queue, role } from "./roles.ts";
import type { Subject } from "./subject.ts";
import { arn, both, change, grant, setProperties, setStatements } from "./template-edits.ts";
import type { Context } from "./witnesses.ts";
import { could, distinct, may, promoted, type World } from "./world.ts";

/** Who uses which key, and in which contexts: one entry for each that is allowed. */
function usesOf(world: World, name: KeyName, subjects: readonly Subject[], actions: readonly string[]) {
  const { arn: keyArn } = keyOf(world, name);
  return actions.flatMap((action) => {
    const contexts = distinct([...keyContexts(world), ...world.contextsFor(action)]);
    return subjects.flatMap((subject) =>
      contexts
        .filter((context) => may(world, subject, action, keyArn, context))
        .map((context) => ({ subject, action, context, text: `${subject.name} may ${action} with the ${name} key` })),
    );
  });
}

/** Everyone who uses a key although the sentence does not name them, and everyone who could change who does. */
function beyond(world: World, name: KeyName, isUser: (subject: Subject) => boolean): string[] {
  const others = world.subjects.filter((subject) => !isUser(subject));
  const services = world.subjects.filter((subject) => subject.kind === "service");
  return distinct([
    ...usesOf(world, name, others, useKey).map(({ text }) => text),
    ...usesOf(world, name, world.subjects, ruleKey).map(({ text }) => text),
    ...usesOf(world, name, services, useKey)
      .filter(({ context }) => context["aws:SourceAccount"] !== world.account.id)
      .map(({ text }) => `${text} for another account`),
  ]);
}

const isHolder = (...policies: string[]) => {
  const pattern = new RegExp(`^holder of Access(${policies.join("|")})[0-9A-F]{8}$`);
  return ({ kind, name }: Subject): boolean => kind === "holder" && pattern.test(name);
};
const isUserOfZone = (zone: string) => (subject: Subject) =>
  roleOfZone(zone)(subject) ||
  ["classify", "collect"].includes(subject.kind) ||
  isHolder("JobReader", "Auditor")(subject);
const isUserOfIntake = (subject: Subject): boolean =>
  ["plan", "classify", "collect", "sweep"].includes(subject.kind) ||
  isHolder("Producer", "Reader", "JobReader", "Operator")(subject) ||
  ["events.amazonaws.com", "cloudwatch.amazonaws.com"].includes(subject.name);

/** Why a use of a key in this context serves nothing that the subject works on. */
function isForeign(world: World, name: KeyName, subject: Subject, context: Context): boolean {
  const { account } = world;
  const keyArn = keyOf(world, name).arn;
  const via = context["kms:ViaService"];
  const through = (service: string): boolean => via === `${service}.${account.region}.amazonaws.com`;
  const queueArn = context["kms:EncryptionContext:aws:sqs:arn"];
  if (through("sqs") && queueArn !== undefined) {
    // Too many lanes to name each again: any queue of theirs. What is no queue holds nothing.
    const ours = `arn:aws:sqs:${account.region}:${account.id}:switchyard-`;
    if (subject.kind === "classify" || subject.kind === "fallback") return !queueArn.startsWith(ours);
    const used = account.queues.get(queueArn);
    return (
      used?.keyArn !== keyArn ||
      !["sqs:SendMessage", ...readMessage].some((action) => could(world, subject, action, queueArn))
    );
  }
  const objectArn = context["kms:EncryptionContext:aws:s3:arn"];
  if (through("s3") && objectArn !== undefined) {
    const holding = account.buckets.get(objectArn.split("/")[0] ?? "");
    const actions = ["s3:GetObject", "s3:PutObject"];
    return (
      holding?.keyArn !== keyArn ||
      !objectsOf(world, holding).some((object) => actions.some((action) => could(world, subject, action, object)))
    );
  }
  const topicArn = context["kms:EncryptionContext:aws:sns:topicArn"];
  if (through("sns") && topicArn !== undefined) return account.topics.get(topicArn)?.keyArn !== keyArn;
  return true;
}

const keyNames: KeyName[] = ["intake", "general", "restricted"];

/** Roles that could use a key if another policy granted it. */
function undenied(world: World, name: KeyName, isOther: (subject: Subject) => boolean): string[] {
  return distinct(
    world.subjects
      .filter(isOther)
      .flatMap((subject) => usesOf(promoted(world, subject), name, [subject], [...useKey, ...ruleKey]))
      .map(({ text }) => `${text}, if another policy says so`),
  );
}

const decryptWith = (name: keyof typeof key) => (template: Parameters<typeof arn>[0]) => ({
  Action: "kms:Decrypt",
  Resource: arn(template, "AWS::KMS::Key", key[name]),
});
const noDenials = (name: keyof typeof key) =>
  setStatements("AWS::KMS::Key", key[name], (statements) => statements.filter(({ Effect }) => Effect !== "Deny"));

export const keyProofs: Proof[] = [
  {
    sentence: "Uploads, jobs and results are under the intake key; lanes, payloads and segments under their zone's",
    violations(world) {
      const intake = [
        bucketOf(world, "intake"),
        ...["jobs", "uploads", "chunks"].flatMap((name) => [
          queueNamed(world, name),
          queueNamed(world, `${name}-dead`),
        ]),
      ].filter(({ keyArn }) => keyArn !== keyOf(world, "intake").arn);
      const ofZones = world.subjects.flatMap((subject) => {
        const { kind, zone, environment } = subject;
        if (zone !== "general" && zone !== "restricted") return [];
        const urls = kind === "lane" ? laneUrls(subject) : [];
        const places = [
          bucketOf(world, zone),
          world.account.buckets.get(`arn:aws:s3:::${environment.ZONE_BUCKET}`),
          queueNamed(world, `lost-${zone}`),
          ...urls.map((url) => queueAt(world, url)),
        ];
        return places.filter((place) => place?.keyArn !== keyOf(world, zone).arn);
      });
      return [...intake, ...ofZones].map((place) => `${place?.logicalId} is not under its key`);
    },
    breaks: [
      {
        how: "a restricted lane's queue is under the general key",
        edit: setProperties("AWS::SQS::Queue", queue.restricted, (properties, template) => ({
          ...properties,
          KmsMasterKeyId: arn(template, "AWS::KMS::Key", key.general),
        })),
      },
      {
        how: "the jobs queue is under SQS's own key",
        edit: setProperties("AWS::SQS::Queue", queue.jobs, ({ KmsMasterKeyId, ...properties }) => properties),
      },
      {
        how: "the restricted bucket is under S3's own key",
        edit: setProperties("AWS::S3::Bucket", bucket.restricted, (properties) => ({
          ...properties,
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
          },
        })),
      },
    ],
  },
  {
    sentence:
      "Only plan, classify, collect, sweep, holders of the managed policies, and the events and alarms of this account use the intake key",
    violations: (world) => beyond(world, "intake", isUserOfIntake),
    breaks: [
      {
        how: "a lane may use it, and the key does not deny it",
        edit: both(grant(role.generalLane, decryptWith("intake")), noDenials("intake")),
      },
      {
        how: "its policy lets everyone in",
        edit: setStatements("AWS::KMS::Key", key.intake, (statements) => [
          ...statements,
          { Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" },
        ]),
      },
      {
        how: "another service may use it",
        edit: setStatements("AWS::KMS::Key", key.intake, (statements) => [
          ...statements,
          { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "kms:Decrypt", Resource: "*" },
        ]),
      },
      {
        how: "events of any account may use it",
        edit: change("AWS::KMS::Key", key.intake, "events.amazonaws.com", ({ Condition, ...statement }) => statement),
      },
      {
        how: "plan may hand it on",
        edit: grant(role.plan, (template) => ({
          Action: "kms:CreateGrant",
          Resource: arn(template, "AWS::KMS::Key", key.intake),
        })),
      },
    ],
  },
  {
    sentence:
      "Only the general lanes and fallback, classify, collect and holders of JobReader and Auditor use the general key",
    violations: (world) => beyond(world, "general", isUserOfZone("general")),
    breaks: [
      {
        how: "a restricted lane may use it, and the key does not deny it",
        edit: both(grant(role.restrictedLane, decryptWith("general")), noDenials("general")),
      },
      {
        how: "the reader's policy has every key",
        edit: setStatements("AWS::IAM::ManagedPolicy", /^AccessReader/, (statements) => [
          ...statements,
          { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" },
        ]),
      },
    ],
  },
  {
    sentence:
      "Only the restricted lanes and fallback, classify, collect and holders of JobReader and Auditor use the restricted key",
    violations: (world) => beyond(world, "restricted", isUserOfZone("restricted")),
    breaks: [
      {
        how: "a general lane may use it, and the key does not deny it",
        edit: both(grant(role.generalLane, decryptWith("restricted")), noDenials("restricted")),
      },
      {
        how: "a general lane may use it under a condition, and the key denies it under another",
        edit: both(
          grant(role.generalLane, (template) => ({
            ...decryptWith("restricted")(template),
            Condition: { StringEquals: { "aws:PrincipalTag/zone": "restricted" } },
          })),
          change("AWS::KMS::Key", key.restricted, '"Deny"', (statement) => ({
            ...statement,
            Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/switchyard/general/*" } },
          })),
        ),
      },
      {
        how: "sweep may use all keys but one",
        edit: both(
          grant(role.sweep, (template) => ({
            Action: "kms:Decrypt",
            NotResource: [arn(template, "AWS::KMS::Key", key.general)],
          })),
          noDenials("restricted"),
        ),
      },
    ],
  },
  {
    sentence: "Every role of another side is denied a key explicitly, whatever another policy grants",
    violations: (world) => [
      ...undenied(
        world,
        "restricted",
        (subject) => roleOfZone("general")(subject) || ["plan", "sweep"].includes(subject.kind),
      ),
      ...undenied(
        world,
        "general",
        (subject) => roleOfZone("restricted")(subject) || ["plan", "sweep"].includes(subject.kind),
      ),
      ...undenied(world, "intake", (subject) => roleOfZone("general")(subject) || roleOfZone("restricted")(subject)),
    ],
    breaks: [
      ...keyNames.map((name) => ({ how: `the ${name} key denies nothing`, edit: noDenials(name) })),
      {
        how: "the restricted key denies decrypting only",
        edit: change("AWS::KMS::Key", key.restricted, '"Deny"', (statement) => ({
          ...statement,
          Action: "kms:Decrypt",
        })),
      },
      {
        how: "a general lane's role is on another path",
        edit: setProperties("AWS::IAM::Role", role.generalLane, (properties) => ({
          ...properties,
          Path: "/switchyard/",
        })),
      },
    ],
  },
  {
    sentence:
      "A key is used only through SQS, S3 or SNS, and with the context of a queue, bucket or topic that the user works on",
    violations: (world) =>
      keyNames.flatMap((name) =>
        usesOf(
          world,
          name,
          world.subjects.filter(({ kind }) => kind !== "service"),
          useKey,
        )
          .filter(({ subject, context }) => isForeign(world, name, subject, context))
          .map(({ text, context }) => `${text} in ${JSON.stringify(context)}`),
      ),
    breaks: [
      {
        how: "a restricted lane may decrypt messages of every queue",
        edit: change("AWS::IAM::Role", role.restrictedLane, "aws:sqs:arn", (statement) => ({
          ...statement,
          Condition: { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } },
        })),
      },
      {
        how: "the service is not said",
        edit: change("AWS::IAM::Role", role.generalLane, "aws:sqs:arn", ({ Condition, ...statement }) => ({
          ...statement,
          Condition: { Null: { "kms:ViaService": "true" } },
        })),
      },
      {
        how: "no context is asked for",
        edit: change("AWS::IAM::Role", role.plan, "aws:s3:arn", ({ Condition, ...statement }) => statement),
      },
      {
        how: "the context is another queue's as well",
        edit: change("AWS::IAM::Role", role.restrictedLane, "aws:sqs:arn", (statement, template) => ({
          ...statement,
          Condition: {
            StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" },
            ArnLikeIfExists: {
              "kms:EncryptionContext:aws:sqs:arn": arn(template, "AWS::SQS::Queue", queue.restricted),
            },
          },
        })),
      },
      {
        how: "fallback's pattern reaches beyond the stack's queues",
        edit: change("AWS::IAM::Role", role.restrictedFallback, "aws:sqs:arn", (statement) => ({
          ...statement,
          Condition: {
            StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" },
            ArnLike: { "kms:EncryptionContext:aws:sqs:arn": "arn:aws:sqs:*:*:*" },
          },
        })),
      },
      {
        how: "collect's use for the topic is for any topic",
        edit: change("AWS::IAM::Role", role.collect, "aws:sns:topicArn", (statement) => ({
          ...statement,
          Condition: { StringEquals: { "kms:ViaService": "sns.us-east-1.amazonaws.com" } },
        })),
      },
    ],
  },
];
