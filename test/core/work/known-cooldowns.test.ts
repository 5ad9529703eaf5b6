import { describe, expect, it } from "vitest";
import type { Cooldown } from "../../../lib/core/cooldown.ts";
import { KnownCooldowns } from "../../../lib/core/work/known-cooldowns.ts";

const resting: Cooldown = { untilMs: 9000, level: 1, kind: "overload", sinceMs: 0, probeUntilMs: 0 };

/** A worker at 1000 ms, before a table that can be written to behind its back. */
function start() {
  const table = new Map<string, Cooldown>();
  const world = { nowMs: 1000, reads: 0, table };
  const known = new KnownCooldowns({
    clock: () => world.nowMs,
    cooldowns: {
      async read() {
        world.reads += 1;
        return new Map(table);
      },
    },
  });
  return { world, table, known };
}

describe("what a worker knows of cooldowns", () => {
  it("is read once for all who ask at the same time, and again after a second", async () => {
    const { world, known } = start();

    await Promise.all([known.read("nova"), known.read("nova")]);
    world.nowMs += 999;
    await known.read("nova");
    const readsInTheSecond = world.reads;
    world.nowMs += 1;
    await known.read("nova");

    expect([readsInTheSecond, world.reads]).toEqual([1, 2]);
  });

  it("keeps the rest that it saw itself over an older one of the table, with the table's pause", async () => {
    const { world, table, known } = start();
    known.saw("nova", resting);
    table.set("nova", { ...resting, untilMs: 5000, paused: { sinceMs: 0 } });
    world.nowMs += 500;

    const read = await known.read("nova");

    expect(read).toEqual({ ...resting, paused: { sinceMs: 0 } });
  });

  it("takes a later rest from the table though it has just seen one", async () => {
    const { table, known } = start();
    known.saw("nova", resting);
    table.set("nova", { ...resting, untilMs: 20_000 });

    const read = await known.read("nova");

    expect(read?.untilMs).toBe(20_000);
  });

  it("keeps a pause that it read when it sees a rest", async () => {
    const { table, known } = start();
    table.set("nova", { ...resting, untilMs: 0, paused: { sinceMs: 0 } });
    await known.read("nova");

    known.saw("nova", resting);

    expect(known.last("nova")).toEqual({ ...resting, paused: { sinceMs: 0 } });
  });

  it("is asked of the table anew once it is forgotten", async () => {
    const { table, known } = start();
    await known.read("nova");
    table.set("nova", resting);

    known.forget("nova");

    expect(await known.read("nova")).toEqual(resting);
  });
});
