import type { buildApp } from "fauxqs";
import * as z from "zod";

// fauxqs keeps data on disk, and tells of written objects, only through `startFauxqs`, which listens on all interfaces.
// So its stores are built here, from modules that it does not export, and handed to `buildApp`. The version is pinned.
type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>["stores"]>;

export type StoredObject = { key: string; contentLength: number; etag: string };

const constructible = <T>() => z.custom<new (...input: unknown[]) => T>((value) => typeof value === "function");

const SqsModule = z.object({ SqsStore: constructible<Stores["sqsStore"]>() });
const SnsModule = z.object({ SnsStore: constructible<Stores["snsStore"]>() });
const S3Module = z.object({ S3Store: constructible<Stores["s3Store"]>() });

const SqsTypesModule = z.object({ INVALID_MESSAGE_BODY_CHAR: z.instanceof(RegExp) });

type Persistence = {
  load(sqs: Stores["sqsStore"], sns: Stores["snsStore"], s3: Stores["s3Store"]): void;
  updateMessageReady(messageId: string): void;
  db: { exec(sql: string): void };
  close(): void;
};
const PersistenceModule = z.object({ PersistenceManager: constructible<Persistence>() });

/** What is not in "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF" (SQS, SendMessage). */
const notAllowedInMessages = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export type FauxqsStores = {
  stores: Stores;
  object(bucket: string, key: string): StoredObject | undefined;
  close(): void;
};

/**
 * The emulator's stores, in memory or, with a directory, kept in an SQLite file in it.
 * `onObject` is told of every object that is written, by whatever operation.
 */
export async function openStores(options: {
  region: string;
  endpoint: () => string;
  dataDirectory?: string | undefined;
  onObject: (bucket: string, key: string) => void;
}): Promise<FauxqsStores> {
  const [{ INVALID_MESSAGE_BODY_CHAR }, { SqsStore }, { SnsStore }, { S3Store }] = await Promise.all([
    load("sqs/sqsTypes.js", SqsTypesModule),
    load("sqs/sqsStore.js", SqsModule),
    load("sns/snsStore.js", SnsModule),
    load("s3/s3Store.js", S3Module),
  ]);
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  stores.sqsStore.region = options.region;
  // fauxqs 2.4.1 refuses characters beyond U+FFFF, such as emoji, which SQS allows: its expression sees their halves.
  Object.assign(INVALID_MESSAGE_BODY_CHAR, { test: (body: string) => notAllowedInMessages.test(body) });
  // Its own form, http://sqs.REGION.HOST, does not resolve everywhere.
  Object.assign(stores.sqsStore, { buildQueueUrl: (name: string) => `${options.endpoint()}/000000000000/${name}` });
  Object.assign(stores.s3Store, {
    spy: {
      addMessage(event: { bucket: string; key: string; status: string }): void {
        if (event.status === "uploaded") options.onObject(event.bucket, event.key);
      },
    },
  });

  let close = (): void => undefined;
  if (options.dataDirectory !== undefined) {
    const { PersistenceManager } = await load("persistence.js", PersistenceModule);
    const persistence = new PersistenceManager(options.dataDirectory);
    // A crash of this machine may lose the last writes; waiting for the disk at every message is not worth it here.
    persistence.db.exec("PRAGMA synchronous = OFF");
    // fauxqs 2.4.1 sets a column to NULL that may not be; the message then reappears after its visibility, if restarted.
    persistence.updateMessageReady = () => undefined;
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    for (const store of Object.values(stores)) Object.assign(store, { persistence });
    for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
    close = () => persistence.close();
  }
  return {
    stores,
    object(bucket, key) {
      try {
        return stores.s3Store.headObject(bucket, key);
      } catch {
        return undefined;
      }
    },
    close,
  };
}

async function load<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const module: unknown = await import(new URL(path, import.meta.resolve("fauxqs")).href);
  return schema.parse(module);
}
