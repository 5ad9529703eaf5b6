import * as z from "zod";
import type { DataClass, Deployment } from "../../../lib/core/configuration/document.ts";
import { lanesOf } from "../../../lib/core/lane.ts";
import { authorize } from "../../../lib/local/iam/authorize.ts";
import {
  bucketOf,
  keyContexts,
  keyOf,
  lanesOfZone,
  laneUrls,
  objectsOf,
  queueAt,
  queueNamed,
  queuesOfLanes,
  readMessage,
  readObject,
  roleOfZone,
  useKey,
} from "./places.ts";
import type { Proof } from "./proof.ts";
import { bucket, queue, role } from "./roles.ts";
import type { Subject } from "./subject.ts";
import { arn, both, change, drop, grant, setProperties } from "./template-edits.ts";
import { could, distinct, forbid, may, promoted, subjectsWhere, type World } from "./world.ts";

const KeyName = z.enum(["intake", "general", "restricted"]);
/** Which side a role is on, by what its function is. */
const sideOf = ({ kind, zone }: Subject): string => zone ?? (kind === "plan" || kind === "sweep" ? "intake" : kind);
const sendMessage = ["sqs:SendMessage"];
const writeObject = ["s3:PutObject", "s3:PutObjectAcl", "s3:ReplicateObject", "s3:RestoreObject"];
const holds = (stated: Deployment["facts"], { require }: DataClass): boolean =>
  Object.entries(require).every(([fact, value]) => stated[fact] === value);

/** Every queue of the stack, some that are not of it, and those that a statement speaks of. */
function queuesToAsk(world: World, action: string): string[] {
  const { account } = world;
  const strange = [account.id, "999999999999"].flatMap((id) =>
    ["any", "switchyard-any"].map((name) => `arn:aws:sqs:${account.region}:${id}:${name}`),
  );
  return distinct([...account.queues.keys(), ...strange, ...world.resourcesFor(action)]);
}

function bucketsToAsk(world: World): string[] {
  const objects = [...world.account.buckets.values()].flatMap((each) => objectsOf(world, each));
  return distinct([...objects, "arn:aws:s3:::any/any", ...world.resourcesFor("s3:PutObject")]);
}

/** Queues to which a subject sends although it should not. */
function sendsBeyond(world: World, subject: Subject, allowed: readonly string[]): string[] {
  return queuesToAsk(world, "sqs:SendMessage")
    .filter((each) => !allowed.includes(each) && could(world, subject, "sqs:SendMessage", each))
    .map((each) => `${subject.name} sends to ${each}`);
}

function ownQueues(world: World, subject: Subject): string[] {
  return laneUrls(subject).flatMap((url) => queueAt(world, url)?.arn ?? []);
}

/** All that a role may do at all, as its own policies name it. */
const RoleProperties = z.looseObject({
  Policies: z.array(
    z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(z.record(z.string(), z.unknown())) }) }),
  ),
});
const Actions = z.union([z.string().transform((action) => [action]), z.array(z.string())]);

function actionsOf({ resources }: World, { principal }: Subject): string[] {
  const found = resources.filter(
    ({ type, arn: each }) => type === "AWS::IAM::Role" && "arn" in principal && each === principal.arn,
  );
  return found.flatMap(({ properties }) =>
    RoleProperties.parse(properties).Policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) =>
        Action === undefined ? ["all but some"] : Actions.parse(Action),
      ),
    ),
  );
}

/** Whether a function's code may do it: what only Lambda does with the function's role is denied to the code. */
function codeMay(world: World, subject: Subject, action: string): boolean {
  const code = { "lambda:SourceFunctionArn": `arn:aws:lambda:us-east-1:${world.account.id}:function:any` };
  const resources = ["arn:aws:any:us-east-1:any:any", ...world.resourcesFor(action)];
  return resources.some((each) =>
    world.contextsFor(action).some((context) => may(world, subject, action, each, { ...context, ...code })),
  );
}

const actionsOfZones = [
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "sqs:ReceiveMessage",
  "sqs:DeleteMessage",
  "sqs:GetQueueAttributes",
  "sqs:SendMessage",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObject",
  "s3:AbortMultipartUpload",
  "dynamodb:GetItem",
  "dynamodb:BatchGetItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "bedrock:InvokeModel",
  "secretsmanager:GetSecretValue",
];

/** Who receives from a queue, apart from those who should. */
function receivers(
  world: World,
  queues: readonly { arn: string }[],
  isReceiver: (subject: Subject, arn: string) => boolean,
): string[] {
  return queues.flatMap(({ arn: each }) =>
    forbid(
      world,
      subjectsWhere(world, (subject) => !isReceiver(subject, each)),
      readMessage,
      [each],
    ),
  );
}

export const zoneProofs: Proof[] = [
  {
    sentence:
      "A restricted lane exists only for a deployment that some restricted class may use, and a general one likewise",
    violations: (world) =>
      ["general", "restricted"].flatMap((zone) => {
        const classes = world.policy.dataClasses.filter((each) => each.zone === zone);
        return lanesOfZone(world, zone).flatMap(({ name, lane, environment }) => {
          const deployments = lanesOf(world.policy).find(
            (each) => each.name === lane && each.zone === zone,
          )?.deployments;
          if (deployments === undefined)
            return [`${name} is no ${zone} lane of the configuration, but is told ${environment.ZONE}`];
          return deployments
            .filter(
              (each) => !classes.some((dataClass) => holds(world.policy.deployments[each]?.facts ?? {}, dataClass)),
            )
            .map((each) => `${name} calls ${each}, which no ${zone} class may use`);
        });
      }),
    breaks: [
      {
        how: "the lane of a provider without an agreement is told that it is restricted",
        edit: setProperties("AWS::Lambda::Function", /^generalopenaiapi.*Function[0-9A-F]{8}$/, (properties) => {
          const { Variables } = z
            .looseObject({ Variables: z.record(z.string(), z.unknown()) })
            .parse(properties.Environment);
          return { ...properties, Environment: { Variables: { ...Variables, ZONE: "restricted" } } };
        }),
      },
      {
        how: "a restricted lane has the name of one that no restricted class may use",
        edit: setProperties(
          "AWS::Lambda::Function",
          /^restrictedbedrockuseast1.*Function[0-9A-F]{8}$/,
          (properties) => {
            const { Variables } = z
              .looseObject({ Variables: z.record(z.string(), z.unknown()) })
              .parse(properties.Environment);
            return {
              ...properties,
              Environment: { Variables: { ...Variables, LANE: "openai-api-openai-com-restricted" } },
            };
          },
        ),
      },
    ],
  },
  {
    sentence:
      "A general lane's role and the general fallback can read nothing restricted: no message, payload, segment or key",
    violations(world) {
      const general = subjectsWhere(world, roleOfZone("general"));
      const restricted = bucketOf(world, "restricted");
      const queues = [...queuesOfLanes(world, "restricted"), queueNamed(world, "lost-restricted")].map(
        ({ arn: each }) => each,
      );
      const keyArn = keyOf(world, "restricted").arn;
      return [
        ...forbid(world, general, readMessage, queues),
        ...forbid(world, general, readObject, objectsOf(world, restricted)),
        ...forbid(world, general, ["s3:ListBucket", "s3:ListBucketVersions"], [restricted.arn]),
        ...general
          .filter((subject) =>
            useKey.some(
              (action) =>
                could(world, subject, action, keyArn) ||
                keyContexts(world).some((context) => may(world, subject, action, keyArn, context)),
            ),
          )
          .map(({ name }) => `${name} uses the restricted key`),
      ];
    },
    breaks: [
      {
        how: "a general lane receives from a restricted queue",
        edit: grant(role.generalLane, (template) => ({
          Action: "sqs:ReceiveMessage",
          Resource: arn(template, "AWS::SQS::Queue", queue.restricted),
        })),
      },
      {
        how: "a general lane receives from every queue",
        edit: grant(role.generalBedrock, { Action: "sqs:*", Resource: "*" }),
      },
      {
        how: "the general fallback receives from all queues but one",
        edit: grant(role.generalFallback, (template) => ({
          Action: "sqs:Receive*",
          NotResource: arn(template, "AWS::SQS::Queue", queue.collect),
        })),
      },
      {
        how: "a general lane reads every bucket, and the restricted bucket does not deny it",
        edit: both(
          grant(role.generalLane, { Action: "s3:GetObject", Resource: "*" }),
          drop("AWS::S3::BucketPolicy", /^StorageRestrictedPolicy/, "NothingRestricted"),
        ),
      },
      {
        how: "a general lane reads every bucket, and the restricted bucket denies its root only",
        edit: both(
          grant(role.generalLane, { Action: "s3:Get*", Resource: "arn:aws:s3:::*/segments/*" }),
          change("AWS::S3::BucketPolicy", /^StorageRestrictedPolicy/, "NothingRestricted", (statement, template) => ({
            ...statement,
            Resource: arn(template, "AWS::S3::Bucket", bucket.restricted),
          })),
        ),
      },
      {
        how: "the restricted queue lets the general fallback in",
        edit: change(
          "AWS::SQS::QueuePolicy",
          /^restrictedbedrockuseast1.*QueuePolicy/,
          "SecureTransport",
          (statement, template) => ({
            Effect: "Allow",
            Action: "sqs:ReceiveMessage",
            Resource: statement.Resource,
            Principal: { AWS: arn(template, "AWS::IAM::Role", role.generalFallback) },
          }),
        ),
      },
    ],
  },
  {
    sentence:
      "Restricted messages are received only by their own lane, and dead ones by the restricted fallback; general ones likewise",
    violations: (world) =>
      ["general", "restricted"].flatMap((zone) => [
        ...receivers(world, queuesOfLanes(world, zone), (subject, each) => {
          const isDead = each.endsWith("-dead");
          return (
            subject.zone === zone && (isDead ? subject.kind === "fallback" : ownQueues(world, subject).includes(each))
          );
        }),
        ...receivers(world, [queueNamed(world, `lost-${zone}`)], () => false),
      ]),
    breaks: [
      {
        how: "collect receives from a restricted lane's queue",
        edit: grant(role.collect, (template) => ({
          Action: "sqs:ReceiveMessage",
          Resource: arn(template, "AWS::SQS::Queue", queue.restricted),
        })),
      },
      {
        how: "a restricted lane receives from another's queue",
        edit: grant(role.restrictedVllm, (template) => ({
          Action: "sqs:ReceiveMessage",
          Resource: arn(template, "AWS::SQS::Queue", queue.restricted),
        })),
      },
      {
        how: "the producer's policy allows all of SQS",
        edit: (template) =>
          change("AWS::IAM::ManagedPolicy", /^AccessProducer/, "sqs:SendMessage", (statement) => ({
            ...statement,
            Action: "sqs:*",
            Resource: "*",
          }))(template),
      },
    ],
  },
  {
    sentence:
      "Plan receives uploads, classify jobs and chunks, and collect what is done: nobody else does, and nobody their dead letters",
    violations: (world) =>
      Object.entries({ uploads: "plan", jobs: "classify", chunks: "classify", collect: "collect" }).flatMap(
        ([name, kind]) => [
          ...receivers(world, [queueNamed(world, name)], (subject) => subject.kind === kind),
          ...receivers(world, [queueNamed(world, `${name}-dead`)], () => false),
        ],
      ),
    breaks: [
      {
        how: "a restricted lane receives what is done, and the queue does not deny it",
        edit: both(
          grant(role.restrictedLane, (template) => ({
            Action: "sqs:ReceiveMessage",
            Resource: arn(template, "AWS::SQS::Queue", queue.collect),
          })),
          drop("AWS::SQS::QueuePolicy", /^QueuesCollectPolicy/, "OnlyCollectReceives"),
        ),
      },
      {
        how: "a producer receives jobs",
        edit: change("AWS::IAM::ManagedPolicy", /^AccessProducer/, "sqs:SendMessage", (statement) => ({
          ...statement,
          Action: ["sqs:SendMessage", "sqs:ReceiveMessage"],
        })),
      },
    ],
  },
  {
    sentence:
      "Restricted payloads are read only by restricted lanes and fallback; segments also by collect and holders of JobReader",
    violations(world) {
      const restricted = bucketOf(world, "restricted");
      const objects = objectsOf(world, restricted);
      const under = (prefix: string): string[] =>
        objects.filter((each) => each.startsWith(`${restricted.arn}/${prefix}/`));
      const others = subjectsWhere(world, (subject) => !roleOfZone("restricted")(subject));
      const isSegmentReader = ({ kind, name }: Subject): boolean =>
        kind === "collect" || name.startsWith("holder of AccessJobReader");
      const isAuditor = ({ name }: Subject): boolean => name.startsWith("holder of AccessAuditor");
      const audit = [...under("audit"), ...under("quarantine")];
      const rest = objects.filter((each) => ![...under("segments"), ...audit].includes(each));
      return [
        ...forbid(world, others, readObject, rest),
        ...forbid(
          world,
          others.filter((subject) => !isSegmentReader(subject)),
          readObject,
          under("segments"),
        ),
        // Who writes why a job went where it went need not read it.
        ...forbid(
          world,
          subjectsWhere(world, (subject) => !isAuditor(subject)),
          readObject,
          audit,
        ),
      ];
    },
    breaks: [
      {
        how: "classify reads what it wrote",
        edit: grant(role.classify, (template) => ({
          Action: "s3:GetObject",
          Resource: { "Fn::Join": ["", [arn(template, "AWS::S3::Bucket", bucket.restricted), "/payloads/*"]] },
        })),
      },
      {
        how: "collect reads the whole bucket",
        edit: grant(role.collect, (template) => ({
          Action: "s3:GetObject",
          Resource: { "Fn::Join": ["", [arn(template, "AWS::S3::Bucket", bucket.restricted), "/*"]] },
        })),
      },
      {
        how: "a restricted lane reads audit records, and the bucket does not deny it",
        edit: both(
          grant(role.restrictedLane, (template) => ({
            Action: "s3:GetObject",
            Resource: { "Fn::Join": ["", [arn(template, "AWS::S3::Bucket", bucket.restricted), "/audit/*"]] },
          })),
          drop("AWS::S3::BucketPolicy", /^StorageRestrictedPolicy/, "AuditForAuditorsOnly"),
        ),
      },
    ],
  },
  {
    sentence: "No role of another side reads a message or an object under a key, whatever another policy grants",
    violations: (world) =>
      [
        { name: "restricted", others: ["general", "intake"] },
        { name: "general", others: ["restricted", "intake"] },
        { name: "intake", others: ["general", "restricted"] },
      ].flatMap(({ name, others }) => {
        const under = KeyName.parse(name);
        const keyArn = keyOf(world, under).arn;
        const queues = [...world.account.queues.values()].filter((each) => each.keyArn === keyArn);
        const calls = [
          ...queues.map((each) => ({ action: "sqs:ReceiveMessage", resource: each.arn })),
          ...objectsOf(world, bucketOf(world, under)).map((resource) => ({ action: "s3:GetObject", resource })),
        ];
        return subjectsWhere(world, (subject) => others.includes(sideOf(subject))).flatMap((subject) => {
          const { account } = promoted(world, subject);
          const caller = "arn" in subject.principal ? { role: subject.principal.arn } : subject.principal;
          return calls
            .filter((call) =>
              world.entrances.some((context) => authorize({ ...caller, ...call, context }, account).kind === "allowed"),
            )
            .map(({ action, resource }) => `${subject.name} may ${action} ${resource}, if another policy says so`);
        });
      }),
    breaks: [
      {
        how: "the restricted key denies nothing",
        edit: drop("AWS::KMS::Key", /^KeysRestricted/, '"Deny"'),
      },
      {
        how: "the intake key denies one zone only",
        edit: change("AWS::KMS::Key", /^KeysIntake/, '"Deny"', (statement) => ({
          ...statement,
          Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/switchyard/*/restricted/*" } },
        })),
      },
    ],
  },
  {
    sentence:
      "A role that reads restricted bytes sends only to restricted lanes, their dead-letter queues, and collect",
    violations: (world) => {
      const collect = queueNamed(world, "collect").arn;
      return subjectsWhere(world, roleOfZone("restricted")).flatMap((subject) =>
        sendsBeyond(world, subject, [
          collect,
          // A lane puts back what is its own; only fallback sends on.
          ...(subject.kind === "lane"
            ? ownQueues(world, subject)
            : queuesOfLanes(world, "restricted").map(({ arn: each }) => each)),
        ]),
      );
    },
    breaks: [
      {
        how: "a restricted lane's send points at a general queue",
        edit: change("AWS::IAM::Role", role.restrictedLane, "sqs:SendMessage", (statement, template) => ({
          ...statement,
          Resource: arn(template, "AWS::SQS::Queue", queue.general),
        })),
      },
      {
        how: "the restricted fallback sends to all queues but one",
        edit: change(
          "AWS::IAM::Role",
          role.restrictedFallback,
          "sqs:SendMessage",
          ({ Resource, ...statement }, template) => ({
            ...statement,
            NotResource: arn(template, "AWS::SQS::Queue", queue.jobs),
          }),
        ),
      },
      {
        how: "a restricted lane sends to queues of another account",
        edit: grant(role.restrictedLane, { Action: "sqs:SendMessage", Resource: "arn:aws:sqs:*:111111111111:*" }),
      },
      {
        how: "a restricted lane sends to a queue that has nothing to do with it, under a condition",
        edit: grant(role.restrictedVllm, {
          Action: "SQS:Send*",
          Resource: "arn:aws:sqs:us-east-1:000000000000:out-*",
          Condition: { Bool: { "aws:ViaAWSService": "true" } },
        }),
      },
      {
        how: "the queue of jobs lets a restricted lane in",
        edit: change("AWS::SQS::QueuePolicy", /^QueuesJobsPolicy/, "SecureTransport", (statement, template) => ({
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: statement.Resource,
          Principal: { AWS: arn(template, "AWS::IAM::Role", role.restrictedLane) },
        })),
      },
    ],
  },
  {
    sentence:
      "A role that reads restricted bytes writes objects to the restricted bucket only, and has no other way out",
    violations: (world) => {
      const restricted = subjectsWhere(world, roleOfZone("restricted"));
      const elsewhere = bucketsToAsk(world).filter((each) => !each.startsWith(`${bucketOf(world, "restricted").arn}/`));
      return [
        ...forbid(world, restricted, writeObject, elsewhere),
        ...restricted.flatMap((subject) =>
          actionsOf(world, subject)
            .filter((action) => !actionsOfZones.includes(action) && codeMay(world, subject, action))
            .map((action) => `${subject.name} may ${action}`),
        ),
      ];
    },
    breaks: [
      {
        how: "a restricted lane writes to the general bucket",
        edit: both(
          grant(role.restrictedLane, (template) => ({
            Action: "s3:PutObject",
            Resource: { "Fn::Join": ["", [arn(template, "AWS::S3::Bucket", bucket.general), "/segments/*"]] },
          })),
          drop("AWS::S3::BucketPolicy", /^StorageGeneralPolicy/, "NothingGeneral"),
        ),
      },
      {
        how: "a restricted lane writes to a bucket of someone's",
        edit: grant(role.restrictedLane, { Action: "s3:Put*", Resource: "arn:aws:s3:::out/*" }),
      },
      {
        how: "the restricted fallback publishes notices",
        edit: grant(role.restrictedFallback, { Action: "sns:Publish", Resource: "*" }),
      },
      {
        how: "a restricted lane may do all but a few things",
        edit: grant(role.restrictedVllm, { NotAction: ["iam:*", "sqs:*", "s3:*"], Resource: "*" }),
      },
    ],
  },
  {
    sentence: "Fallback is per zone: it receives its zone's dead letters and sends to its zone's lanes and to collect",
    violations: (world) =>
      subjectsWhere(world, ({ kind }) => kind === "fallback").flatMap((subject) => {
        const own = queuesOfLanes(world, subject.zone ?? "").map(({ arn: each }) => each);
        const dead = own.filter((each) => each.endsWith("-dead"));
        const foreign = queuesToAsk(world, "sqs:ReceiveMessage").filter((each) => !dead.includes(each));
        return [
          ...forbid(world, [subject], readMessage, foreign),
          ...sendsBeyond(world, subject, [...own, queueNamed(world, "collect").arn]),
        ];
      }),
    breaks: [
      {
        how: "the restricted fallback sends to a general lane",
        edit: grant(role.restrictedFallback, (template) => ({
          Action: "sqs:SendMessage",
          Resource: arn(template, "AWS::SQS::Queue", queue.general),
        })),
      },
      {
        how: "the general fallback receives the restricted zone's dead letters",
        edit: grant(role.generalFallback, (template) => ({
          Action: "sqs:ReceiveMessage",
          Resource: arn(template, "AWS::SQS::Queue", queue.restrictedDead),
        })),
      },
    ],
  },
  {
    sentence: "What a queue moves to another as a dead letter stays under the same key",
    violations: ({ account }) =>
      [...account.queues.values()].flatMap(({ logicalId, keyArn, deadLetterArn }) => {
        const target = deadLetterArn === undefined ? undefined : account.queues.get(deadLetterArn);
        if (deadLetterArn === undefined || (target !== undefined && target.keyArn === keyArn)) return [];
        return [`${logicalId} moves to ${deadLetterArn}, which is under another key or not of this stack`];
      }),
    breaks: [
      {
        how: "a restricted lane's dead letters go to a general queue",
        edit: setProperties("AWS::SQS::Queue", queue.restricted, (properties, template) => ({
          ...properties,
          RedrivePolicy: {
            deadLetterTargetArn: arn(template, "AWS::SQS::Queue", queue.generalDead),
            maxReceiveCount: 3,
          },
        })),
      },
    ],
  },
  {
    sentence: "Lanes are sent to only by themselves, classify and their zone's fallback",
    violations: (world) =>
      ["general", "restricted"].flatMap((zone) =>
        queuesOfLanes(world, zone).flatMap(({ arn: each }) =>
          forbid(
            world,
            subjectsWhere(world, (subject) => {
              if (subject.kind === "lane") return !ownQueues(world, subject).includes(each);
              return subject.kind !== "classify" && !(subject.kind === "fallback" && subject.zone === zone);
            }),
            sendMessage,
            [each],
          ),
        ),
      ),
    breaks: [
      {
        how: "a producer sends straight to a restricted lane",
        edit: change("AWS::IAM::ManagedPolicy", /^AccessProducer/, "sqs:SendMessage", (statement) => ({
          ...statement,
          Resource: "*",
        })),
      },
      {
        how: "events reach a lane's queue",
        edit: change("AWS::SQS::QueuePolicy", /^generalopenaiapi.*QueuePolicy/, "SecureTransport", (statement) => ({
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: statement.Resource,
          Principal: { Service: "events.amazonaws.com" },
        })),
      },
    ],
  },
];
