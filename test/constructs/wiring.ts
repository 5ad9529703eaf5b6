import * as z from "zod";
import type { Synthesized } from "./synthesized.ts";

const StringOrList = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: StringOrList.default([]),
  Resource: StringOrList.default([]),
  NotResource: StringOrList.optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
export type Statement = z.infer<typeof Statement>;
export const Document = z.object({ Statement: z.array(Statement) });

const Queue = z.object({
  QueueName: z.string(),
  KmsMasterKeyId: z.string().optional(),
  SqsManagedSseEnabled: z.boolean().default(false),
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
});

const LambdaFunction = z.object({
  Role: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  RecursiveLoop: z.string().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

const Mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});

const Role = z.object({
  Path: z.string(),
  Policies: z.array(z.object({ PolicyDocument: Document })),
});

export type LambdaFunctionOf = z.infer<typeof LambdaFunction> & { name: string; path: string; statements: Statement[] };

/** What a stack wires, under the names that people use: queues by physical name, functions by what they do. */
export function wiringOf({ resources }: Synthesized) {
  const ofType = <Shape>(type: string, shape: z.ZodType<Shape>): Map<string, Shape> =>
    new Map(resources.filter((each) => each.type === type).map(({ id, properties }) => [id, shape.parse(properties)]));

  const queues = ofType("AWS::SQS::Queue", Queue);
  const roles = ofType("AWS::IAM::Role", Role);
  const queueByArn = (arn: string) => required(queues.get(logicalId(arn)), `the queue ${arn}`);
  const functions = [...ofType("AWS::Lambda::Function", LambdaFunction)].map(
    ([id, each]): [string, LambdaFunctionOf] => {
      const role = required(roles.get(logicalId(each.Role)), `the role of ${id}`);
      const statements = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return [id, { ...each, name: nameOf(id, each.Environment.Variables), path: role.Path, statements }];
    },
  );
  const byId = new Map(functions);
  return {
    queues: new Map([...queues.values()].map((queue) => [queue.QueueName, queue])),
    queueByArn,
    functions: new Map(functions.map(([, each]) => [each.name, each])),
    mappings: [...ofType("AWS::Lambda::EventSourceMapping", Mapping).values()].map((mapping) => ({
      ...mapping,
      queue: queueByArn(mapping.EventSourceArn),
      function: required(byId.get(logicalId(mapping.FunctionName)), `the function ${mapping.FunctionName}`),
    })),
    /** Names of the queues that a function may send to. */
    sendsTo: ({ statements }: LambdaFunctionOf): string[] =>
      allowed(statements, "sqs:SendMessage").map((arn) => (arn.includes(".Arn") ? queueByArn(arn).QueueName : arn)),
  };
}

export function policyStatements({ resources }: Synthesized, type: string, name: RegExp): Statement[] {
  const found = required(
    resources.find((each) => each.type === type && name.test(each.id)),
    `${type} ${name}`,
  );
  const { KeyPolicy, PolicyDocument } = found.properties;
  return Document.parse(KeyPolicy ?? PolicyDocument).Statement;
}

/** The resources on which statements allow an action. */
export function allowed(statements: readonly Statement[], action: string): string[] {
  return statements
    .filter(({ Effect, Action }) => Effect === "Allow" && Action.includes(action))
    .flatMap(({ Resource }) => Resource);
}

export function actionsOf(statements: readonly Statement[]): string[] {
  return statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);
}

/** `plan`, `collect` …; a lane's function is `invoke <lane>`, a zone's `fallback <zone>`. */
function nameOf(id: string, variables: Record<string, string>): string {
  if (variables.LANE !== undefined) return `invoke ${variables.LANE}`;
  if (variables.ZONE !== undefined) return `fallback ${variables.ZONE}`;
  return required(/^(Plan|Classify|Collect|Sweep)/.exec(id)?.[1], `a name for ${id}`).toLowerCase();
}

function logicalId(reference: string): string {
  return required(/^<([A-Za-z0-9]+)(\.Arn)?>$/.exec(reference)?.[1], `a resource in ${reference}`);
}

function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`There is no ${what}.`);
  return value;
}
