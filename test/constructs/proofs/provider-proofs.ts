import type { Deployment } from "../../../lib/core/configuration/document.ts";
import { lanesOf } from "../../../lib/core/lane.ts";
import type { Proof } from "./proof.ts";
import { role } from "./roles.ts";
import type { Subject } from "./subject.ts";
import { both, change, drop, grant } from "./template-edits.ts";
import { could, distinct, may, promoted, subjectsWhere, type World } from "./world.ts";

const readSecret = ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter"];
/** What calls a model, or has one called. */
const invoke = [
  "bedrock:InvokeModel",
  "bedrock:InvokeModelWithResponseStream",
  "bedrock:InvokeModelWithBidirectionalStream",
  "bedrock:CreateModelInvocationJob",
  "bedrock:InvokeAgent",
  "bedrock:InvokeFlow",
  "bedrock:RetrieveAndGenerate",
  "bedrock-mantle:CreateInference",
];

const profileKey = "bedrock:InferenceProfileArn";

function deploymentsOf({ policy }: World, subject: Subject): Deployment[] {
  const lane = lanesOf(policy).find(({ name }) => name === subject.lane);
  return (lane?.deployments ?? []).flatMap((name) => policy.deployments[name] ?? []);
}

/** Secrets of the configuration, others with names that begin as theirs, and one that has nothing to do with them. */
function secretsToAsk(world: World): { name: string; arn: string }[] {
  const { account, policy } = world;
  const configured = Object.values(policy.deployments).flatMap(({ secret }) => secret ?? []);
  const names = distinct(configured.flatMap((name) => [name, `${name}-2`, `${name}-batch1`, `${name}/2`]));
  const arnOf = (name: string) => `arn:aws:secretsmanager:${account.region}:${account.id}:secret:${name}-AbCdEf`;
  return [...names, "any", "switchyard/any"].map((name) => ({ name, arn: arnOf(name) }));
}

/** A call of a model: what is named in it, and through which profile IAM sees it. */
type ModelCall = { resource: string; profile: string | undefined };

/** Where there is no deployment, or none of the same model; `""` is where a global profile calls. */
const decoyRegions = ["us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", ""];

const modelArn = (region: string, model: string): string => `arn:aws:bedrock:${region}::foundation-model/${model}`;
const profileArn = ({ account }: World, region: string, id: string): string =>
  `arn:aws:bedrock:${region}:${account.id}:inference-profile/${id}`;

/** The model behind a profile's id. */
function baseModel({ model, inferenceProfile }: Deployment): string {
  return isInRegion({ inferenceProfile }) ? model : model.slice(`${inferenceProfile}.`.length);
}

function isInRegion({ inferenceProfile }: Pick<Deployment, "inferenceProfile">): boolean {
  return inferenceProfile === undefined || inferenceProfile === "in-region";
}

/** Every configured model and another, in every region that is spoken of and others, directly and through any profile. */
function callsToAsk(world: World): ModelCall[] {
  const deployments = Object.values(world.policy.deployments).filter(({ provider }) => provider === "bedrock");
  const regions = distinct([...decoyRegions, ...deployments.flatMap(({ destinations }) => destinations)]);
  const mentioned = world.resourcesFor("bedrock:InvokeModel").filter((each) => each.includes("inference-profile/"));
  const place = `arn:aws:bedrock:us-east-1:${world.account.id}`;
  return distinct([...deployments.map(baseModel), "anthropic.any-model-v1:0"]).flatMap((model) => {
    const profiles = distinct([
      ...["us", "eu", "apac", "global"].flatMap((geography) =>
        ["us-east-1", "eu-central-1"].map((region) => profileArn(world, region, `${geography}.${model}`)),
      ),
      ...mentioned,
      `${place}:application-inference-profile/any`,
    ]);
    const models = regions.map((region) => modelArn(region, model));
    return [
      ...[...profiles, ...models, `${place}:provisioned-model/any`].map((resource) => ({
        resource,
        profile: undefined,
      })),
      ...models.flatMap((resource) => profiles.map((profile) => ({ resource, profile }))),
    ];
  });
}

/** What a lane's deployments need, and no more. */
function callsOf(world: World, subject: Subject): ModelCall[] {
  return deploymentsOf(world, subject).flatMap((deployment): ModelCall[] => {
    const { provider, region, model, inferenceProfile, destinations } = deployment;
    if (provider !== "bedrock" || region === undefined) return [];
    if (isInRegion(deployment)) return [{ resource: modelArn(region, model), profile: undefined }];
    const profile = profileArn(world, region, model);
    const regions = inferenceProfile === "global" ? ["", region] : [region, ...destinations];
    return [
      { resource: profile, profile: undefined },
      ...distinct(regions).map((each) => ({ resource: modelArn(each, baseModel(deployment)), profile })),
    ];
  });
}

/** Whether a call of a model is allowed, in any context that the template speaks of. */
function invoking(world: World, subject: Subject, action: string): (call: ModelCall) => boolean {
  // What a call says of itself is not free; the rest of a condition may be fulfilled.
  const free = world
    .contextsFor(action)
    .map(({ [profileKey]: _profile, "aws:RequestedRegion": _region, ...rest }) => rest);
  const contexts = distinct(free);
  return ({ resource, profile }) => {
    const region = resource.split(":")[3] || "unspecified";
    const call = { "aws:RequestedRegion": region, ...(profile === undefined ? {} : { [profileKey]: profile }) };
    return contexts.some((context) => may(world, subject, action, resource, { ...context, ...call }));
  };
}

const sameCall = (one: ModelCall, other: ModelCall): boolean =>
  one.resource === other.resource && one.profile === other.profile;
const written = ({ resource, profile }: ModelCall): string =>
  profile === undefined ? resource : `${resource} through ${profile}`;

/** Calls that are allowed besides a lane's own. */
function callsBeyond(world: World, subject: Subject, actions: readonly string[]): string[] {
  const own = callsOf(world, subject);
  const foreign = callsToAsk(world).filter((call) => !own.some((each) => sameCall(each, call)));
  return actions.flatMap((action) =>
    foreign.filter(invoking(world, subject, action)).map((call) => `${subject.name} may ${action} ${written(call)}`),
  );
}

const isBedrockLane = (world: World) => (subject: Subject) =>
  deploymentsOf(world, subject).some(({ provider }) => provider === "bedrock");
const isLane = ({ kind }: Subject): boolean => kind === "lane";

export const providerProofs: Proof[] = [
  {
    sentence:
      "Each lane reads its own provider's secret, and nobody else reads any: fallback, plan, classify, collect and sweep none",
    violations: (world) =>
      world.subjects.flatMap((subject) => {
        const own = deploymentsOf(world, subject).flatMap(({ secret }) => secret ?? []);
        const foreign = secretsToAsk(world).filter(({ name }) => !own.includes(name));
        const mentioned = world
          .resourcesFor("secretsmanager:GetSecretValue")
          .filter((each) => !own.some((name) => each.includes(`:secret:${name}-`)));
        return readSecret.flatMap((action) =>
          distinct([
            ...foreign.map(({ arn }) => arn),
            ...mentioned,
            `arn:aws:ssm:${world.account.region}:${world.account.id}:parameter/any`,
          ])
            .filter((each) => could(world, subject, action, each))
            .map((each) => `${subject.name} may ${action} ${each}`),
        );
      }),
    breaks: [
      {
        how: "a lane reads a second provider's secret",
        edit: grant(role.restrictedVllm, {
          Action: "secretsmanager:GetSecretValue",
          Resource: "arn:aws:secretsmanager:us-east-1:000000000000:secret:switchyard/openai-??????",
        }),
      },
      {
        how: "a lane reads every secret whose name begins as its own",
        edit: change("AWS::IAM::Role", role.generalLane, "secretsmanager:", (statement) => ({
          ...statement,
          Resource: "arn:aws:secretsmanager:us-east-1:000000000000:secret:switchyard/openai*",
        })),
      },
      {
        how: "a Bedrock lane reads a secret of another stack",
        edit: grant(role.restrictedLane, {
          Action: "secretsmanager:*",
          Resource: "arn:aws:secretsmanager:*:*:secret:other-x",
        }),
      },
      {
        how: "the restricted fallback reads secrets",
        edit: grant(role.restrictedFallback, { Action: "secretsmanager:Get*", Resource: "*" }),
      },
      { how: "classify reads parameters", edit: grant(role.classify, { Action: "ssm:GetParameter", Resource: "*" }) },
      {
        how: "collect may do all but a few things",
        edit: grant(role.collect, { NotAction: ["s3:*", "kms:*"], Resource: "*" }),
      },
    ],
  },
  {
    sentence: "Plan, classify, collect, sweep and fallback invoke no model, and nobody but a Bedrock lane does",
    violations: (world) =>
      subjectsWhere(world, (subject) => !isBedrockLane(world)(subject)).flatMap((subject) =>
        callsBeyond(world, subject, invoke),
      ),
    breaks: [
      { how: "classify asks a model", edit: grant(role.classify, { Action: "bedrock:InvokeModel", Resource: "*" }) },
      {
        how: "collect asks any model but one",
        edit: grant(role.collect, {
          Action: "bedrock:Invoke*",
          NotResource: "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        }),
      },
      {
        how: "sweep has batches of calls made",
        edit: grant(role.sweep, { Action: "bedrock:CreateModelInvocationJob", Resource: "*" }),
      },
      {
        how: "a lane of another provider asks one model in one region",
        edit: grant(role.generalLane, {
          Action: "bedrock:InvokeModel",
          Resource: "arn:aws:bedrock:ap-southeast-2::foundation-model/anthropic.any-model-v1:0",
        }),
      },
    ],
  },
  {
    sentence:
      "A Bedrock lane invokes its configured models in its deployment's region, or a geographic profile by name and its model in the profile's regions through it",
    violations: (world) =>
      subjectsWhere(world, isLane).flatMap((subject) => [
        ...callsOf(world, subject)
          .filter((call) => !invoking(world, subject, "bedrock:InvokeModel")(call))
          .map((call) => `${subject.name} may not call ${written(call)}`),
        ...callsBeyond(world, subject, invoke),
      ]),
    breaks: [
      {
        how: "a lane invokes the same model in every region, and is denied nothing",
        edit: both(
          change("AWS::IAM::Role", role.restrictedLane, "bedrock:InvokeModel", (statement) => ({
            ...statement,
            Resource: "arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
          })),
          drop("AWS::IAM::Role", role.restrictedLane, '"Deny"'),
        ),
      },
      {
        how: "a lane invokes every model of its region, and is denied nothing",
        edit: both(
          change("AWS::IAM::Role", role.restrictedLane, "bedrock:InvokeModel", (statement) => ({
            ...statement,
            Resource: "arn:aws:bedrock:us-east-1::foundation-model/*",
          })),
          drop("AWS::IAM::Role", role.restrictedLane, '"Deny"'),
        ),
      },
      {
        how: "a profile's model may be called directly, and that is not denied",
        edit: change("AWS::IAM::Role", role.generalMixed, "foundation-model", ({ Condition, ...statement }) =>
          statement.Effect === "Allow" ? statement : { ...statement, Action: "bedrock:Nothing" },
        ),
      },
      {
        how: "a lane lacks what it is for",
        edit: drop("AWS::IAM::Role", role.restrictedLane, "bedrock:InferenceProfileArn"),
      },
      {
        how: "a lane has batches of its models' calls made",
        edit: both(
          grant(role.restrictedLane, { Action: "bedrock:CreateModelInvocationJob", Resource: "*" }),
          change("AWS::IAM::Role", role.restrictedLane, '"Deny"', (statement) => ({
            ...statement,
            Action: "bedrock:InvokeModel*",
          })),
        ),
      },
    ],
  },
  {
    sentence:
      "Nothing else is invoked by a Bedrock lane, whatever another policy grants: no other model, region or profile",
    violations: (world) =>
      subjectsWhere(world, isBedrockLane(world)).flatMap((subject) =>
        callsBeyond(promoted(world, subject), subject, invoke),
      ),
    breaks: [
      { how: "other models are not denied", edit: drop("AWS::IAM::Role", role.restrictedLane, "NotResource") },
      {
        how: "a model is not denied through profiles that are not its own",
        edit: drop("AWS::IAM::Role", role.generalMixed, "ArnNotEquals"),
      },
      {
        how: "other profiles are not denied",
        edit: change("AWS::IAM::Role", role.generalMixed, "NotResource", (statement) => ({
          ...statement,
          NotResource: [statement.NotResource, "arn:aws:bedrock:*:*:inference-profile/*"].flat(),
        })),
      },
      {
        how: "only one way to invoke is denied",
        edit: change("AWS::IAM::Role", role.restrictedLane, '"Deny"', (statement) => ({
          ...statement,
          Action: "bedrock:InvokeModel",
        })),
      },
    ],
  },
  {
    sentence: "A lane of in-region deployments only is denied every inference profile",
    violations: (world) =>
      subjectsWhere(world, isBedrockLane(world))
        .filter((subject) => deploymentsOf(world, subject).every(isInRegion))
        .flatMap((subject) =>
          callsToAsk(world)
            .filter(({ resource, profile }) => profile !== undefined || resource.includes("inference-profile/"))
            .filter(invoking(promoted(world, subject), subject, "bedrock:InvokeModel"))
            .map((call) => `${subject.name} may call ${written(call)}`),
        ),
    breaks: [
      {
        how: "nothing is denied",
        edit: drop("AWS::IAM::Role", role.restrictedLane, '"Deny"'),
      },
    ],
  },
];
