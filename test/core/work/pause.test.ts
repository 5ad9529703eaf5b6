import { describe, expect, it } from "vitest";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const ok: Answer = (_, { name }) => ({
  kind: "completed",
  response: { by: name },
  usage: { inputTokens: 10, outputTokens: 5 },
});
const upload = Array.from({ length: 60 }, (_, at) =>
  JSON.stringify({
    custom_id: `job-${at}`,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "auto", messages: [{ role: "user", content: `hello ${at}` }] },
  }),
).join("\n");

function worldOf(...chain: string[]) {
  const document = chainOf(...chain);
  return createWorld({ document, router: simpleRouter(document), answer: ok });
}

describe("jobs of a paused deployment", () => {
  it("go to the next in their chain", async () => {
    const world = worldOf("a", "b");
    await world.stores.cooldowns.pause("a", { sinceMs: world.now() });
    const batch = await world.upload("uploads/x.jsonl", upload);

    await world.settle();

    expect(new Set(world.calls.map(({ deployment }) => deployment))).toEqual(new Set(["b"]));
    expect(world.stores.batches.items.get(batch)?.counts).toEqual({ succeeded: 60, failed: 0, cancelled: 0 });
  });

  it("wait where they have no other, for hours, and run when it is resumed", async () => {
    const world = worldOf("a");
    await world.stores.cooldowns.pause("a", { sinceMs: world.now() });
    const batch = await world.upload("uploads/x.jsonl", upload);
    for (let minutes = 0; minutes < 300; minutes++) {
      while (await world.step());
      world.advance(60_000);
    }
    const callsWhilePaused = world.calls.length;

    await world.stores.cooldowns.resume("a");
    const resumedAtMs = world.now();
    await world.settle();

    expect(callsWhilePaused).toBe(0);
    expect(world.stores.batches.items.get(batch)?.counts).toEqual({ succeeded: 60, failed: 0, cancelled: 0 });
    expect(Math.max(...world.calls.map(({ atMs }) => atMs))).toBeLessThan(resumedAtMs + 5 * 60_000);
  });

  it("run by themselves at the end of a pause that has one", async () => {
    const world = worldOf("a");
    const untilMs = world.now() + 7_200_000;
    await world.stores.cooldowns.pause("a", { sinceMs: world.now(), untilMs });
    const batch = await world.upload("uploads/x.jsonl", upload);

    await world.settle();

    expect(world.stores.batches.items.get(batch)?.counts).toEqual({ succeeded: 60, failed: 0, cancelled: 0 });
    expect(Math.min(...world.calls.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(untilMs);
  });

  it("end at their deadline, uncalled", async () => {
    const world = worldOf("a");
    await world.stores.cooldowns.pause("a", { sinceMs: world.now() });
    const batch = await world.upload("uploads/x.jsonl", upload);

    await world.settle();

    expect(world.calls).toEqual([]);
    expect(world.read(batch, "errors.jsonl").map(({ error }) => error)).toEqual(
      Array.from({ length: 60 }, () => expect.objectContaining({ code: "deadline-exceeded" })),
    );
  });
});
