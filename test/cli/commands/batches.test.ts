import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import type { DecisionRecord } from "../../../lib/core/work/audit-record.ts";
import { createBatchStore } from "../../../lib/stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../../lib/stores/dynamodb/chunk-store.ts";
import { createS3Objects } from "../../../lib/stores/s3-objects.ts";
import { directoryWith, fakeIo } from "../fake-io.ts";
import { stackInEmulators } from "../stack-in-emulators.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const stack = stackInEmulators(() => nowMs);
const failed = "b-0123456789abcdef01234567";
const completed = "b-0123456789abcdef0123456a";
const unknown = "b-ffffffffffffffffffffffff";
const failure = "The file is empty.";
const decision: DecisionRecord = {
  kind: "decision",
  at: "2026-11-23T12:00:00.000Z",
  batch: completed,
  chunk: `${completed}/0`,
  shard: "0",
  line: 1,
  zone: "general",
  policyVersion: "v1",
  findings: [],
  chain: ["nova-lite"],
  rejected: [],
};

beforeAll(async () => {
  const { emulators } = stack();
  const table = { client: emulators.dynamodb, name: emulators.table, clock: () => nowMs };
  const batches = createBatchStore(table);
  for (const id of [failed, completed]) {
    const upload = { id, key: `uploads/${id}.jsonl`, etag: "e", bytes: 0, policy: "v1", defaults: {} };
    await batches.apply(id, { type: "create", batch: { ...upload, acceptedAtMs: nowMs, deadlineMs: nowMs + 1 } });
  }
  await batches.apply(failed, { type: "fail", completedAtMs: nowMs, failure });
  await batches.apply(completed, { type: "planned", chunks: 1, lines: 1, blankLines: 0 });
  const counts = { succeeded: 0, failed: 1, cancelled: 0 };
  await createChunkStore(table).apply(`${completed}/0`, {
    ...{ type: "plan", adHoc: false, plan: "plans/x.json", policy: "v1", plannedAtMs: nowMs, lines: 1 },
    ...{ shards: {}, counts, batch: completed, number: 0 },
  });
  const objects = createS3Objects(emulators.s3, emulators.bucket);
  await objects.put(`audit/date=2026-11-23/${completed}/0/0/decision.jsonl`, `${JSON.stringify(decision)}\n`);
  const manifest = {
    ...{ batch: completed, key: "k", state: "completed", policyVersion: "v1", acceptedAt: "", completedAt: "" },
    ...{ blankLines: 0, counts: { accepted: 1, ...counts }, costUsd: 0, deployments: {} },
  };
  await objects.put(`results/${completed}/manifest.json`, JSON.stringify(manifest));
  await emulators.s3.send(new CreateBucketCommand({ Bucket: restricted() }));
});
afterAll(async () => {
  await stack().emulators.s3.send(new DeleteBucketCommand({ Bucket: restricted() }));
});

/** A bucket in which there is nothing. */
function restricted(): string {
  return `${stack().emulators.bucket}-restricted`;
}

async function run(cwd: string, ...args: string[]) {
  const io = fakeIo({ cwd, nowMs });
  const { flags, emulators } = stack();
  const zones = ["--general-bucket", emulators.bucket, "--restricted-bucket", restricted()];
  return { code: await main([...args, ...flags, ...zones], io), io };
}

describe("a batch that failed as a whole", () => {
  it("has its reason in the list of batches, in its own status and in its audit", async () => {
    const listed = await run("/", "status");
    const one = await run("/", "status", failed);
    const audited = await run("/", "audit", failed);

    expect(listed.io.out()).toContain(`${failed} failed: ${failure}`);
    expect(one.io.out()).toContain(`The batch failed: ${failure}`);
    expect(audited.code).toBe(1);
    expect(audited.io.err()).toContain(`The batch failed as a whole, so nothing was decided for its lines: ${failure}`);
  });
});

describe("a batch that there is not", () => {
  it.each(["quarantine", "status", "cancel"])("is told of by %s, with what to do", async (command) => {
    const { code, io } = await run("/", command, unknown);

    expect(code).toBe(1);
    expect(io.err()).toMatch(new RegExp(`There is no batch ${unknown}.*switchyard status" lists the newest`));
  });

  it("is told of at once where its id cannot be one, and not waited for", async () => {
    const { code, io } = await run("/", "wait", "WRONG-ID");

    expect(code).toBe(1);
    expect(io.err()).toContain("There is no batch WRONG-ID: a batch's id is b- and 24 hexadecimal digits");
  });

  it("is told of at once, and waited for: its upload may not have been read", async () => {
    const io = fakeIo({ cwd: "/", nowMs });
    const waiting = main(["wait", unknown, ...stack().flags], io);
    await expect.poll(io.err).toContain(`Batch ${unknown} is not there yet: its upload may not have been read`);

    io.interrupt();

    expect(await waiting).toBe(1);
    expect(io.err().match(/is not there yet/g)).toHaveLength(1);
  });
});

it("quarantine says of a batch that it has none", async () => {
  const { code, io } = await run("/", "quarantine", completed);

  expect(code).toBe(0);
  expect(io.out()).toBe(`No job of ${completed} was denied by policy since 2026-11-16.\n`);
});

describe("results", () => {
  it("bring the audit records where they are asked for, and say how to see them elsewhere", async () => {
    const cwd = await directoryWith({});

    const without = await run(cwd, "results", completed, "--out", "plain");
    const withAudit = await run(cwd, "results", completed, "--out", "audited", "--audit");
    const shown = await run(cwd, "audit", "audited", "--json");

    expect(without.io.out()).toContain(`switchyard audit ${completed}" shows why`);
    expect(existsSync(join(cwd, "plain", "audit.jsonl"))).toBe(false);
    expect(withAudit.io.out()).toContain("audited/ (manifest.json, audit.jsonl)");
    expect(JSON.parse(readFileSync(join(cwd, "audited", "audit.jsonl"), "utf8"))).toEqual(decision);
    expect(shown.io.json()).toEqual(decision);
  });
});
