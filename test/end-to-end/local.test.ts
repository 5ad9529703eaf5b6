import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { example, start, switchyard } from "./switchyard.ts";

const Local = z.looseObject({
  endpoint: z.string(),
  dynamodbEndpoint: z.string(),
  region: z.string(),
  jobsQueueUrl: z.string(),
  bucket: z.string(),
  table: z.string(),
});
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const body = { model: "auto", messages: [{ role: "user", content: "Which planet is the largest?" }], max_tokens: 20 };

let folder: string;
let engine: ReturnType<typeof start>;
let local: z.infer<typeof Local>;
/** The example, with a cache for what nobody needs to keep to themselves. */
let config: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-local-"));
  config = join(folder, "switchyard-local.yaml");
  writeFileSync(config, `${readFileSync(example, "utf8")}cache: { classes: [public] }\n`);
  engine = start(["local", "--config", config], folder);
  const file = join(folder, ".switchyard", "local.json");
  await vi.waitUntil(() => existsSync(file), { timeout: 55_000, interval: 100 });
  local = Local.parse(JSON.parse(readFileSync(file, "utf8")));
}, 60_000);

afterAll(async () => {
  const closed = once(engine, "close");
  engine.kill("SIGINT");
  await closed;
  expect(existsSync(join(folder, ".switchyard", "local.json"))).toBe(false);
  rmSync(folder, { recursive: true });
});

const json = (text: string) => z.looseObject({}).parse(JSON.parse(text));

const Listed = z.looseObject({
  current: z.string(),
  versions: z.array(z.looseObject({ version: z.string(), how: z.string() })),
});
const Ended = z.looseObject({ switchyard: z.looseObject({ deployment: z.string(), policyVersion: z.string() }) });
const Cached = z.looseObject({
  response: z.looseObject({}),
  switchyard: z.looseObject({ attempts: z.array(z.unknown()), costUsd: z.number() }),
});
let jobs = 0;

/** Sends one job, as a batch of its own, and waits for its result. */
async function newJob(): Promise<z.infer<typeof Ended>["switchyard"]> {
  const id = `operated-${jobs++}`;
  const file = join(folder, `${id}.jsonl`);
  const line = { custom_id: id, method: "POST", url: "/v1/chat/completions", body };
  writeFileSync(file, `${JSON.stringify(line)}\n`);
  const submitted = await switchyard(["submit", file, "--json"], folder);
  const batch = /b-[0-9a-f]{24}/.exec(submitted.stdout)?.[0] ?? "";
  await switchyard(["wait", batch], folder);
  await switchyard(["results", batch, "--out", join(folder, id)], folder);
  return Ended.parse(JSON.parse(readFileSync(join(folder, id, "output.jsonl"), "utf8"))).switchyard;
}
const policyOfNewJob = async () => (await newJob()).policyVersion;
const deploymentOfNewJob = async () => (await newJob()).deployment;

function withOtherRegion(): string {
  const file = join(folder, "abroad.yaml");
  const text = readFileSync(config, "utf8");
  writeFileSync(
    file,
    text.replace("regions: [us-east-1, eu-central-1]", "regions: [us-east-1, eu-central-1, eu-west-1]"),
  );
  return file;
}

describe("switchyard local", () => {
  it("gives any client of SQS the result of a job by its id", { timeout: 60_000 }, async () => {
    const sqs = new SQSClient({ endpoint: local.endpoint, region: local.region, credentials });
    const message = { id: "one-job 🌍", body };
    await sqs.send(new SendMessageCommand({ QueueUrl: local.jobsQueueUrl, MessageBody: JSON.stringify(message) }));

    const found = await vi.waitUntil(
      async () => {
        const result = await switchyard(["result", "one-job 🌍", "--json"], folder);
        return result.code === 0 && result.stdout.includes('"response"') ? json(result.stdout) : undefined;
      },
      { timeout: 50_000, interval: 300 },
    );

    expect(found).toMatchObject({
      custom_id: "one-job 🌍",
      error: null,
      switchyard: { deployment: expect.any(String) },
    });
  });

  it("gives any client of S3 the results of a batch", { timeout: 60_000 }, async () => {
    const s3 = new S3Client({ endpoint: local.endpoint, region: local.region, credentials, forcePathStyle: true });
    const lines = ["a", "b", "c"].map((id) =>
      JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body }),
    );
    const put = { Bucket: local.bucket, Key: "uploads/by-hand.jsonl", Metadata: { "data-class": "pii" } };
    await s3.send(new PutObjectCommand({ ...put, Body: lines.join("\n") }));

    const batch = await vi.waitUntil(
      async () => {
        const status = await switchyard(["status", "--json"], folder);
        return /b-[0-9a-f]{24}/.exec(status.stdout)?.[0];
      },
      { timeout: 30_000, interval: 300 },
    );
    const waited = await switchyard(["wait", batch, "--json"], folder);
    const results = await switchyard(["results", batch, "--out", join(folder, "out"), "--json"], folder);

    expect([waited.code, results.code]).toEqual([0, 0]);
    const output = readFileSync(join(folder, "out", "output.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map(json);
    expect(output.map(({ custom_id }) => custom_id)).toEqual(["a", "b", "c"]);
    expect(output[0]).toMatchObject({ switchyard: { dataClass: "pii" } });

    const audited = await switchyard(["audit", batch, "--line", "2", "--json"], folder);
    expect(audited.code).toBe(0);
    const [decision, ...hops] = audited.stdout.trim().split("\n").map(json);
    expect(decision).toMatchObject({
      kind: "decision",
      batch,
      line: 2,
      zone: "restricted",
      dataClass: "pii",
      dataClassReason: "the batch is pii",
      detection: "done",
      findings: [],
    });
    expect(hops.at(-1)).toMatchObject({ kind: "hop", line: 2, result: "succeeded", attempts: [{ outcome: "ok" }] });
  });

  it("stops a batch that runs, and accounts for every line", { timeout: 90_000 }, async () => {
    const file = join(folder, "many.jsonl");
    const line = (id: number) =>
      JSON.stringify({ custom_id: `${id}`, method: "POST", url: "/v1/chat/completions", body });
    writeFileSync(file, Array.from({ length: 4000 }, (_, id) => line(id)).join("\n"));
    const submitted = await switchyard(["submit", file, "--json"], folder);
    const batch = /b-[0-9a-f]{24}/.exec(submitted.stdout)?.[0] ?? "";

    const cancelled = await vi.waitUntil(
      async () => {
        const answer = await switchyard(["cancel", batch, "--json"], folder);
        return answer.code === 0 ? json(answer.stdout) : undefined;
      },
      { timeout: 30_000, interval: 50 },
    );
    const waited = await switchyard(["wait", batch, "--json"], folder);
    const again = await switchyard(["cancel", batch, "--json"], folder);
    const partial = await switchyard(["results", batch, "--partial", "--json"], folder);
    const results = await switchyard(["results", batch, "--out", join(folder, "stopped"), "--json"], folder);

    expect(cancelled).toMatchObject({ batch, outcome: "cancelled" });
    expect([waited.code, partial.code, results.code]).toEqual([1, 1, 1]);
    expect(json(partial.stdout)).toMatchObject({ error: { message: expect.stringContaining("is cancelled") } });
    const { counts } = z.looseObject({ counts: z.record(z.string(), z.int()) }).parse(json(results.stdout));
    expect(json(results.stdout)).toMatchObject({ state: "cancelled", counts: { accepted: 4000 } });
    expect((counts.succeeded ?? 0) + (counts.failed ?? 0) + (counts.cancelled ?? 0)).toBe(4000);
    expect(counts.cancelled).toBeGreaterThan(0);
    expect(json(again.stdout)).toMatchObject({ outcome: "over", state: "cancelled" });
    const written = ["output", "errors"].map((name) => readFileSync(join(folder, "stopped", `${name}.jsonl`), "utf8"));
    expect(written.join("").trim().split("\n")).toHaveLength(4000);
  });

  it("lists what policy denied, and why", { timeout: 60_000 }, async () => {
    const file = join(folder, "abroad.jsonl");
    const line = { custom_id: "x", method: "POST", url: "/v1/chat/completions", body };
    writeFileSync(file, `${JSON.stringify(line)}\n`);
    const submitted = await switchyard(["submit", file, "--residency", "eu", "--json"], folder);
    const batch = /b-[0-9a-f]{24}/.exec(submitted.stdout)?.[0] ?? "";
    await switchyard(["wait", batch], folder);

    const listed = await switchyard(["quarantine", batch, "--json"], folder);

    expect(listed.code).toBe(0);
    expect(json(listed.stdout)).toMatchObject({
      batch,
      line: 1,
      zone: "general",
      residency: "eu",
      code: "policy-denied",
      message: expect.stringContaining("send it to the stack in eu-central-1"),
    });
  });

  it("takes batches and jobs from its own command line", { timeout: 60_000 }, async () => {
    const file = join(folder, "jobs.jsonl");
    writeFileSync(file, `${JSON.stringify({ id: "by-cli", body })}\n{"no": "job"}\n`);

    const enqueued = await switchyard(["enqueue", file, "--json"], folder);

    expect(enqueued.stdout).toContain("by-cli");
    await vi.waitUntil(
      async () => (await switchyard(["result", "by-cli", "--json"], folder)).stdout.includes('"response"'),
      { timeout: 50_000, interval: 300 },
    );
    const costs = await switchyard(["costs", "--json"], folder);
    expect(costs.code).toBe(0);
    expect((await switchyard(["result", "never-sent"], folder)).code).toBe(1);
  });

  it("gives an answer again to the same request, of a class that may have it", { timeout: 90_000 }, async () => {
    const ask = (id: string, dataClass: string) => {
      const messages = [{ role: "user", content: `Which planet has rings, ${dataClass}?` }];
      const line = {
        custom_id: id,
        method: "POST",
        url: "/v1/chat/completions",
        body: { ...body, messages, max_tokens: 2000 },
      };
      return JSON.stringify({ ...line, switchyard: { dataClass } });
    };
    const run = async (name: string, ...args: string[]) => {
      const file = join(folder, `${name}.jsonl`);
      writeFileSync(file, [ask("open", "public"), ask("closed", "internal")].join("\n"));
      const submitted = await switchyard(["submit", file, "--json", ...args], folder);
      const batch = /b-[0-9a-f]{24}/.exec(submitted.stdout)?.[0] ?? "";
      await switchyard(["wait", batch], folder);
      const printed = await switchyard(["results", batch, "--out", join(folder, name)], folder);
      const output = readFileSync(join(folder, name, "output.jsonl"), "utf8")
        .trim()
        .split("\n");
      return { batch, printed: printed.stdout, results: output.map((each) => Cached.parse(JSON.parse(each))) };
    };

    const first = await run("rings");
    const again = await run("rings-again");
    const anew = await run("rings-anew", "--no-cache");

    const [cached, called] = again.results;
    expect(cached?.response).toEqual({ ...first.results[0]?.response, request_id: expect.any(String) });
    expect(cached?.switchyard).toMatchObject({
      cached: { result: `${first.batch}-1`, savedUsd: first.results[0]?.switchyard.costUsd },
      attempts: [],
      costUsd: 0,
    });
    expect(called?.switchyard.attempts).toHaveLength(1);
    expect(again.printed).toMatch(/1 answer came from the cache, which saved \$0\.0/);
    expect(anew.results.map(({ switchyard: { attempts } }) => attempts.length)).toEqual([1, 1]);
  });

  it("goes by a published configuration until it is rolled back", { timeout: 120_000 }, async () => {
    const file = join(folder, "dearer.yaml");
    // Jobs of a configuration are routed under its version, which each result names.
    writeFileSync(file, readFileSync(config, "utf8").replace("maxRounds: 5", "maxRounds: 4"));
    await switchyard(["sweep", "--now"], folder);
    const before = Listed.parse(json((await switchyard(["config", "list", "--json"], folder)).stdout)).current;

    const published = await switchyard(["config", "publish", "--config", file, "--json"], folder);
    const { version } = z.looseObject({ version: z.string() }).parse(json(published.stdout));
    const seen = await vi.waitUntil(async () => (await policyOfNewJob()) === version, {
      timeout: 45_000,
      interval: 1000,
    });
    const diff = await switchyard(["config", "diff", "deployed", "current", "--json"], folder);
    const back = await switchyard(["config", "rollback", "--json"], folder);
    const listed = Listed.parse(json((await switchyard(["config", "list", "--json"], folder)).stdout));
    const refused = await switchyard(["config", "publish", "--config", withOtherRegion(), "--json"], folder);

    expect([published.code, diff.code, back.code, refused.code, seen]).toEqual([0, 0, 0, 2, true]);
    expect(json(diff.stdout)).toMatchObject({ changes: [{ path: "maxRounds", before: "5", after: "4" }] });
    expect(json(refused.stdout)).toMatchObject({ made: false, needs: [{ path: "regions" }] });
    expect(listed.current).toBe(before);
    expect(listed.versions.map(({ how }) => how)).toEqual(["rollback", "publish", "deploy"]);
  });

  it("calls no deployment that is paused, until it is resumed", { timeout: 120_000 }, async () => {
    const first = await deploymentOfNewJob();

    const paused = await switchyard(["pause", first, "--reason", "a test", "--json"], folder);
    const cooldowns = await switchyard(["cooldowns", "--json"], folder);
    const meanwhile = await deploymentOfNewJob();
    const resumed = await switchyard(["resume", first], folder);
    const after = await deploymentOfNewJob();

    expect([paused.code, cooldowns.code, resumed.code]).toEqual([0, 0, 0]);
    expect(json(cooldowns.stdout)).toMatchObject({
      deployments: [{ deployment: first, kind: "paused", reason: "a test" }],
    });
    expect(meanwhile).not.toBe(first);
    expect(after).toBe(first);
  });

  it("sweeps at once, through the function itself", { timeout: 60_000 }, async () => {
    const swept = await switchyard(["sweep", "--now", "--json"], folder);

    expect(swept.code).toBe(0);
    expect(json(swept.stdout)).toMatchObject({ wrong: 0, recounted: 0, stuckBatches: 0 });
  });
});
