import { expect, it } from "vitest";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { createWorld } from "./world.ts";

it("answers the owner of a denied job although classify was lost before it could say so", async () => {
  const document = chainOf("a");
  let crashes = 0;
  const world = createWorld({
    document,
    router: simpleRouter(document),
    answer: () => {
      throw new Error("A denied job is never called for.");
    },
    // Planned and done, and nothing said of it.
    crashAt: () => {
      const isPlanned = [...world.stores.chunks.items.values()].some(({ state }) => state === "planned");
      return isPlanned && world.stores.open.items.size === 0 && ++crashes === 1;
    },
  });
  await world.enqueue([
    { id: "one", replyTo: "answers", body: { model: "nowhere", messages: [{ role: "user", content: "hello" }] } },
  ]);

  await world.step();
  const before = world.queues.get("reply-answers")?.length ?? 0;
  world.advance(15 * 60_000);
  await world.settle();

  expect([crashes > 0, before]).toEqual([true, 0]);
  const replies = world.queues.get("reply-answers")?.map(({ body }) => body) ?? [];
  expect(replies).toEqual([expect.stringContaining('"code":"unknown-model"')]);
});
