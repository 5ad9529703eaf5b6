import type { Router } from "../../lib/core/work/plan-chunk.ts";
import { chainOf, simpleRouter } from "../core/work/simple-router.ts";
import { type Answer, createWorld } from "../core/work/world.ts";
import { decodeMessage, decodeObject, kindOfMessage, kindOfObject } from "./kinds.ts";

export type Recorded = { kind: string; written: string; means: unknown };

/** Records of one kind that are kept: the first ones, which differ. */
const mostOfKind = 4;
const usage = { inputTokens: 10, outputTokens: 5 };

/** Runs batches and jobs through the whole pipeline, with all that makes a kind of message or object of its own. */
export async function recordBatches(): Promise<{ messages: Recorded[]; objects: Recorded[] }> {
  const chain = chainOf("a", "b");
  const cache = { classes: ["internal"], ttlSeconds: 86_400 };
  const document = { ...chain, policy: { ...chain.policy, cache } };
  const choices = [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hello." } }];
  const answer: Answer = (_, { name }) =>
    name === "a"
      ? { kind: "failed", error: { kind: "server-error", detail: "500" }, usage }
      : { kind: "completed", response: { object: "chat.completion", choices }, usage };
  const world = createWorld({ document, router: denying(simpleRouter(document)), answer });
  const messages = new Map<string, Recorded[]>();
  const watch = () => {
    for (const [name, held] of world.queues) for (const { body } of held) note(messages, queueOf(name), body);
  };
  const run = async () => {
    watch();
    while (await world.step()) watch();
  };

  const plain = [
    line("one"),
    line("two", { dataClass: "pii", tenant: "acme", priority: "high" }),
    line("one"),
    line("no", {}, "denied"),
  ];
  const long = "x".repeat(250_000);
  await world.upload(
    "uploads/a.jsonl",
    [...plain, line("same", {}, "auto", "one"), line("long", {}, "auto", long)].join("\n"),
    {
      dedupe: "true",
    },
  );
  await world.enqueue([
    {
      id: "single",
      replyTo: "answers",
      body: bodyOf("auto", "single"),
      switchyard: { tags: { team: "a" }, maxCostUsd: 1 },
    },
  ]);
  await run();
  // Of a cancelled batch: sweep has the messages made again, without bytes.
  const cancelled = await world.upload("uploads/b.jsonl", [line("one"), line("two")].join("\n"));
  await world.step();
  await world.step();
  await world.cancel(cancelled);
  for (const [name, held] of world.queues) if (queueOf(name) === "lane") held.splice(0);
  world.advance(10 * 60_000);
  await world.sweep();
  await run();
  await world.settle();
  // Asked before: answered out of the cache.
  await world.upload("uploads/c.jsonl", line("again", {}, "auto", "single"));
  await run();

  const objects = new Map<string, Recorded[]>();
  for (const store of [world.stores.intake, world.stores.zones.general, world.stores.zones.restricted])
    for (const [key, { body }] of store.items) {
      const kind = kindOfObject(key);
      if (kind !== undefined) keep(objects, kind, shortened(Buffer.from(body).toString()), decodeObject);
    }
  keep(objects, "policy", JSON.stringify(document), decodeObject);
  return { messages: [...messages.values()].flat(), objects: [...objects.values()].flat() };
}

function note(kept: Map<string, Recorded[]>, queue: string | undefined, body: string): void {
  if (queue !== undefined) keep(kept, kindOfMessage(queue, body), shortened(body), decodeMessage);
}

function keep(
  kept: Map<string, Recorded[]>,
  kind: string,
  written: string,
  decode: (kind: string, text: string) => unknown,
): void {
  const known = kept.get(kind) ?? [];
  kept.set(kind, known);
  if (known.length < mostOfKind && known.every((record) => record.written !== written))
    known.push({ kind, written, means: decode(kind, written) });
}

/** What makes a payload an object is only its length. */
function shortened(text: string): string {
  return text.replaceAll(/x{1000,}/g, "xxx");
}

/** Lanes and their dead-letter queues are alike; replies are for others. */
function queueOf(name: string): string | undefined {
  if (name.startsWith("reply-")) return undefined;
  return ["uploads", "chunks", "jobs", "collect"].includes(name) ? name : "lane";
}

function line(id: string, switchyard: object = {}, model = "auto", text = id): string {
  const request = { custom_id: id, method: "POST", url: "/v1/chat/completions", body: bodyOf(model, text) };
  return JSON.stringify(Object.keys(switchyard).length === 0 ? request : { ...request, switchyard });
}

function bodyOf(model: string, content: string): object {
  return { model, messages: [{ role: "user", content }] };
}

/** Finds a name in every job, and policy denies the model `denied`. */
function denying(router: Router): Router {
  const finding = { type: "name", start: 0, end: 3, confidence: 1 } as const;
  const found = [{ part: "messages[0].content", findings: [finding] }];
  return {
    ...router,
    route: async (job, defaults) => {
      const routed = await router.route(job, defaults);
      if (job.body.model !== "denied") return { ...routed, found };
      const error = { code: "policy-denied", message: "No deployment may see it." } as const;
      const rejected = [{ deployment: "a", reason: "its facts do not say dpa: true" }];
      return { ...routed, found, decision: { kind: "denied", error, rejected } };
    },
  };
}
