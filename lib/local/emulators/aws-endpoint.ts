import { buildApp } from "fauxqs";
import * as z from "zod";
import type { DetectText } from "../../core/detect/finding.ts";
import { callerOf, countCall, type Tally } from "../usage.ts";
import { apiCallOf } from "./api-call.ts";
import { detectPiiEntities, detectPiiTarget } from "./comprehend.ts";
import { correctFauxqs } from "./fauxqs-corrections.ts";
import { openStores, type StoredObject } from "./fauxqs-stores.ts";

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

const PutEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
      EventBusName: z.string().optional(),
      Resources: z.array(z.string()).optional(),
    }),
  ),
});
export type PutEventsEntry = z.infer<typeof PutEvents>["Entries"][number];

const GetSecretValue = z.object({ SecretId: z.string() });
const SendMessage = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  MessageAttributes: z.unknown().optional(),
});
const SendMessageBatch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ MessageBody: z.string(), MessageAttributes: z.unknown().optional() })),
});
const Received = z.object({ Messages: z.array(z.object({ Body: z.string() })).optional() });

const fromServices = "x-local-services";
const billedBytes = 64 * 1024;

/** Starts the endpoint; every call is counted in the tally under its caller. */
export async function startAwsEndpoint(options: {
  region: string;
  port: number;
  dataDirectory?: string | undefined;
  tally: Tally;
  onObject: (bucket: string, object: StoredObject) => void;
  /** Takes one event off a PutEvents call and returns its id. */
  onPutEvent: (entry: PutEventsEntry) => string;
  secret: (name: string) => string;
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
  correctFauxqs(app, stores);

  app.addHook("preHandler", async (request, reply) => {
    const target = headerText(request.headers["x-amz-target"]);
    if (target === "AWSEvents.PutEvents") {
      const { Entries } = PutEvents.parse(jsonOf(request.body));
      return reply.send({
        FailedEntryCount: 0,
        Entries: Entries.map((entry) => ({ EventId: options.onPutEvent(entry) })),
      });
    }
    if (target === "secretsmanager.GetSecretValue") {
      const { SecretId } = GetSecretValue.parse(jsonOf(request.body));
      return reply.send({ Name: SecretId, ARN: SecretId, VersionId: "local", SecretString: options.secret(SecretId) });
    }
    if (target === detectPiiTarget && options.detect !== undefined)
      return reply.send(detectPiiEntities(jsonOf(request.body), options.detect));
    return undefined;
  });

  const receivedBytes = new WeakMap<object, number>();
  app.addHook("preSerialization", async (request, _reply, payload) => {
    if (request.headers["x-amz-target"] === "AmazonSQS.ReceiveMessage") {
      const bodies = Received.safeParse(payload).data?.Messages ?? [];
      receivedBytes.set(request, sum(bodies.map(({ Body }) => Buffer.byteLength(Body))));
    }
    return payload;
  });

  app.addHook("onResponse", async (request) => {
    const call = apiCallOf({
      method: request.method,
      url: request.url,
      target: headerText(request.headers["x-amz-target"]),
      action: z.object({ Action: z.string() }).safeParse(request.body).data?.Action,
      copies: request.headers["x-amz-copy-source"] !== undefined,
    });
    if (call === undefined) return;
    const caller = request.headers[fromServices] === undefined ? callerOf(request.headers.authorization) : "services";
    if (caller === undefined) return;
    countCall(tally[caller], call);
    if (call === "eventbridge.PutEvents") {
      const { Entries } = PutEvents.parse(jsonOf(request.body));
      tally[caller].customEvents += sum(
        Entries.map(({ Detail }) => Math.ceil(Buffer.byteLength(Detail) / billedBytes) || 1),
      );
    }
    if (!call.startsWith("sqs.")) return;
    const bytes = call === "sqs.ReceiveMessage" ? (receivedBytes.get(request) ?? 0) : sentBytes(call, request.body);
    tally[caller].sqsRequests += Math.max(1, Math.ceil(bytes / billedBytes));
    const queueUrl = z.object({ QueueUrl: z.string() }).safeParse(request.body).data?.QueueUrl;
    if (queueUrl === undefined) return;
    if (call === "sqs.ReceiveMessage" && bytes === 0) {
      if (caller === "services") tally.emptyReceives += 1;
    } else {
      tally.queuesUsed.add(queueUrl.slice(queueUrl.lastIndexOf("/") + 1));
    }
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
          [fromServices]: "1",
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
      return sum(states.map((state) => Number(queue.getAttribute(`ApproximateNumberOfMessages${state}`))));
    },
    async close() {
      await app.close();
      stores.close();
    },
  };
}

function sentBytes(call: string, body: unknown): number {
  if (call === "sqs.SendMessage") {
    const message = SendMessage.safeParse(body).data;
    return message === undefined ? 0 : messageBytes(message);
  }
  if (call === "sqs.SendMessageBatch")
    return sum((SendMessageBatch.safeParse(body).data?.Entries ?? []).map(messageBytes));
  return 0;
}

function messageBytes(message: { MessageBody: string; MessageAttributes?: unknown }): number {
  const attributes = message.MessageAttributes === undefined ? 0 : JSON.stringify(message.MessageAttributes).length;
  return Buffer.byteLength(message.MessageBody) + attributes;
}

function headerText(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function jsonOf(body: unknown): unknown {
  return Buffer.isBuffer(body) ? JSON.parse(body.toString("utf8")) : body;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
