import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Deployment } from "../core/configuration/document.ts";
import type { DetectText } from "../core/detect/finding.ts";
import { createAccessControl } from "./access/access-control.ts";
import { clientAccessKeyId } from "./access/access-keys.ts";
import type { ApiRequest } from "./access/api-request.ts";
import { checkDelivery, checkPolling } from "./access/check-wiring.ts";
import type { Denial } from "./access/denial.ts";
import type { CountedDenial } from "./access/denial-log.ts";
import { type DenialReply, denialReply } from "./access/denial-reply.ts";
import { readNetwork } from "./access/network.ts";
import { readAssembly } from "./assembly.ts";
import { createResources, type StackResources } from "./create-resources.ts";
import type { Disturbance } from "./disturbance.ts";
import { type AwsEndpoint, startAwsEndpoint } from "./emulators/aws-endpoint.ts";
import { startDynamodb } from "./emulators/dynamodb.ts";
import { remoteSqs } from "./emulators/remote-sqs.ts";
import { type BusEvent, objectCreated, putEvent, scheduled } from "./events/event.ts";
import { type EventBus, startEventBus } from "./events/event-bus.ts";
import { readAccount } from "./iam/read-account.ts";
import { createAsynchronousInvoker } from "./lambda/asynchronous.ts";
import type { Invocation } from "./lambda/invocation.ts";
import type { FunctionFailure, FunctionStats } from "./lambda/local-function.ts";
import { createStackFunctions } from "./lambda/stack-functions.ts";
import { measureUsage } from "./measure-usage.ts";
import { onSignal } from "./on-signal.ts";
import { startPoller } from "./polling/poller.ts";
import { startBoth } from "./start-both.ts";
import { interpretTemplate } from "./template/interpret.ts";
import { accountId } from "./template/resource-types.ts";
import { TemplateError } from "./template/template.ts";
import { createTally, type Usage } from "./usage.ts";

export type EngineOptions = {
  /** A `cdk.out` directory. */
  assemblyDirectory: string;
  stackName: string;
  /** Where logs of functions and compiled code are kept; the caller's to remove. */
  stateDirectory: string;
  /** For SQS, S3 and the other services. @default any free port */
  port?: number;
  /** Keeps messages, objects and items from one start to the next. @default in memory */
  dataDirectory?: string;
  /** Loopback base URLs by deployment, in place of the providers' own. */
  providerEndpoints: Record<string, string>;
  /** What to set besides, for one function; it has the last word. */
  environmentFor?: (functionName: string, environment: Record<string, string>) => Record<string, string>;
  /** The value of a secret. @default `simulated`, also for a name of which it knows nothing */
  secrets?: (name: string) => string | undefined;
  /** Answers for Amazon Comprehend. @default it is not there */
  comprehend?: DetectText;
  processes?: {
    /** At most so many processes for one function. @default as many as there are cores, and at least 2 */
    perFunction?: number;
    /** At most so many on the machine beyond each function's first. @default 3 for each core */
    beyondFirst?: number;
  };
  /** Another AWS-compatible endpoint for SQS, S3, SNS and DynamoDB. @default the engine's own */
  stores?: Stores;
  /** What a test does to deliveries and processes. @default nothing */
  disturbance?: Disturbance;
  /** Told of every invocation that failed. */
  onFailure?: (failure: FunctionFailure) => void;
  /** Told of each denied call of a function when it first occurs. */
  onDenied?: (denial: Denial) => void;
};

/**
 * Base URLs of services elsewhere. Nobody holds calls there to the roles' policies, and nobody tells the bus of their
 * objects: an upload is announced by who uploads.
 */
type Stores = { aws: string; dynamodb: string };

/** One region's stack, running on this machine. */
export type Engine = {
  /** Every service but DynamoDB: `http://127.0.0.1:PORT`. */
  endpoint: string;
  dynamodbEndpoint: string;
  region: string;
  /** The stack's outputs, resolved. */
  outputs: Record<string, string>;
  /** What points any AWS client at the engine. */
  environment: Record<string, string>;
  processes(): { function: string; pid: number; busy: boolean }[];
  usage(): Usage;
  functions(): FunctionStats[];
  /** Calls of functions that IAM would refuse, and were refused. */
  denials(): CountedDenial[];
  /** What Bedrock answers to who may not call the deployment's model: a role that does not allow it, or nobody known. */
  refuseModel(deployment: Deployment, request: Pick<ApiRequest, "headers" | "url">): DenialReply | undefined;
  /**
   * True when no invocation runs or waits and every queue with an event source is empty, delayed messages included;
   * into queues elsewhere it does not look.
   */
  idle(): boolean;
  /** Hears every event that is put on the bus; call what it returns to hear no more. */
  onEvent(listener: (event: BusEvent) => void): () => void;
  /** Invokes a function and waits for its end; throws for a name that the stack does not have. */
  invoke(functionName: string, payload: unknown): Promise<Invocation>;
  /** Ends all processes and closes all ports; also happens on SIGINT and SIGTERM. */
  stop(): Promise<void>;
};

/** Runs one stack of an assembly. Throws TemplateError when the stack has something that cannot run here. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const started = performance.now();
  const cores = availableParallelism();
  const tally = createTally();
  const listeners = new Set<(event: BusEvent) => void>();
  const assembly = await readAssembly(options.assemblyDirectory, options.stackName);
  const { region } = assembly;
  const access = createAccessControl({
    region,
    random: Math.random,
    clients: new Set([clientAccessKeyId, process.env.AWS_ACCESS_KEY_ID ?? clientAccessKeyId]),
    onDenied: options.onDenied ?? (() => undefined),
  });
  const { setupAccessKeyId } = access;
  const origin = () => ({ id: randomUUID(), region, now: new Date() });

  const functions = createStackFunctions({
    region,
    stateDirectory: options.stateDirectory,
    issue: access.issue,
    environmentFor: options.environmentFor ?? (() => ({})),
    processes: {
      perFunction: options.processes?.perFunction ?? Math.max(2, cores),
      beyondFirst: options.processes?.beyondFirst ?? 3 * cores,
      startingAtOnce: cores,
    },
    onFailure: options.onFailure ?? (() => undefined),
    outlives: options.disturbance?.outlives,
  });
  let bus: EventBus | undefined;
  let resources: StackResources | undefined;
  const [aws, dynamodb] = await startBoth(
    startAwsEndpoint({
      region,
      port: options.port ?? 0,
      dataDirectory: options.dataDirectory,
      tally,
      secret: (id) => ({ arn: access.secretArn(id), value: options.secrets?.(id) ?? "simulated" }),
      setupAccessKeyId,
      authorize: access.authorizeRequest,
      ...(options.comprehend === undefined ? {} : { detect: options.comprehend }),
      invoke: (name, payload) => functions.find(name)?.invoke(payload),
      onObject(bucket, object) {
        if (resources?.eventBuckets.has(bucket) !== true) return;
        tally.objectEvents += 1;
        void bus?.publish(objectCreated(bucket, object, origin()));
      },
      onPutEvent(entry) {
        const event = putEvent(entry, origin());
        for (const listener of listeners) listener(event);
        void bus?.publish(event);
        return event.id;
      },
    }),
    startDynamodb({
      place: { region, accountId },
      tally,
      setupAccessKeyId,
      authorize: access.authorizeCall,
      dataDirectory: options.dataDirectory === undefined ? undefined : join(options.dataDirectory, "dynamodb"),
    }),
  );

  const pollers: ReturnType<typeof startPoller>[] = [];
  const asynchronous = createAsynchronousInvoker((name) => resources?.asynchronousRetries.get(name) ?? 2);
  let stopping: Promise<void> | undefined;
  const forgetSignals = onSignal(functions.kill);

  function stop(): Promise<void> {
    stopping ??= (async () => {
      forgetSignals();
      for (const poller of pollers) poller.stop();
      bus?.stop();
      asynchronous.stop();
      await functions.stop();
      await Promise.all([aws.close(), dynamodb.close()]);
    })();
    return stopping;
  }

  try {
    const stores = options.stores ?? { aws: aws.url, dynamodb: dynamodb.url };
    const sqs = options.stores === undefined ? aws.sqs : remoteSqs(stores.aws, region);
    const stack = interpretTemplate(assembly.template, { region, stackName: options.stackName, endpoint: stores.aws });
    const created = await createResources(stack.resources, assembly.assets, {
      region,
      ...stores,
      accessKeyId: setupAccessKeyId,
    });
    resources = created;
    const everything = [...stack.resources, ...stack.others];
    const account = readAccount(everything, region);
    access.enforce(account, readNetwork(everything));

    functions.add(created.functions, { aws: aws.url, stores, providers: options.providerEndpoints });
    for (const { source, queue } of created.eventSources) {
      const target = functions.named(source.functionName);
      if (source.enabled) checkPolling(source, target.definition, account);
      pollers.push(startPoller({ source, queue, region, target, sqs, disturbance: options.disturbance }));
    }
    for (const rule of created.rules) if (rule.enabled) checkDelivery(rule, account);
    bus = startEventBus(
      created.rules,
      {
        queue: (arn, body) => sendToQueue(sqs, created, arn, body),
        invoke: (arn, payload) => asynchronous.invoke(functions.named(arn), payload),
      },
      (rule) => scheduled(rule.arn, origin()),
    );

    return {
      endpoint: stores.aws,
      dynamodbEndpoint: stores.dynamodb,
      region,
      outputs: stack.outputs,
      environment: {
        AWS_REGION: region,
        AWS_ENDPOINT_URL: stores.aws,
        AWS_ENDPOINT_URL_DYNAMODB: stores.dynamodb,
        AWS_ACCESS_KEY_ID: clientAccessKeyId,
        AWS_SECRET_ACCESS_KEY: "local",
      },
      processes: () => functions.all().flatMap((each) => each.processes()),
      usage: () =>
        measureUsage({
          tally,
          functions: functions.all(),
          queues: created.queues,
          seconds: (performance.now() - started) / 1000,
        }),
      functions: () => functions.all().map((each) => each.stats()),
      denials: access.denials,
      refuseModel(deployment, request) {
        const denial = access.authorizeModel(deployment, request);
        return denial === undefined ? undefined : denialReply(denial);
      },
      idle() {
        if (functions.all().some((each) => each.inFlight() > 0)) return false;
        if (pollers.some((poller) => poller.inFlight() > 0)) return false;
        return options.stores !== undefined || pollers.every(({ queue }) => aws.messagesIn(queue.name) === 0);
      },
      onEvent(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      invoke: async (functionName, payload) => functions.named(functionName).invoke(JSON.stringify(payload)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function sendToQueue(
  sqs: AwsEndpoint["sqs"],
  resources: StackResources,
  arn: string,
  body: string,
): Promise<void> {
  const queue = resources.queues.find((each) => each.arn === arn);
  if (queue === undefined) throw new TemplateError(`An event goes to ${arn}, which is not a queue of this stack.`);
  await sqs("SendMessage", { QueueUrl: queue.url, MessageBody: body });
}
