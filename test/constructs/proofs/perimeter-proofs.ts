import * as z from "zod";
import { objectsOf } from "./places.ts";
import type { Proof } from "./proof.ts";
import { bucket, role } from "./roles.ts";
import type { Subject } from "./subject.ts";
import { change, drop, type Edit, setProperties } from "./template-edits.ts";
import { distinct, forbid, may, promoted, subjectsWhere, type World } from "./world.ts";

const ways: Record<"queues" | "buckets" | "objects" | "topics", string[]> = {
  queues: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:SetQueueAttributes"],
  buckets: ["s3:ListBucket", "s3:PutBucketPolicy"],
  objects: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
  topics: ["sns:Publish"],
};

/** Each thing that can be called, with what can be asked of it. */
function callable(world: World): { actions: string[]; arns: string[] }[] {
  const { queues, buckets, topics } = world.account;
  return [
    { actions: ways.queues, arns: [...queues.keys()] },
    { actions: ways.buckets, arns: [...buckets.keys()] },
    { actions: ways.objects, arns: [...buckets.values()].flatMap((each) => objectsOf(world, each)) },
    { actions: ways.topics, arns: [...topics.keys()] },
  ];
}

/** A role that may do everything, so that only a denial keeps it from something. */
function administrator(world: World): { world: World; subject: Subject } {
  const subject = world.subjects.find(({ kind }) => kind === "collect");
  if (subject === undefined) throw new Error("The stack has no collect.");
  // Without its path: what is denied to the stack's own roles is not the question here.
  const found = "arn" in subject.principal ? world.account.roles.get(subject.principal.arn) : undefined;
  if (found === undefined) throw new Error("Collect has no role.");
  const principal = { arn: `arn:aws:iam::${world.account.id}:role/administrator`, account: world.account.id };
  const roles = new Map(world.account.roles).set(principal.arn, { ...found, arn: principal.arn, policies: [] });
  const administrator: Subject = { ...subject, name: "an administrator", principal };
  return { world: promoted({ ...world, account: { ...world.account, roles } }, administrator), subject: administrator };
}

/** Calls that an administrator makes in a context that should be refused. */
function allowedIn(original: World, context: Record<string, string>, things: ReturnType<typeof callable>): string[] {
  const { world, subject } = administrator(original);
  return things.flatMap(({ actions, arns }) =>
    actions.flatMap((action) =>
      arns
        .filter((arn) => may(world, subject, action, arn, context))
        .map((arn) => `${action} ${arn} in ${JSON.stringify(context)}`),
    ),
  );
}

const PublicAccess = z.looseObject({
  PublicAccessBlockConfiguration: z.strictObject({
    BlockPublicAcls: z.literal(true),
    BlockPublicPolicy: z.literal(true),
    IgnorePublicAcls: z.literal(true),
    RestrictPublicBuckets: z.literal(true),
  }),
  AccessControl: z.undefined().optional(),
});

/** What services may do in their own name, for this account only. */
const servicesMay = [
  ["events.amazonaws.com", "sqs:SendMessage", /:switchyard-uploads$/],
  ["events.amazonaws.com", "lambda:InvokeFunction", /:function:.*SweepFunction/],
  ["cloudwatch.amazonaws.com", "sns:Publish", /:switchyard$/],
  ["logging.s3.amazonaws.com", "s3:PutObject", /storageaccesslogs/],
  ["delivery.logs.amazonaws.com", "s3:PutObject", /storageaccesslogs.*\/network\//],
  ["delivery.logs.amazonaws.com", "s3:ListBucket", /storageaccesslogs/],
] as const;

/** Text that looks like a credential: a provider's prefix, or a long run of letters and digits that no name here has. */
const secretLooking = /\b(sk-|AKIA|ASIA|xox[bp]-|ghp_|AIza|eyJ)|-----BEGIN|[A-Za-z0-9+_]{32,}/;
const secretNames = /key|token|password|secret|credential/i;

const setVariable = (id: RegExp, name: string, value: unknown): Edit =>
  setProperties("AWS::Lambda::Function", id, (properties) => {
    const { Variables } = z.looseObject({ Variables: z.record(z.string(), z.unknown()) }).parse(properties.Environment);
    return { ...properties, Environment: { Variables: { ...Variables, [name]: value } } };
  });

export const perimeterProofs: Proof[] = [
  {
    sentence: "Buckets, queues and the topic are reached over TLS only, and buckets over TLS 1.2 at least",
    violations(world) {
      const things = callable(world);
      const ofS3 = things.filter(({ actions }) => actions.some((action) => action.startsWith("s3:")));
      return [
        ...allowedIn(world, { "aws:SecureTransport": "false" }, things),
        ...allowedIn(world, { "s3:TlsVersion": "1.1" }, ofS3),
      ];
    },
    breaks: [
      {
        how: "a queue does not ask for it",
        edit: drop("AWS::SQS::QueuePolicy", /^restrictedbedrockuseast1.*QueuePolicy/, "SecureTransport"),
      },
      {
        how: "a bucket does not ask for it",
        edit: drop("AWS::S3::BucketPolicy", /^StorageIntakePolicy/, "SecureTransport"),
      },
      {
        how: "a bucket takes any version",
        edit: drop("AWS::S3::BucketPolicy", /^StorageRestrictedPolicy/, "TlsVersion"),
      },
      {
        how: "a bucket asks for it at its root only",
        edit: change("AWS::S3::BucketPolicy", /^StorageGeneralPolicy/, "SecureTransport", (statement) => ({
          ...statement,
          Resource: z.array(z.unknown()).parse(statement.Resource)[0],
        })),
      },
      {
        how: "the topic asks for it of another account only",
        edit: change("AWS::SNS::TopicPolicy", /^NoticesPolicy/, "SecureTransport", (statement) => ({
          ...statement,
          Principal: { AWS: "111111111111" },
        })),
      },
    ],
  },
  {
    sentence:
      "Nothing is open to the public: no bucket, and no policy of a resource that lets in who has no rights here",
    violations(world) {
      const buckets = world.resources
        .filter(({ type, properties }) => type === "AWS::S3::Bucket" && !PublicAccess.safeParse(properties).success)
        .map(({ logicalId }) => `${logicalId} does not block public access`);
      const strangers = subjectsWhere(world, ({ name }) => name.startsWith("a role of account"));
      const functions = {
        actions: ["lambda:InvokeFunction", "lambda:UpdateFunctionCode"],
        arns: [...world.account.functions.keys()],
      };
      return [
        ...buckets,
        ...[...callable(world), functions].flatMap(({ actions, arns }) => forbid(world, strangers, actions, arns)),
      ];
    },
    breaks: [
      {
        how: "a bucket may have a public policy",
        edit: setProperties("AWS::S3::Bucket", bucket.intake, (properties) => ({
          ...properties,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: false,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        })),
      },
      {
        how: "anyone may send jobs",
        edit: change("AWS::SQS::QueuePolicy", /^QueuesJobsPolicy/, "SecureTransport", (statement) => ({
          ...statement,
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        })),
      },
      {
        how: "anyone of an organization may read results",
        edit: change("AWS::S3::BucketPolicy", /^StorageIntakePolicy/, "SecureTransport", (statement) => ({
          ...statement,
          Effect: "Allow",
          Action: "s3:Get*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-any" } },
        })),
      },
    ],
  },
  {
    sentence: "AWS services act in their own name only where the stack says so, and for this account only",
    violations: (world) =>
      subjectsWhere(world, ({ kind }) => kind === "service").flatMap((subject) =>
        [...callable(world), { actions: ["lambda:InvokeFunction"], arns: [...world.account.functions.keys()] }].flatMap(
          ({ actions, arns }) =>
            actions.flatMap((action) =>
              arns.flatMap((arn) => {
                const expected = servicesMay.some(
                  ([name, each, pattern]) => name === subject.name && each === action && pattern.test(arn),
                );
                // Another account's rule or bucket is one whose ARN or account is another's.
                return world
                  .contextsFor(action)
                  .filter((context) => may(world, subject, action, arn, context))
                  .filter(
                    (context) =>
                      !expected ||
                      !Object.entries(context).some(
                        ([key, value]) => key.startsWith("aws:Source") && value.includes(world.account.id),
                      ),
                  )
                  .map((context) => `${subject.name} may ${action} ${arn} in ${JSON.stringify(context)}`);
              }),
            ),
        ),
      ),
    breaks: [
      {
        how: "events of any account reach the uploads queue",
        edit: change(
          "AWS::SQS::QueuePolicy",
          /^QueuesUploadsPolicy/,
          "UploadEvents",
          ({ Condition, ...statement }) => statement,
        ),
      },
      {
        how: "another service may publish notices",
        edit: change("AWS::SNS::TopicPolicy", /^NoticesPolicy/, "Alarms", (statement) => ({
          ...statement,
          Principal: { Service: "codebuild.amazonaws.com" },
        })),
      },
      {
        how: "any rule may run sweep",
        edit: setProperties("AWS::Lambda::Permission", /^Sweep/, ({ SourceArn, ...properties }) => properties),
      },
    ],
  },
  {
    sentence: "Only Lambda takes on the roles, whatever another policy grants",
    violations(original) {
      const { world, subject } = administrator(original);
      const roles = [...original.account.roles.values()].filter(
        ({ arn, trust }) => trust.statements.length > 0 && arn !== subject.name,
      );
      const others = [subject, ...subjectsWhere(world, ({ name }) => name !== "lambda.amazonaws.com")];
      return forbid(
        world,
        others,
        ["sts:AssumeRole"],
        roles.map(({ arn }) => arn),
      );
    },
    breaks: [
      {
        how: "a role trusts the account",
        edit: setProperties("AWS::IAM::Role", role.restrictedLane, (properties) => ({
          ...properties,
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "000000000000" } }],
          },
        })),
      },
      {
        how: "a role trusts another service",
        edit: setProperties("AWS::IAM::Role", role.collect, (properties) => ({
          ...properties,
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Action: "sts:AssumeRole",
                Principal: { Service: ["lambda.amazonaws.com", "codebuild.amazonaws.com"] },
              },
            ],
          },
        })),
      },
    ],
  },
  {
    sentence: "Secrets are in Secrets Manager only: functions are told a secret's name, and the template holds none",
    violations: (world) => [
      ...world.subjects.flatMap(({ name, environment }) =>
        Object.entries(environment).flatMap(([variable, value]) => {
          const isName =
            variable === "SECRET_NAME" &&
            Object.values(world.policy.deployments).some(({ secret }) => secret === value);
          return isName || !(secretNames.test(variable) || secretLooking.test(value))
            ? []
            : [`${name} is told ${variable}`];
        }),
      ),
      ...distinct(
        world.resources
          .filter(({ type }) => /^AWS::(SecretsManager|SSM)::/.test(type))
          .map(({ logicalId }) => `${logicalId} has a value in the template`),
      ),
    ],
    breaks: [
      {
        how: "a function is told a key",
        edit: setVariable(/^generalopenaiapi.*Function[0-9A-F]{8}$/, "OPENAI_API_KEY", "x"),
      },
      {
        how: "a key stands where something else should",
        edit: setVariable(/^PlanFunction[0-9A-F]{8}$/, "TABLE_NAME", "sk-proj-0123456789"),
      },
      {
        how: "the name of a secret is a value",
        edit: setVariable(/^generalopenaiapi.*Function[0-9A-F]{8}$/, "SECRET_NAME", "0123456789abcdef0123456789abcdef"),
      },
    ],
  },
];
