import { describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { directoryWith, fakeIo } from "../fake-io.ts";

const where = { at: "2026-11-23T12:00:00.000Z", batch: "b-1", chunk: "b-1/0", shard: "0", zone: "restricted" };
const records = [
  {
    kind: "decision",
    ...where,
    line: 1,
    policyVersion: "v1",
    dataClass: "pii",
    dataClassReason: "found: email",
    detection: "done",
    findings: [{ part: "messages[0].content", type: "email", start: 12, end: 30, confidence: 0.99 }],
    tier: "lightweight",
    complexity: "lightweight",
    strategy: "rule",
    reason: "rule short",
    chain: ["haiku-eu", "llama-onprem"],
    rejected: [{ deployment: "gpt-mini", reason: "class pii requires dpa: true" }],
  },
  {
    kind: "hop",
    ...where,
    line: 1,
    policyVersions: ["v1", "v2"],
    attempts: [],
    refused: [{ deployment: "haiku-eu", reason: "class pii requires dpa: true, which held until 2026-11-22" }],
    result: "goes-on",
    deployment: "llama-onprem",
  },
  {
    kind: "hop",
    ...where,
    line: 1,
    policyVersions: ["v1"],
    attempts: [
      {
        deployment: "llama-onprem",
        outcome: "ok",
        startedAt: where.at,
        latencyMs: 812,
        inputTokens: 10,
        outputTokens: 5,
        costNanoUsd: 750,
      },
    ],
    refused: [],
    result: "succeeded",
    deployment: "llama-onprem",
  },
  {
    kind: "decision",
    ...where,
    line: 2,
    policyVersion: "v1",
    dataClass: "financial",
    dataClassReason: "detection failed, so the most sensitive class holds",
    detection: "failed",
    findings: [],
    chain: [],
    rejected: [{ deployment: "gpt-mini", reason: "class financial requires onPremises: true" }],
    code: "policy-denied",
  },
];
const lines = `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;

async function audit(files: Record<string, string>, ...args: string[]) {
  const io = fakeIo({ cwd: await directoryWith(files) });
  const code = await main(["audit", ...args], io);
  return { code, io };
}

describe("audit", () => {
  it("shows a row a line: the class and why, who may see it, and what became of it", async () => {
    const { code, io } = await audit({ "audit.jsonl": lines }, ".");

    expect(code).toBe(0);
    expect(io.out()).toMatch(
      /1 .*pii .*found: email .*lightweight .*haiku-eu → llama-onprem .*answered by llama-onprem/,
    );
    expect(io.out()).toMatch(/2 .*financial .*detection failed.* policy-denied/);
  });

  it("shows everything about one line", async () => {
    const { io } = await audit({ "audit.jsonl": lines }, ".", "--line", "1");

    expect(io.out()).toBe(`Line 1: answered by llama-onprem
  2026-11-23T12:00:00.000Z  decided under policy v1
  class      pii (found: email); restricted zone
  found      email in messages[0].content, characters 12 to 30, confidence 0.99
  tier       lightweight, by rule: rule short
  allowed    haiku-eu → llama-onprem
  rejected   gpt-mini: class pii requires dpa: true
  2026-11-23T12:00:00.000Z  goes-on to llama-onprem, under policies v1 and v2
    forbidden  haiku-eu: class pii requires dpa: true, which held until 2026-11-22
  2026-11-23T12:00:00.000Z  succeeded by llama-onprem
    called     llama-onprem: ok, 812 ms, $0.000001
`);
  });

  it("prints the records as they are, for programs", async () => {
    const { io } = await audit({ "records.jsonl": lines }, "records.jsonl", "--json");

    const printed = io.out().trim().split("\n");
    expect(printed.map((line): unknown => JSON.parse(line))).toEqual(records);
  });

  it("says when a line has no records, and when nothing is named", async () => {
    const none = await audit({ "audit.jsonl": lines }, ".", "--line", "9");
    const unnamed = await audit({});

    expect([none.code, none.io.err()]).toEqual([1, expect.stringContaining("Nothing is recorded of line 9.")]);
    expect([unnamed.code, unnamed.io.err()]).toEqual([
      2,
      expect.stringContaining("a directory of results, or --facts"),
    ]);
  });

  it("prints on whose word a deployment may see what, and until when", async () => {
    const configuration = `version: 1
regions: [us-east-1]
deployments:
  nova:
    provider: bedrock
    model: amazon.nova-lite-v1:0
    region: us-east-1
    facts: { dpa: { value: true, by: Legal, until: 2027-01-31 }, baa: { value: true, by: Ops, until: 2026-11-01 }, zeroRetention: true }
tiers: { lightweight: { chain: [nova] }, standard: { chain: [nova] }, capable: { chain: [nova] } }
dataClasses: { public: {}, pii: { require: { dpa: true } }, phi: { require: { baa: true }, quarantine: true } }
untagged: public
`;
    const { code, io } = await audit({ "switchyard.yaml": configuration }, "--facts", "--json");

    expect(code).toBe(0);
    const fact = (name: string, state: string, more: object) =>
      expect.objectContaining({ deployment: "nova", fact: name, value: true, state, ...more });
    expect(io.json()).toMatchObject({
      facts: [
        fact("dpa", "holds", { by: "Legal", until: "2027-01-31", requiredBy: ["pii", "phi"] }),
        fact("baa", "ended", { by: "Ops", requiredBy: ["phi"] }),
        fact("zeroRetention", "no owner", { by: null, until: null, requiredBy: [] }),
      ],
    });
  });
});
