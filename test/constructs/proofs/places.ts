import type { AccountBucket, AccountQueue, AccountResource } from "../../../lib/local/iam/account.ts";
import type { Subject } from "./subject.ts";
import type { Context } from "./witnesses.ts";
import { distinct, only, type World } from "./world.ts";

/** The stack's places under the names that the design gives them. */
export type KeyName = "intake" | "general" | "restricted";
const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

export function keyOf({ account }: World, name: KeyName): AccountResource {
  return only(account.keys.values(), new RegExp(`^Keys${capital(name)}[0-9A-F]{8}$`));
}

export function bucketOf({ account }: World, name: KeyName | "policies" | "accessLogs"): AccountBucket {
  return only(account.buckets.values(), new RegExp(`^Storage${capital(name)}[0-9A-F]{8}$`));
}

export function queueNamed({ account }: World, name: string): AccountQueue {
  const arn = `arn:aws:sqs:${account.region}:${account.id}:switchyard-${name}`;
  const queue = account.queues.get(arn);
  if (queue === undefined) throw new Error(`There is no queue ${arn}.`);
  return queue;
}

/** The queue behind a URL that a function is told. */
export function queueAt({ account }: World, url: string | undefined): AccountQueue | undefined {
  return account.queues.get(`arn:aws:sqs:${account.region}:${account.id}:${url?.split("/").at(-1)}`);
}

export function lanesOfZone({ subjects }: World, zone: string): Subject[] {
  return subjects.filter((subject) => subject.kind === "lane" && subject.zone === zone);
}

/** Lanes and fallback of a zone. */
export function roleOfZone(zone: string): (subject: Subject) => boolean {
  return (subject) => (subject.kind === "lane" || subject.kind === "fallback") && subject.zone === zone;
}

/** The URLs of its queues that a lane's function is told. */
export function laneUrls({ environment }: Subject): string[] {
  const { LANE_QUEUE_URL, LANE_HIGH_QUEUE_URL, LANE_DEAD_QUEUE_URL } = environment;
  return [LANE_QUEUE_URL, LANE_HIGH_QUEUE_URL, LANE_DEAD_QUEUE_URL].flatMap((url) => url ?? []);
}

/** A zone's lane queues, those of high priority too, and their dead-letter queues. */
export function queuesOfLanes(world: World, zone: string): AccountQueue[] {
  return lanesOfZone(world, zone).flatMap((lane) => laneUrls(lane).flatMap((url) => queueAt(world, url) ?? []));
}

const prefixes = [
  "uploads",
  "jobs",
  "plans",
  "results",
  "payloads",
  "segments",
  "cache",
  "audit",
  "quarantine",
  "policies",
  "any",
];

/** Objects of a bucket: one under each prefix that there is, one at its root, and those that a statement speaks of. */
export function objectsOf(world: World, bucket: AccountResource): string[] {
  const mentioned = world.resourcesFor("s3:GetObject").filter((arn) => arn.startsWith(`${bucket.arn}/`));
  return distinct([...prefixes.map((prefix) => `${bucket.arn}/${prefix}/any`), `${bucket.arn}/any`, ...mentioned]);
}

export const readObject = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTorrent", "s3:GetObjectAttributes"];
export const readMessage = ["sqs:ReceiveMessage", "sqs:StartMessageMoveTask"];
export const useKey = ["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"];
/** What would let someone use a key later, or keep others from using it. */
export const ruleKey = [
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:DisableKey",
  "kms:ReplicateKey",
];

/** Every use of a key through a service with the context of anything that there is, of something unknown, and of nothing. */
export function keyContexts(world: World): Context[] {
  const { account } = world;
  const place = `${account.region}:${account.id}`;
  const queues = [...account.queues.keys(), `arn:aws:sqs:${place}:any`, `arn:aws:sqs:${place}:switchyard-any`];
  const buckets = [...account.buckets.keys(), "arn:aws:s3:::any"].flatMap((arn) => [arn, `${arn}/any`]);
  const topics = [...account.topics.keys(), `arn:aws:sns:${place}:any`];
  const encryptions: Context[] = [
    {},
    ...queues.map((arn) => ({ "kms:EncryptionContext:aws:sqs:arn": arn })),
    ...buckets.map((arn) => ({ "kms:EncryptionContext:aws:s3:arn": arn })),
    ...topics.map((arn) => ({ "kms:EncryptionContext:aws:sns:topicArn": arn })),
  ];
  const services: Context[] = [
    {},
    ...["sqs", "s3", "sns", "dynamodb"].map((service) => ({
      "kms:ViaService": `${service}.${account.region}.amazonaws.com`,
    })),
  ];
  return services.flatMap((service) => encryptions.map((encryption) => ({ ...service, ...encryption })));
}
