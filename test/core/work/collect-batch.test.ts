import { expect, it } from "vitest";
import { type CollectDeps, collectBatch } from "../../../lib/core/work/collect-batch.ts";
import { memoryBatches } from "../../fakes/memory-batches.ts";
import { memoryChunks } from "../../fakes/memory-chunks.ts";
import { memoryObjects } from "../../fakes/memory-objects.ts";
import { memoryOpen } from "../../fakes/memory-open.ts";
import { chainOf } from "./simple-router.ts";

// collector A  reads ─ says when it ended ──── stalls ───────────── writes its manifest
// collector B                                   writes, completes
it("writes the same manifest as a collector of another time", async () => {
  const batches = memoryBatches();
  const intake = memoryObjects();
  const batch = { id: "b", key: "k", etag: "e", bytes: 1, policy: "p1", acceptedAtMs: 0, deadlineMs: 9, defaults: {} };
  await batches.apply("b", { type: "create", batch });
  await batches.apply("b", { type: "planned", chunks: 0, lines: 0, blankLines: 1 });
  const depsAt = (nowMs: number, write = intake.write): CollectDeps => ({
    clock: () => nowMs,
    isoTime: String,
    batches,
    chunks: memoryChunks(),
    open: memoryOpen(),
    intake: { ...intake, write },
    zones: { general: memoryObjects(), restricted: memoryObjects() },
    policy: async () => chainOf("a"),
    announce: async () => {},
  });
  const manifest = () => intake.get("results/b/manifest.json");
  let between: string | undefined;
  const stalling: typeof intake.write = async (key, body, type) => {
    if (key.endsWith("manifest.json")) {
      await collectBatch("b", depsAt(2));
      between = await manifest();
    }
    await intake.write(key, body, type);
  };

  await collectBatch("b", depsAt(1, stalling));

  expect(between).toContain('"completedAt": "1"');
  expect(await manifest()).toBe(between);
  expect(batches.items.get("b")).toMatchObject({ state: "completed", completedAtMs: 1 });
});
