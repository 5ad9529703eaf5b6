import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { example, switchyard } from "./switchyard.ts";

const Summary = z.looseObject({
  batches: z.array(
    z.looseObject({
      accepted: z.number(),
      succeeded: z.number(),
      failed: z.number(),
      costUsd: z.number(),
      // Null where a batch failed as a whole.
      output: z.string().nullable(),
      errors: z.string().nullable(),
      deployments: z.record(z.string(), z.looseObject({ jobs: z.number(), attempts: z.number() })),
    }),
  ),
  awsCalls: z.record(z.string(), z.number()),
});
const Result = z.looseObject({
  custom_id: z.string().nullable(),
  error: z.looseObject({ code: z.string() }).nullable(),
  switchyard: z.looseObject({
    line: z.number(),
    deployment: z.string().nullable(),
    attempts: z.array(z.looseObject({ deployment: z.string(), outcome: z.string(), costUsd: z.number() })),
    costUsd: z.number(),
  }),
});

const Hop = z.looseObject({
  line: z.number(),
  attempts: z.array(z.looseObject({ startedAt: z.string() })).default([]),
});

const request = (id: string, options?: object, model = "auto") => {
  const body = { model, messages: [{ role: "user", content: `Say hello to number ${id}.` }], max_tokens: 20 };
  const line = { custom_id: id, method: "POST", url: "/v1/chat/completions", body };
  return JSON.stringify(options === undefined ? line : { ...line, switchyard: options });
};
const readResults = (file: string | null | undefined) =>
  (typeof file === "string" ? readFileSync(file, "utf8") : "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Result.parse(JSON.parse(line)));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-run-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(name: string, content: string | Buffer, ...args: string[]) {
  const file = join(folder, name);
  writeFileSync(file, content);
  const ended = await switchyard([
    "run",
    file,
    "--config",
    example,
    "--out",
    join(folder, `out-${name}`),
    "--json",
    ...args,
  ]);
  const summary = ended.stdout === "" ? undefined : Summary.parse(JSON.parse(ended.stdout));
  const batch = summary?.batches[0];
  return {
    ...ended,
    summary,
    batch,
    output: readResults(batch?.output),
    errors: readResults(batch?.errors),
  };
}

describe("switchyard run", () => {
  it("answers every line once, in order, and says what is wrong with a bad one", { timeout: 120_000 }, async () => {
    const lines: (string | Buffer)[] = [
      request("first"),
      "this is not JSON",
      request("alias", undefined, "gpt-4o"),
      JSON.stringify({ custom_id: "wrong-url", method: "POST", url: "/v1/embeddings", body: {} }),
      JSON.stringify({ custom_id: "wrong-method", method: "GET", url: "/v1/chat/completions", body: {} }),
      JSON.stringify({
        custom_id: "no-messages",
        method: "POST",
        url: "/v1/chat/completions",
        body: { model: "auto" },
      }),
      request("first"),
      "",
      request("unknown-model", undefined, "gpt-9"),
      request("unknown-class", { dataClass: "secret" }),
      request("unknown-residency", { residency: "moon" }),
      request("elsewhere", { residency: "eu" }),
      Buffer.concat([Buffer.from('{"custom_id":"bad-'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
      JSON.stringify({ custom_id: "huge", filler: "x".repeat(10 * 1024 * 1024) }),
      request("patient", { dataClass: "phi" }),
      request("card", { dataClass: "financial" }),
      request("last"),
    ];
    const separator = Buffer.from("\r\n");
    const content = Buffer.concat([
      Buffer.from("\ufeff"),
      ...lines.flatMap((line, index) => [...(index === 0 ? [] : [separator]), Buffer.from(line)]),
    ]);

    const { code, batch, output, errors } = await run("bad.jsonl", content);

    expect(code).toBe(0);
    expect(batch).toMatchObject({ accepted: 16, succeeded: 5, failed: 11 });
    expect(output.map(({ custom_id }) => custom_id)).toEqual(["first", "alias", "patient", "card", "last"]);
    expect(errors.map(({ custom_id, error, switchyard: { line } }) => [line, custom_id, error?.code])).toEqual([
      [2, null, "invalid-line"],
      [4, "wrong-url", "invalid-line"],
      [5, "wrong-method", "invalid-line"],
      [6, "no-messages", "invalid-line"],
      [7, "first", "duplicate-id"],
      [9, "unknown-model", "unknown-model"],
      [10, "unknown-class", "unknown-data-class"],
      [11, "unknown-residency", "unknown-residency"],
      [12, "elsewhere", "policy-denied"],
      [13, null, "invalid-line"],
      [14, null, "invalid-line"],
    ]);
    expect(output.find(({ custom_id }) => custom_id === "card")?.switchyard.deployment).toBe("llama-onprem");
    // Nothing was called for the bad ones, and the batch's cost is that of its lines.
    expect(errors.every(({ switchyard: { attempts } }) => attempts.length === 0)).toBe(true);
    const sum = output.reduce((total, { switchyard: { costUsd } }) => total + costUsd, 0);
    expect(batch?.costUsd).toBeCloseTo(sum, 9);
  });

  it("carries on where the first deployment refuses everything, and leaves it alone", {
    timeout: 120_000,
  }, async () => {
    const faults = join(folder, "faults.yaml");
    writeFileSync(faults, "faults:\n  - { deployment: nova-lite, kind: overloaded }\n");
    const content = Array.from({ length: 600 }, (_, index) => request(`job-${index}`)).join("\n");

    const { code, batch, output } = await run("dead.jsonl", content, "--faults", faults);

    expect(code).toBe(0);
    expect(output.map(({ custom_id }) => custom_id)).toEqual(Array.from({ length: 600 }, (_, index) => `job-${index}`));
    expect(output.every(({ switchyard: { deployment } }) => deployment === "gpt-mini")).toBe(true);
    const dead = batch?.deployments["nova-lite"];
    expect(dead?.jobs).toBe(0);
    // The first calls of each of the lane's workers, their retries, and probes.
    expect(dead?.attempts).toBeLessThan(60);
    expect(output.some(({ switchyard: { attempts } }) => attempts[0]?.outcome === "overloaded")).toBe(true);
  });

  it("spends what a batch may cost and no more, and says of every other line that it was too much", {
    timeout: 120_000,
  }, async () => {
    const config = join(folder, "budgets.yaml");
    writeFileSync(config, `${readFileSync(example, "utf8")}budgets: { all: { usd: 100, per: month, over: wait } }\n`);
    const content = Array.from({ length: 600 }, (_, index) => request(`job-${index}`)).join("\n");

    const { code, batch, output, errors } = await run(
      "dear.jsonl",
      content,
      ...["--config", config, "--max-cost-usd", "0.001"],
    );

    expect(code).toBe(0);
    expect(batch?.costUsd).toBeLessThanOrEqual(0.001);
    expect(batch?.costUsd).toBeGreaterThan(0.0009);
    expect(output.length + errors.length).toBe(600);
    expect(new Set(errors.map(({ error }) => error?.code))).toEqual(new Set(["budget-exceeded"]));
    expect(errors.every(({ switchyard: { attempts } }) => attempts.length === 0)).toBe(true);
  });

  it("goes on to the next deployments at a 429 and at a server error, and rests both", {
    timeout: 120_000,
  }, async () => {
    const faults = join(folder, "limited.yaml");
    writeFileSync(
      faults,
      `faults:
  - { deployment: nova-lite, kind: rate-limited, retryAfterSeconds: 600 }
  - { deployment: gpt-mini, kind: server-error }
`,
    );
    const content = Array.from({ length: 300 }, (_, index) => request(`job-${index}`)).join("\n");

    const { code, batch, output } = await run("limited.jsonl", content, "--faults", faults);

    expect(code).toBe(0);
    expect(output).toHaveLength(300);
    const answered = new Set(output.map(({ switchyard: { deployment } }) => deployment));
    expect(answered.has("nova-lite") || answered.has("gpt-mini")).toBe(false);
    const outcomes = output.flatMap(({ switchyard: { attempts } }) => attempts);
    expect(outcomes.some(({ deployment, outcome }) => deployment === "nova-lite" && outcome === "rate-limited")).toBe(
      true,
    );
    expect(outcomes.some(({ deployment, outcome }) => deployment === "gpt-mini" && outcome === "server-error")).toBe(
      true,
    );
    // Neither is called for every job: the first calls of each of the lane's workers, and probes.
    for (const name of ["nova-lite", "gpt-mini"]) expect(batch?.deployments[name]?.attempts).toBeLessThan(60);
  });

  it("leaves both files, and the exit code of a failure, when every line failed", { timeout: 120_000 }, async () => {
    const faults = join(folder, "all.yaml");
    writeFileSync(faults, 'faults:\n  - { deployment: "*", kind: invalid-request }\n');
    const content = Array.from({ length: 20 }, (_, index) => request(`job-${index}`)).join("\n");

    const { code, batch, output, errors } = await run("all.jsonl", content, "--faults", faults);

    expect(code).toBe(1);
    expect(batch).toMatchObject({ accepted: 20, succeeded: 0, failed: 20 });
    expect(output).toEqual([]);
    expect(readFileSync(join(folder, "out-all.jsonl", "output.jsonl"), "utf8")).toBe("");
    expect(errors.map(({ custom_id, error }) => [custom_id, error?.code])).toEqual(
      Array.from({ length: 20 }, (_, index) => [`job-${index}`, "invalid-request"]),
    );
  });

  it("runs only what has no answer in earlier results, and merges both", { timeout: 120_000 }, async () => {
    const lines = ["a", "b", "c"].map((id) => request(id));
    const first = await run("earlier.jsonl", [...lines, request("d", undefined, "gpt-9")].join("\n"));

    const again = [request("d"), "", request("c"), request("b", { dataClass: "pii" }), request("a")].join("\n");
    const { code, batch, output } = await run("later.jsonl", again, "--resume", join(folder, "out-earlier.jsonl"));

    expect(first.code).toBe(0);
    expect(code).toBe(0);
    expect(batch).toMatchObject({ accepted: 2, succeeded: 2, kept: { answers: 2, duplicates: 0 } });
    expect(output.map(({ custom_id, switchyard: { line } }) => [line, custom_id])).toEqual([
      [1, "d"],
      [3, "c"],
      [4, "b"],
      [5, "a"],
    ]);
    const attempts = output.map(({ switchyard }) => JSON.stringify(switchyard.attempts));
    const before = first.output.map(({ switchyard }) => JSON.stringify(switchyard.attempts));
    expect([attempts[1], attempts[3]]).toEqual([before[2], before[0]]);
  });

  it("fails with a clear sentence for an empty file", { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await run("empty.jsonl", "");

    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/empty/);
  });

  it("is wrong use without a file or with a broken configuration", async () => {
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, "version: 1\nregoins: [us-east-1]\n");
    const file = join(folder, "one.jsonl");
    writeFileSync(file, request("one"));

    expect(await switchyard(["run", join(folder, "none.jsonl")])).toMatchObject({ code: 2 });
    const ended = await switchyard(["run", file, "--config", broken]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/broken\.yaml:2.*regoins/);
  });

  it("answers jobs of high priority before a queue that is full of others", { timeout: 120_000 }, async () => {
    const config = join(folder, "priority.yaml");
    const limits = "limits: { concurrency: 64, requestsPerMinute: 1200 }";
    const configured = readFileSync(example, "utf8").replace("limits: { concurrency: 64 }", limits);
    expect(configured).toContain(limits);
    writeFileSync(config, `${configured}highPriorityQueues: true\n`);
    // Each of the two stacks has half of the limit: ten seconds for the others.
    const others = Array.from({ length: 100 }, (_, index) => request(`normal-${index}`, { dataClass: "financial" }));
    const urgent = ["a", "b", "c"].map((id) => request(id, { dataClass: "financial", priority: "high" }));

    const { code, output } = await run("priority.jsonl", [...others, ...urgent].join("\n"), "--config", config);

    expect(code).toBe(0);
    expect(output).toHaveLength(103);
    const audit = readFileSync(join(folder, "out-priority.jsonl", "audit.jsonl"), "utf8")
      .trim()
      .split("\n");
    const starts = audit
      .map((line) => Hop.parse(JSON.parse(line)))
      .flatMap(({ line, attempts }) => attempts.map(({ startedAt }) => ({ line, atMs: Date.parse(startedAt) })));
    const startsOf = (isUrgent: boolean) =>
      starts.filter(({ line }) => line > 100 === isUrgent).map(({ atMs }) => atMs);
    const median = startsOf(false).toSorted((a, b) => a - b)[50] ?? 0;
    expect(startsOf(true)).toHaveLength(3);
    expect(Math.max(...startsOf(true))).toBeLessThan(median);
  });

  it("raises jobs to the class of the tenant whose prefix they came under, and to what is found in them, within its limits", {
    timeout: 120_000,
  }, async () => {
    const config = join(folder, "tenants.yaml");
    writeFileSync(
      config,
      `${readFileSync(example, "utf8")}tenants: { acme: { uploads: acme/, dataClass: phi, limits: { requestsPerMinute: 60 } }, other: { uploads: other/ } }\n`,
    );
    const line = (id: string, content: string, options?: object) =>
      JSON.stringify({
        custom_id: id,
        method: "POST",
        url: "/v1/chat/completions",
        body: { model: "auto", messages: [{ role: "user", content }], max_tokens: 20 },
        ...(options === undefined ? {} : { switchyard: options }),
      });
    const card = "My card 4111 1111 1111 1111 was charged twice.";
    const content = [
      line("plain", "Where is my parcel?"),
      line("card", card),
      line("more", "Where is my other parcel?"),
      line("most", "Where are all my parcels?"),
      line("claims", "Hello", { tenant: "other" }),
    ].join("\n");

    const ended = await run("tenants.jsonl", content, "--config", config, "--prefix", "acme/");

    expect(
      ended.output.map(({ custom_id, switchyard }) => [custom_id, switchyard.dataClass, switchyard.deployment]),
    ).toEqual([
      ["plain", "phi", "nova-lite"],
      ["card", "financial", "llama-onprem"],
      ["more", "phi", "nova-lite"],
      ["most", "phi", "nova-lite"],
    ]);
    expect(ended.errors.map(({ custom_id, error }) => [custom_id, error?.code])).toEqual([["claims", "policy-denied"]]);
    const audit = readFileSync(join(folder, "out-tenants.jsonl", "audit.jsonl"), "utf8");
    expect(audit).toContain('"dataClassReason":"found: creditCard"');
    expect(audit).toContain('"dataClassReason":"tenant acme is phi"');
    expect(audit).not.toContain("4111");
    // One call a second, of all lanes together.
    const startsMs = [...audit.matchAll(/"startedAt":"([^"]+)"/g)].map(([, at = ""]) => Date.parse(at));
    expect(startsMs).toHaveLength(4);
    expect(Math.max(...startsMs) - Math.min(...startsMs)).toBeGreaterThan(2000);
  });
});
