import * as z from "zod";
import { Manifest } from "../../lib/cli/manifest.ts";
import { PolicyDocument } from "../../lib/core/configuration/document.ts";
import { ClassifyMessage, CollectMessage, ShardMessage, UploadMessage } from "../../lib/core/protocol/messages.ts";
import { Payload } from "../../lib/core/protocol/payload.ts";
import { Plan } from "../../lib/core/protocol/plan.ts";
import { decodeSegment } from "../../lib/core/protocol/segment.ts";
import { keys } from "../../lib/core/work/keys.ts";
import { parseAudit } from "../../lib/core/work/read-audit.ts";
import { parseSingle } from "../../lib/core/work/single-line.ts";

type Decode = (text: string) => unknown;

const parsed =
  (schema: z.ZodType): Decode =>
  (text) =>
    schema.parse(JSON.parse(text));
const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** What functions read from each queue, as they read it. */
const readQueues: Record<string, Decode> = {
  uploads: parsed(UploadMessage),
  chunks: parsed(ClassifyMessage),
  lane: parsed(ShardMessage),
  collect: parsed(CollectMessage),
  jobs: (text) => parseSingle(text, 1, "message-1", "any"),
};

/** The kinds of messages on each queue: every branch that its schema has. */
const branches: Record<string, readonly string[]> = {
  uploads: ["uploads"],
  chunks: ClassifyMessage.options.map(({ shape }) => shape.kind.value),
  lane: ShardMessage.shape.payload.options.map(({ shape }) => shape.kind.value),
  collect: CollectMessage.options.map(({ shape }) => shape.kind.value),
  jobs: ["jobs"],
};
export const messageKinds = Object.entries(branches).flatMap(([queue, kinds]) =>
  kinds.map((kind) => `${queue} ${kind}`),
);

const Kinded = z.object({ kind: z.string() });

/** The queue and branch of a message. */
export function kindOfMessage(queue: string, text: string): string {
  if (queue === "chunks" || queue === "collect") return `${queue} ${Kinded.parse(JSON.parse(text)).kind}`;
  if (queue !== "lane") return `${queue} ${queue}`;
  return `${queue} ${ShardMessage.parse(JSON.parse(text)).payload.kind}`;
}

export function decodeMessage(kind: string, text: string): unknown {
  return decoder(readQueues, kind.split(" ")[0] ?? "")(text);
}

/** What is read of each object; prefixes are of no object of their own. */
const readObjects: Record<string, Decode> = {
  chunkIndex: (text) => lines(text).map(parsed(ClassifyMessage)),
  plan: parsed(Plan),
  jobs: (text) => lines(text).map((line, index) => parseSingle(line, index + 1, "", "any")),
  segment: decodeSegment,
  payload: parsed(Payload),
  audit: parseAudit,
  quarantine: parseAudit,
  manifest: parsed(Manifest),
  cacheSalt: (text) => ({ text }),
  policy: parsed(PolicyDocument),
};
const prefixes = ["auditOf", "quarantineOf"];
/** `output.jsonl` and `errors.jsonl` are for users and keep OpenAI's shape; we read the manifest. */
export const objectKinds = Object.keys(keys)
  .filter((name) => !prefixes.includes(name))
  .map((name) => (name === "result" ? "manifest" : name))
  .concat("policy");

const places: readonly [RegExp, string][] = [
  [/^plans\/.*\/chunks\.jsonl$/, "chunkIndex"],
  [/^plans\//, "plan"],
  [/^jobs\//, "jobs"],
  [/^segments\//, "segment"],
  [/^payloads\//, "payload"],
  [/^audit\//, "audit"],
  [/^quarantine\//, "quarantine"],
  [/^results\/.*\/manifest\.json$/, "manifest"],
  [/^cache\/salt$/, "cacheSalt"],
  [/^policies\//, "policy"],
];

/** The kind of an object by its key; undefined for uploads and results, which are others'. */
export function kindOfObject(key: string): string | undefined {
  return places.find(([pattern]) => pattern.test(key))?.[1];
}

export function decodeObject(kind: string, text: string): unknown {
  return decoder(readObjects, kind)(text);
}

function decoder(of: Record<string, Decode>, name: string): Decode {
  const decode = of[name];
  if (decode === undefined) throw new Error(`Nothing here reads "${name}".`);
  return decode;
}
