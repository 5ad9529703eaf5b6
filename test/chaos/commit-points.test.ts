import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { readCall } from "../../chaos/api-write.ts";
import { commitPoints, writesOf } from "../../chaos/commit-points.ts";
import { faultOf } from "../../chaos/fault-plan.ts";
import { batchEvents, chunkEvents } from "../../chaos/named-update.ts";
import { readOptions } from "../../chaos/options.ts";
import { type Role, roles } from "../../chaos/roles.ts";
import type { BatchEvent } from "../../lib/core/protocol/batch.ts";
import { batchUpdateFor } from "../../lib/core/protocol/batch.ts";
import type { Chunk, ChunkEvent } from "../../lib/core/protocol/chunk.ts";
import { updateFor } from "../../lib/core/protocol/chunk-update.ts";
import { noCounts } from "../../lib/core/protocol/counts.ts";
import type { Update } from "../../lib/core/protocol/update.ts";
import { updateExpression } from "../../lib/stores/dynamodb/update-expression.ts";
import { type Synthesized, stack, synthesizeStacks } from "../constructs/synthesized.ts";

const chunk: Chunk = { state: "planned", shards: {}, nested: {}, counts: noCounts, costNanoUsd: {} };
const cost = { counts: { ...noCounts, succeeded: 1 }, costNanoUsd: { a: 1 } };
const planned = { plan: "p", policy: "v", plannedAtMs: 1, lines: 1, shards: {}, counts: noCounts };

const ofChunks: { [Type in ChunkEvent["type"]]: Extract<ChunkEvent, { type: Type }> } = {
  form: { type: "form", formingUntilMs: 1 },
  abandon: { type: "abandon", nowMs: 1 },
  plan: { type: "plan", adHoc: false, batch: "b", number: 0, ...planned },
  nest: { type: "nest", parent: "b/0", of: { ...chunk, plannedAtMs: 1 }, shards: {} },
  "add-nested": { type: "add-nested", nested: "b/0/1", ...cost },
  claim: { type: "claim", shard: "0", nowMs: 1, leaseUntilMs: 2 },
  release: { type: "release", shard: "0", fence: 1, move: { deployment: "a" } },
  repair: { type: "repair", shard: "0", fence: 1, nowMs: 1 },
  commit: { type: "commit", shard: "0", fence: 1, segment: "1", children: {}, nested: "b/0/1", ...cost },
};
const batch = { id: "b", key: "k", etag: "e", bytes: 1, policy: "v", acceptedAtMs: 1, deadlineMs: 2, defaults: {} };
const ofBatches: { [Type in BatchEvent["type"]]: Extract<BatchEvent, { type: Type }> } = {
  create: { type: "create", batch },
  planned: { type: "planned", chunks: 1, lines: 1, blankLines: 0 },
  "add-chunk": { type: "add-chunk", number: 0, ...cost },
  cancel: { type: "cancel", nowMs: 1 },
  recount: { type: "recount", seen: noCounts, ...cost },
  "ask-collect": { type: "ask-collect", nowMs: 1 },
  end: { type: "end", nowMs: 1 },
  complete: { type: "complete", completedAtMs: 1, state: "completed" },
  fail: { type: "fail", completedAtMs: 1, failure: "f" },
  announced: { type: "announced" },
};

/** The write that an item's update is recognized as on its way, as the store sends it. */
function recognized(pk: string, update: Update): string | undefined {
  const body = { Key: { pk: { S: pk }, sk: { S: "x" } }, ...updateExpression(update) };
  const target = "DynamoDB_20120810.UpdateItem";
  return readCall({ method: "POST", url: "/", target, body: Buffer.from(JSON.stringify(body)) }).write;
}

describe("the points between two writes", () => {
  it("have each a kill before and one after it, early enough for a run to reach them", () => {
    const read = readOptions([], {}, () => 1);
    if (read.kind === "wrong") throw new Error(read.message);
    const { seed, intensity } = read.options;

    const never = roles.flatMap((role) =>
      writesOf[role].flatMap((write) => {
        const met = Array.from({ length: 12 }, (_, n) =>
          faultOf({ role, call: "x", write, n: n + 1 }, seed, intensity),
        );
        const missing = ["killed before a write", "killed after a write"].filter(
          (kill) => !met.some((each) => each === kill),
        );
        return missing.map((kill) => `${role}: ${write}: ${kill}`);
      }),
    );

    expect(never).toEqual([]);
    expect(commitPoints.length).toBe(new Set(commitPoints).size);
  });

  it.each(Object.values(ofChunks))("know the update of a chunk that is the event $type", (event) => {
    expect(recognized("CHUNK#b/0", updateFor(event))).toBe(`chunk: ${event.type}`);
  });

  it.each(Object.values(ofBatches))("know the update of a batch that is the event $type", (event) => {
    expect(recognized("BATCH#b", batchUpdateFor(event))).toBe(`batch: ${event.type}`);
  });

  it("list every event of the protocol, but a person's cancel", () => {
    const listed = new Set(Object.values(writesOf).flat());
    const events = [...chunkEvents.map((type) => `chunk: ${type}`), ...batchEvents.map((type) => `batch: ${type}`)];

    expect(events.filter((event) => !listed.has(event))).toEqual(["batch: cancel"]);
  });

  it("list every kind of item that the stores write", () => {
    const directory = join(import.meta.dirname, "../../lib/stores/dynamodb");
    const sources = readdirSync(directory).map((file) => readFileSync(join(directory, file), "utf8"));
    const kinds = new Set(
      sources.flatMap((text) => [...text.matchAll(/[`"]([A-Z]+)(?:#|", sk:)/g)].map(([, kind]) => kind ?? "")),
    );

    const listed = new Set(
      Object.values(writesOf)
        .flat()
        .map((write) => write.replace(/^(write|remove) /, "").replace(/: .*$/, "")),
    );
    expect([...kinds].filter((kind) => !listed.has(kind.toLowerCase()))).toEqual([]);
    expect(kinds.size).toBeGreaterThan(8);
  });

  it("list every write that a function's role allows", () => {
    const virginia = stack(synthesizeStacks({ replyQueues: ["replies"] }), "Switchyard-us-east-1");

    const granted = virginia.resources.filter(({ type }) => type === "AWS::IAM::Role").flatMap(writesGranted);
    const unlisted = granted.filter(({ role, write }) => !writesOf[role].includes(write));

    expect(granted.length).toBeGreaterThan(40);
    // The index of chunks is the one object that plan writes there, and collect's are listed one by one.
    expect([...new Set(unlisted.map(({ role, write }) => `${role}: ${write}`))]).toEqual([
      "plan: put plans",
      "classify: send to chunks",
      "collect: put results",
    ]);
  });
});

type Granted = { role: Role; write: string };

const Statement = z.looseObject({
  Action: z.union([z.string(), z.array(z.string())]),
  // What is denied may name what it does not deny.
  Resource: z.union([z.string(), z.array(z.string())]).default([]),
});
const RoleProperties = z.looseObject({
  Policies: z.array(z.object({ PolicyDocument: z.looseObject({ Statement: z.array(Statement) }) })),
});

/** The writes that a function's role may make, in the words of the list. */
function writesGranted({ id, properties }: Synthesized["resources"][number]): Granted[] {
  const role = roles.find((each) => new RegExp(`${each}(Function)?Role`, "i").test(id));
  if (role === undefined) return [];
  return RoleProperties.parse(properties)
    .Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().flatMap((resource) => writeGranted(action, resource))),
    )
    .map((write) => ({ role, write }));
}

function writeGranted(action: string, resource: string): string[] {
  switch (action) {
    case "s3:PutObject":
      return [`put ${/\/([a-z]+)\/\*$/.exec(resource)?.[1] ?? resource}`];
    case "sqs:SendMessage":
      return [`send to ${queueGranted(resource)}`];
    case "events:PutEvents":
      return ["announce"];
    case "sns:Publish":
      return ["notify"];
    default:
      return [];
  }
}

function queueGranted(resource: string): string {
  const [, intake, lane] =
    /^<(?:Queues([A-Za-z]+)|(?:general|restricted)\w*?(Queue|Dead))[0-9A-F]{8}\.Arn>$/.exec(resource) ?? [];
  if (intake !== undefined) return intake.toLowerCase();
  if (lane !== undefined) return lane === "Queue" ? "lane" : "fallback";
  return "reply";
}
