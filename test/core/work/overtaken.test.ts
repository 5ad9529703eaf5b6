import { expect, it } from "vitest";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const usage = { inputTokens: 10, outputTokens: 5 };
const ok: Answer = (_, { name }) => ({ kind: "completed", response: { by: name }, usage });
/** Deployment `a` rests for an hour after its first call, so that the whole shard goes to fallback. */
const limitedAtA: Answer = (call, deployment, nowMs) =>
  deployment.name === "a"
    ? { kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 3_600_000 } }
    : ok(call, deployment, nowMs);
const job = JSON.stringify({
  custom_id: "one",
  method: "POST",
  url: "/v1/chat/completions",
  body: { model: "auto", messages: [{ role: "user", content: "hello" }] },
});

function setUp(answer: Answer) {
  const document = chainOf("a", "b");
  return createWorld({ document, router: simpleRouter(document), answer });
}
type World = ReturnType<typeof setUp>;

/** The last parts of the keys of hop records, which are the fences of those who wrote them. */
function hopsOf({ stores }: World): string[] {
  return [...stores.zones.general.items.keys()].flatMap((key) => /^audit\/.*\/(\d+)\.jsonl$/.exec(key)?.[1] ?? []);
}

it("records of an owner that was overtaken only what closed the shard", async () => {
  const world = setUp(ok);
  const { chunks, zones } = world.stores;
  const { apply } = chunks;
  let own: string | undefined;
  // owner A  claim(1) ──────────────────────────── commit(1) ✗
  // owner B               claim(2) ─ commit(2) ✓
  chunks.apply = async (id, event) => {
    if (event.type === "commit" && own === undefined) {
      own = event.segment;
      const fence = event.fence + 1;
      const segment = await zones.general.get(`segments/${id}/${event.shard}/${own}.jsonl`);
      await zones.general.put(`segments/${id}/${event.shard}/${fence}.jsonl`, segment ?? "");
      await apply(id, { type: "claim", shard: event.shard, nowMs: world.now() + 3_600_000, leaseUntilMs: 0 });
      await apply(id, { ...event, fence, segment: String(fence) });
    }
    return apply(id, event);
  };
  await world.upload("uploads/x.jsonl", job);

  await world.settle();

  expect(own).toBe("1");
  expect(hopsOf(world)).toEqual(["2"]);
});

it("records no move that was overtaken", async () => {
  const world = setUp(limitedAtA);
  const { chunks } = world.stores;
  const { apply } = chunks;
  let overtaken: number | undefined;
  chunks.apply = async (id, event) => {
    if (event.type === "release" && event.move?.deployment === "b" && overtaken === undefined) {
      overtaken = event.fence;
      const claim = { type: "claim", shard: event.shard, nowMs: world.now() + 3_600_000, leaseUntilMs: 0 } as const;
      await apply(id, claim);
    }
    return apply(id, event);
  };
  const batch = await world.upload("uploads/x.jsonl", job);

  await world.settle();

  expect(world.read(batch, "output.jsonl")).toHaveLength(1);
  expect(overtaken).toBeGreaterThan(0);
  expect(hopsOf(world)).not.toContain(String(overtaken));
});

it("takes a move that could not be recorded for no lost worker, and records it the next time", async () => {
  const world = setUp(limitedAtA);
  const { general } = world.stores.zones;
  const { put } = general;
  let failures = 0;
  general.put = async (key, body) => {
    if (/^audit\/.*\/\d+\.jsonl$/.test(key) && failures++ === 0) throw world.crash();
    await put(key, body);
  };
  const batch = await world.upload("uploads/x.jsonl", job);

  await world.settle();

  expect(failures).toBeGreaterThan(1);
  expect(JSON.stringify(world.read(batch, "output.jsonl"))).not.toContain("worker-lost");
  const moves = (await world.audit(batch)).filter(
    ({ kind, ...record }) => "result" in record && record.result === "goes-on",
  );
  expect(moves).toMatchObject([{ attempts: [], deployment: "b" }]);
});

it("lists a job that is denied on a later day under that day", async () => {
  const document = chainOf("a");
  const world = createWorld({
    document,
    router: simpleRouter(document),
    answer: () => ({ kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 30_000 } }),
    current: () => (world.now() < Date.UTC(2026, 0, 2) ? document : later),
  });
  const stricter = document.policy.dataClasses.map((dataClass) => ({ ...dataClass, require: { baa: true } }));
  const later = { ...document, version: "later", policy: { ...document.policy, dataClasses: stricter } };
  const hourMs = 3_600_000;
  world.advance(23.5 * hourMs);
  await world.upload("uploads/x.jsonl", job);
  while (await world.step());
  world.advance(hourMs);

  await world.settle();

  const days = [...world.stores.zones.general.items.keys()].flatMap(
    (key) => /^(audit|quarantine)\/date=([\d-]+)\//.exec(key)?.slice(1, 3).join(" ") ?? [],
  );
  expect(new Set(days)).toEqual(new Set(["audit 2026-01-01", "quarantine 2026-01-02"]));
});
