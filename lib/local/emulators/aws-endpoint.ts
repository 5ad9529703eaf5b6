import { randomUUID } from "node:crypto";
import { buildApp } from "fauxqs";
import * as z from "zod";
import type { DetectText } from "../../core/detect/finding.ts";
import { callerOf, signerOf } from "../access/access-keys.ts";
import type { ApiRequest } from "../access/api-request.ts";
import type { Denial } from "../access/denial.ts";
import { denialReply } from "../access/denial-reply.ts";
import type { Caller, Tally } from "../usage.ts";
import { apiCallOf, s3PathOf } from "./api-call.ts";
import { detectPiiEntities } from "./comprehend.ts";
import { correctFauxqs } from "./fauxqs-corrections.ts";
import { openStores, type StoredObject } from "./fauxqs-stores.ts";
import { PutEvents, type PutEventsEntry } from "./put-events.ts";
import { tallyCall } from "./tally-call.ts";

/** SQS, S3, SNS, and as much of EventBridge and Secrets Manager as functions use, on one loopback port. */
export type AwsEndpoint = {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** An SQS call made by the services of the stack themselves, without the way over the network. */
  sqs(operation: string, input: Record<string, unknown>): Promise<unknown>;
  /** Visible, delayed and in flight, of a queue that exists. */
  messagesIn(queueName: string): number;
  close(): Promise<void>;
};

/** Says what a function's call lacks; undefined when it lacks nothing. */
export type AuthorizeRequest = (
  request: ApiRequest & {
    /** `service.Operation` */
    call: string;
    /** The function's access key id. */
    signer: string;
    /** It reads an object that is not there. */
    ofAbsent: boolean;
  },
) => Denial | undefined;

const GetSecretValue = z.object({ SecretId: z.string() });
const Received = z.object({ Messages: z.array(z.object({ Body: z.string() })).optional() });
const Form = z.object({ Action: z.string() });

const notSigned =
  "The request is not signed. Clients may sign with any access key, AWS_ACCESS_KEY_ID=local for example.";
const fromServices = "x-local-services";

/** What is known of a request that is served. */
type Served = { call: string; caller: Caller | undefined; body: unknown };

/** Starts the endpoint. A function's call is authorized before it is served, and every call is counted under its caller. */
export async function startAwsEndpoint(options: {
  region: string;
  port: number;
  dataDirectory?: string | undefined;
  tally: Tally;
  onObject: (bucket: string, object: StoredObject) => void;
  /** Takes one event off a PutEvents call and returns its id. */
  onPutEvent: (entry: PutEventsEntry) => string;
  secret: (id: string) => { arn: string; value: string };
  /** With which the engine creates resources. */
  setupAccessKeyId: string;
  authorize: AuthorizeRequest;
  /** Answers for Amazon Comprehend. @default Comprehend is not there */
  detect?: DetectText;
}): Promise<AwsEndpoint> {
  const { tally } = options;
  let url = "";
  const stores = await openStores({
    region: options.region,
    endpoint: () => url,
    dataDirectory: options.dataDirectory,
    // After the reply is on its way: a listener that writes back must not run inside the write it hears of.
    onObject: (bucket, key) =>
      setImmediate(() => {
        const object = stores.object(bucket, key);
        if (object !== undefined) options.onObject(bucket, object);
      }),
  });
  const app = buildApp({ logger: false, defaultRegion: options.region, stores: stores.stores });
  // No function can know it, and so pass for the services.
  const servicesToken = randomUUID();
  const served = new WeakMap<object, Served>();

  // Before any other hook: some of them answer.
  app.addHook("preHandler", async (request, reply) => {
    const { method, url: path, headers } = request;
    const { target, action, body } = protocolOf(path, headers, request.body);
    const call = apiCallOf({ method, url: path, target, action, copies: headers["x-amz-copy-source"] !== undefined });
    if (call === undefined) return undefined;
    const isService = headers[fromServices] === servicesToken;
    const signer = signerOf({ headers, url: path });
    const caller = isService ? "services" : callerOf(signer, options.setupAccessKeyId);
    const refuse = (denial: Parameters<typeof denialReply>[0]) => {
      const answer = denialReply(denial);
      return reply.status(answer.status).headers(answer.headers).send(answer.body);
    };
    if (signer === undefined && !isService) return refuse({ call, action: call, message: notSigned });
    if (caller === "functions" && signer !== undefined) {
      const { bucket, key } = s3PathOf(path);
      const reads = call === "s3.GetObject" || call === "s3.HeadObject";
      const ofAbsent = reads && stores.object(bucket, key) === undefined;
      const denial = options.authorize({ call, signer, ofAbsent, url: path, headers, body });
      if (denial !== undefined) return refuse(denial);
    }
    served.set(request, { call, caller, body });
    return undefined;
  });

  correctFauxqs(app, stores);

  app.addHook("preHandler", async (request, reply) => {
    const { call, body } = served.get(request) ?? {};
    if (call === "eventbridge.PutEvents") {
      const { Entries } = PutEvents.parse(body);
      return reply.send({
        FailedEntryCount: 0,
        Entries: Entries.map((entry) => ({ EventId: options.onPutEvent(entry) })),
      });
    }
    if (call === "secretsmanager.GetSecretValue") {
      const { SecretId } = GetSecretValue.parse(body);
      const { arn, value } = options.secret(SecretId);
      return reply.send({ Name: SecretId, ARN: arn, VersionId: "local", SecretString: value });
    }
    if (call === "comprehend.DetectPiiEntities" && options.detect !== undefined)
      return reply.send(detectPiiEntities(body, options.detect));
    return undefined;
  });

  const received = new WeakMap<object, number>();
  app.addHook("preSerialization", async (request, _reply, payload) => {
    if (served.get(request)?.call === "sqs.ReceiveMessage") {
      const bodies = Received.safeParse(payload).data?.Messages ?? [];
      received.set(
        request,
        bodies.reduce((bytes, { Body }) => bytes + Buffer.byteLength(Body), 0),
      );
    }
    return payload;
  });

  app.addHook("onResponse", async (request) => {
    const { call, caller, body } = served.get(request) ?? {};
    if (call === undefined || caller === undefined) return;
    tallyCall(tally, { caller, call, body, receivedBytes: received.get(request) ?? 0 });
  });

  await app.listen({ host: "127.0.0.1", port: options.port });
  const address = app.server.address();
  if (typeof address !== "object" || address === null) throw new Error("The endpoint listens on no port.");
  url = `http://127.0.0.1:${address.port}`;
  for (const queue of stores.stores.sqsStore.allQueues())
    Object.assign(queue, { url: `${url}/000000000000/${queue.name}` });

  return {
    url,
    async sqs(operation, input) {
      const reply = await app.inject({
        method: "POST",
        url: "/",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `AmazonSQS.${operation}`,
          [fromServices]: servicesToken,
        },
        payload: JSON.stringify(input),
      });
      if (reply.statusCode === 200) return reply.json();
      throw new Error(`sqs.${operation} answered ${reply.statusCode}: ${reply.body}`);
    },
    messagesIn(queueName) {
      const queue = stores.stores.sqsStore.getQueueByName(queueName);
      if (queue === undefined) throw new Error(`There is no queue ${queueName}.`);
      const states = ["", "NotVisible", "Delayed"] as const;
      return states
        .map((state) => Number(queue.getAttribute(`ApproximateNumberOfMessages${state}`)))
        .reduce((sum, count) => sum + count, 0);
    },
    async close() {
      await app.close();
      stores.close();
    },
  };
}

/** What the JSON and query protocols say of a request, in the order in which the emulator asks; of S3's, nothing. */
function protocolOf(
  path: string,
  headers: ApiRequest["headers"],
  body: unknown,
): { target: string | undefined; action: string | undefined; body: unknown } {
  const type = headers["content-type"] ?? "";
  if (path !== "/") return { target: undefined, action: undefined, body: undefined };
  if (type.includes("application/x-www-form-urlencoded"))
    return { target: undefined, action: Form.safeParse(body).data?.Action, body };
  const header = headers["x-amz-target"];
  const target = Array.isArray(header) ? header[0] : header;
  return { target, action: undefined, body: target === undefined ? undefined : jsonOf(body) };
}

/** Only JSON of version 1.0 is parsed before. */
function jsonOf(body: unknown): unknown {
  return Buffer.isBuffer(body) ? JSON.parse(body.toString("utf8")) : body;
}
