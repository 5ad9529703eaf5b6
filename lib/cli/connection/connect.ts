import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type {
  BatchStore,
  ChunkStore,
  CooldownStore,
  JobStore,
  LedgerStore,
  ObjectStore,
  OpenStore,
  PolicyStore,
  Queue,
  UseCounter,
  ZoneObjects,
} from "../../core/ports.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../stores/dynamodb/chunk-store.ts";
import { createCooldownStore } from "../../stores/dynamodb/cooldown-store.ts";
import { createJobStore } from "../../stores/dynamodb/job-store.ts";
import { createLedgerStore } from "../../stores/dynamodb/ledger-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import { createPolicyStore } from "../../stores/dynamodb/policy-store.ts";
import { createUseCounter } from "../../stores/dynamodb/use-counter.ts";
import { createS3Objects } from "../../stores/s3-objects.ts";
import { createSqsQueue } from "../../stores/sqs-queue.ts";
import { wrongUse } from "../errors.ts";
import type { Io } from "../io.ts";
import { readLocalFile } from "./local-file.ts";
import type { ConnectionOptions, Name } from "./options.ts";
import { resolveTarget, type Target } from "./resolve-target.ts";

/** The stack as commands see it. Each part is made when it is first asked for. */
export type Connection = {
  target: Target;
  s3: S3Client;
  sqs: SQSClient;
  batches(): BatchStore;
  chunks(): ChunkStore;
  jobs(): JobStore;
  use(): UseCounter;
  ledgers(): LedgerStore;
  intake(): ObjectStore;
  zones(): ZoneObjects;
  cooldowns(): CooldownStore;
  policies(): PolicyStore;
  open(): OpenStore;
  jobsQueue(): Queue;
  /** Another queue of the stack, by its URL. */
  queue(url: string): Queue;
  close(): void;
};

/** Finds the stack and connects to it; throws CommandError when it is not to be found. `needs` is what the command will use. */
export async function connect(io: Io, options: ConnectionOptions, needs: readonly Name[]): Promise<Connection> {
  const target = await resolveTarget(needs, options, io, {
    readLocal: () => readLocalFile(io.cwd),
    describeStack: async (where) => (await import("./describe-stack.ts")).describeStack(where),
  });
  if (target.kind === "local") await checkAnswers(target.endpoint ?? "", io.cwd);
  return connectTo(target, io.clock);
}

/** What every AWS client of a target is made with. The local engine takes any credentials; elsewhere the SDK finds them. */
export function clientOptions({ kind, region, endpoint }: Target) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(kind === "local" ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
  };
}

/** Clients for a target. */
export function connectTo(target: Target, clock: () => number): Connection {
  const { endpoint, dynamodbEndpoint } = target;
  const shared = clientOptions(target);
  const s3 = new S3Client({ ...shared, forcePathStyle: endpoint !== undefined });
  // The host in a queue's URL is where it was made, which need not resolve here.
  const sqs = new SQSClient({ ...shared, useQueueUrlAsEndpoint: endpoint === undefined });
  const dynamodb = new DynamoDBClient(
    dynamodbEndpoint === undefined ? shared : { ...shared, endpoint: dynamodbEndpoint },
  );
  const document = DynamoDBDocumentClient.from(dynamodb);
  const table = () => ({ client: document, name: target.name("table"), clock });
  return {
    target,
    s3,
    sqs,
    batches: () => createBatchStore(table()),
    chunks: () => createChunkStore(table()),
    jobs: () => createJobStore(table()),
    use: () => createUseCounter(table()),
    ledgers: () => createLedgerStore(table()),
    intake: () => createS3Objects(s3, target.name("bucket")),
    zones: () => ({
      general: createS3Objects(s3, target.name("generalBucket")),
      restricted: createS3Objects(s3, target.name("restrictedBucket")),
    }),
    cooldowns: () => createCooldownStore(table()),
    policies: () => createPolicyStore(table(), createS3Objects(s3, target.name("policyBucket"))),
    open: () => createOpenStore(table()),
    jobsQueue: () => createSqsQueue(sqs, target.name("jobsQueueUrl"), sleep),
    queue: (url) => createSqsQueue(sqs, url, sleep),
    close() {
      s3.destroy();
      sqs.destroy();
      dynamodb.destroy();
    },
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function checkAnswers(endpoint: string, cwd: string): Promise<void> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(5000) });
  } catch {
    throw wrongUse(
      `The local engine that ${cwd}/.switchyard/local.json names does not answer at ${endpoint}. ` +
        'Start "npx switchyard local" again, or delete the file to use AWS.',
    );
  }
}
