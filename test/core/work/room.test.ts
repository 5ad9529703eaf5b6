import { describe, expect, it } from "vitest";
import { createRoom } from "../../../lib/core/work/room.ts";

describe("room", () => {
  it("lets run what it has room for, in turn, and what needs more than all of it alone", async () => {
    const room = createRoom(10);
    let held = 0;
    const seen: number[] = [];
    const work = (needed: number) =>
      room(needed, async () => {
        held += needed;
        seen.push(held);
        await new Promise(setImmediate);
        held -= needed;
        return needed;
      });

    const ended = await Promise.all([6, 4, 5, 25, 1, 9].map(work));

    expect(ended).toEqual([6, 4, 5, 25, 1, 9]);
    expect(seen).toHaveLength(6);
    expect(seen.filter((bytes) => bytes > 10)).toEqual([25]);
    expect(Math.max(...seen.filter((bytes) => bytes <= 10))).toBe(10);
  });

  it("is free again after work that failed", async () => {
    const room = createRoom(10);

    await expect(room(10, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");

    expect(await room(10, async () => "done")).toBe("done");
  });
});
