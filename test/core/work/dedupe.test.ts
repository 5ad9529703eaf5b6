import { describe, expect, it } from "vitest";
import { totalCost } from "../../../lib/core/protocol/counts.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const usage = { inputTokens: 10, outputTokens: 5 };
const costOfAnswer = 10 * 60 + 5 * 240;
const ok: Answer = ({ body }, { name }) => ({
  kind: "completed",
  response: { by: name, asked: JSON.stringify(body.messages) },
  usage,
});

function line(id: string, text: string, options: object = {}): string {
  const body = { model: "auto", messages: [{ role: "user", content: text }] };
  return JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body, switchyard: options });
}

function worldOf(answer: Answer, ...deployments: string[]) {
  const document = chainOf(...deployments);
  return createWorld({ document, router: simpleRouter(document), answer });
}

describe("identical requests of a batch that wants them once", () => {
  it("are called once, and each line has the result under its own id, at no cost for the copies", async () => {
    const world = worldOf(ok, "a");
    const lines = Array.from({ length: 300 }, (_, index) => line(`job-${index}`, `text ${index % 3}`));
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"), { dedupe: "true" });

    await world.settle();

    expect(world.calls).toHaveLength(3);
    const output = world.read(batch, "output.jsonl");
    expect(output.map(({ custom_id }) => custom_id)).toEqual(lines.map((_, index) => `job-${index}`));
    output.forEach(({ response, switchyard }, index) => {
      expect(JSON.stringify(response)).toContain(`text ${index % 3}`);
      const isCopy = index >= 3;
      expect(switchyard).toMatchObject({
        line: index + 1,
        costUsd: isCopy ? 0 : costOfAnswer / 1e9,
        ...(isCopy ? { duplicateOf: (index % 3) + 1, attempts: [], deployment: "a" } : {}),
      });
    });
    expect(output.slice(0, 3).map((entry) => JSON.stringify(entry).includes("duplicateOf"))).toEqual([
      false,
      false,
      false,
    ]);
    const item = world.stores.batches.items.get(batch);
    expect(item).toMatchObject({ state: "completed", lines: 300, counts: { succeeded: 300, failed: 0, cancelled: 0 } });
    expect(totalCost(item?.costNanoUsd ?? {})).toBe(3 * costOfAnswer);
    const manifest = Buffer.from(
      world.stores.intake.items.get(`results/${batch}/manifest.json`)?.body ?? "",
    ).toString();
    expect(JSON.parse(manifest)).toMatchObject({ duplicates: 297, deployments: { a: { jobs: 3, attempts: 3 } } });
    const records = await world.audit(batch);
    const ends = records.filter((record) => record.kind === "hop" && record.result === "succeeded");
    expect(ends.map((record) => record.line)).toEqual(lines.map((_, index) => index + 1));
  });

  it("are called each for itself where the batch does not say so, or anything that decides differs", async () => {
    const text = [
      line("a", "same"),
      line("b", "same", { dataClass: "pii" }),
      line("c", "same", { tier: "capable" }),
      line("d", "same", { tenant: "acme" }),
      line("e", "same", { deadline: "1h" }),
      line("f", "same", { priority: "high" }),
      line("g", "same", { tags: { team: "x" } }),
    ];
    const [plain, deduped] = [worldOf(ok, "a"), worldOf(ok, "a")];
    await plain.upload("uploads/x.jsonl", [line("a", "same"), line("b", "same")].join("\n"));
    await deduped.upload("uploads/x.jsonl", text.join("\n"), { dedupe: "true" });

    await plain.settle();
    await deduped.settle();

    expect(plain.calls).toHaveLength(2);
    expect(deduped.calls).toHaveLength(7);
  });

  it("fail together, after the one that ran fell back and failed", async () => {
    const answer: Answer = (_, { name }) =>
      name === "a"
        ? { kind: "failed", error: { kind: "overloaded", detail: "503" } }
        : { kind: "failed", error: { kind: "invalid-request", detail: "400" } };
    const world = worldOf(answer, "a", "b");
    const lines = Array.from({ length: 20 }, (_, index) => line(`job-${index}`, "same"));
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"), { dedupe: "true" });

    await world.settle();

    const errors = world.read(batch, "errors.jsonl");
    expect(errors).toHaveLength(20);
    expect(errors.map(({ error }) => JSON.stringify(error)).every((text) => text.includes("invalid-request"))).toBe(
      true,
    );
    expect(world.stores.batches.items.get(batch)).toMatchObject({ counts: { succeeded: 0, failed: 20, cancelled: 0 } });
  });

  it.each([
    ["cancelled", true],
    ["internal", false],
  ])("end as %s with the one that would have run, when messages and upload are lost", async (code, cancels) => {
    const world = worldOf(ok, "a");
    const lines = Array.from({ length: 50 }, (_, index) => line(`job-${index}`, `text ${index % 5}`));
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"), { dedupe: "true" });
    await world.step();
    await world.step();
    for (const name of world.queues.keys()) world.queues.set(name, []);
    world.stores.intake.items.delete("uploads/x.jsonl");

    if (cancels) await world.cancel(batch);
    await world.settle();

    const errors = world.read(batch, "errors.jsonl");
    expect(errors.map(({ custom_id }) => custom_id)).toEqual(lines.map((_, index) => `job-${index}`));
    expect(errors.every(({ error }) => JSON.stringify(error).includes(`"${code}"`))).toBe(true);
  });

  it("run again from the plan when only the messages are lost", async () => {
    const world = worldOf(ok, "a");
    const lines = Array.from({ length: 50 }, (_, index) => line(`job-${index}`, `text ${index % 5}`));
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"), { dedupe: "true" });
    await world.step();
    await world.step();
    for (const name of world.queues.keys()) world.queues.set(name, []);

    await world.settle();

    expect(world.calls).toHaveLength(5);
    expect(world.read(batch, "output.jsonl")).toHaveLength(50);
  });

  it("are not wanted in a word that nobody knows: the batch fails and says so", async () => {
    const world = worldOf(ok, "a");
    const batch = await world.upload("uploads/x.jsonl", line("a", "x"), { dedupe: "yes" });

    await world.settle();

    expect(world.stores.batches.items.get(batch)).toMatchObject({
      state: "failed",
      failure: 'The metadata x-amz-meta-dedupe must be "true" or "false".',
    });
  });
});
