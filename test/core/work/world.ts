import { createHash } from "node:crypto";
import type { Attempt } from "../../../lib/core/attempt.ts";
import { batchId } from "../../../lib/core/batch-id.ts";
import type { Deployment, PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { createDecider } from "../../../lib/core/decide.ts";
import { highQueueSuffix, laneName } from "../../../lib/core/lane.ts";
import { limitedBy, ratesOf } from "../../../lib/core/limits/rates.ts";
import type { Priority, Zone } from "../../../lib/core/names.ts";
import type { Outgoing, Queue } from "../../../lib/core/ports.ts";
import { ClassifyMessage, CollectMessage, ShardMessage, UploadMessage } from "../../../lib/core/protocol/messages.ts";
import type { ProviderCall, ProviderOutcome } from "../../../lib/core/provider.ts";
import { AnswerCache } from "../../../lib/core/work/answer-cache.ts";
import type { AuditRecord } from "../../../lib/core/work/audit-record.ts";
import { Budgets } from "../../../lib/core/work/budgets.ts";
import { cancelBatch } from "../../../lib/core/work/cancel-batch.ts";
import { createCancellations } from "../../../lib/core/work/cancellations.ts";
import { type ClassifyDeps, classifyChunk, repairShard } from "../../../lib/core/work/classify-chunk.ts";
import { classifySingles } from "../../../lib/core/work/classify-singles.ts";
import { type BatchCompleted, collectBatch } from "../../../lib/core/work/collect-batch.ts";
import { fallBack } from "../../../lib/core/work/fall-back.ts";
import { Gate } from "../../../lib/core/work/gate.ts";
import { type Compiled, createHop } from "../../../lib/core/work/hop.ts";
import { planBatch } from "../../../lib/core/work/plan-batch.ts";
import type { Router } from "../../../lib/core/work/plan-chunk.ts";
import { RateLimits } from "../../../lib/core/work/rate-limits.ts";
import { auditOfChunk } from "../../../lib/core/work/read-audit.ts";
import { repairBatch } from "../../../lib/core/work/repair-batch.ts";
import { sendReplies } from "../../../lib/core/work/send-replies.ts";
import { serveLane } from "../../../lib/core/work/serve-lane.ts";
import { type SweepDeps, sweep } from "../../../lib/core/work/sweep.ts";
import { memoryAnswers } from "../../fakes/memory-answers.ts";
import { memoryBatches } from "../../fakes/memory-batches.ts";
import { memoryChunks } from "../../fakes/memory-chunks.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { memoryJobs } from "../../fakes/memory-jobs.ts";
import { memoryLedgers } from "../../fakes/memory-ledgers.ts";
import { memoryLimits } from "../../fakes/memory-limits.ts";
import { memoryObjects } from "../../fakes/memory-objects.ts";
import { memoryOpen } from "../../fakes/memory-open.ts";

/** How a simulated deployment answers one call. */
export type Answer = (call: ProviderCall, deployment: Deployment, nowMs: number) => ProviderOutcome;

type Held = {
  body: string;
  visibleAtMs: number;
  receives: number;
  id: string;
  group?: string;
  sender?: string;
};

/** What a crash in the middle of a function looks like to the test: the function never returns. */
class Crash extends Error {}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/**
 * The whole of Switchyard over stores in memory and a clock of its own: queues with delays, visibility and redrive, one
 * message at a time. `crashAt` is asked before every write; true ends the function there.
 */
export function createWorld(options: {
  document: PolicyDocument;
  router: Router;
  answer: Answer;
  /** The policy that is current when jobs hop. @default the one that they were planned under */
  current?: () => PolicyDocument;
  region?: string;
  crashAt?: () => boolean;
  /** Errors that a lane's function may meet and go on. @default none */
  isExpected?: (error: unknown) => boolean;
  /** How many messages a lane's function gets at once: one of each group in turn, as SQS's fair queues do. @default 1 */
  laneBatch?: number;
  random?: () => number;
  /** All invocations of a zone are of one worker, which remembers what it saw. @default each is of a new one */
  warm?: boolean;
}) {
  const region = options.region ?? "us-east-1";
  const compiledOnes = new WeakMap<PolicyDocument, Compiled>();
  const compile = (document: PolicyDocument): Compiled => {
    const known = compiledOnes.get(document) ?? { document, decider: createDecider(document, region) };
    compiledOnes.set(document, known);
    return known;
  };
  const compiled = compile(options.document);
  const random = options.random ?? (() => 0);
  let { replyQueues } = options.document.policy;
  let nowMs = Date.UTC(2026, 0, 1);
  let names = 0;
  const clock = () => nowMs;
  const sleepers: { atMs: number; wake: () => void }[] = [];
  /** Sleepers wake in the order of their times, as on a real clock; between two of them all that can run does. */
  const sleep = (ms: number) =>
    new Promise<void>((wake) => {
      sleepers.push({ atMs: nowMs + Math.ceil(ms), wake });
      setImmediate(() => {
        sleepers.sort((a, b) => a.atMs - b.atMs);
        const next = sleepers.shift();
        nowMs = Math.max(nowMs, next?.atMs ?? 0);
        next?.wake();
      });
    });
  const calls: { deployment: string; atMs: number }[] = [];
  const events: BatchCompleted[] = [];

  /** Wraps a store so that any of its writes may be the last thing a function does. */
  const fragile = <T extends object>(store: T, writes: readonly string[]): T =>
    new Proxy(store, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== "function" || !writes.includes(String(name))) return member;
        return async (...args: unknown[]) => {
          if (options.crashAt?.() === true) throw new Crash();
          const result: unknown = await Reflect.apply(member, target, args);
          if (options.crashAt?.() === true) throw new Crash();
          return result;
        };
      },
    });

  const intake = memoryObjects(clock);
  const stores = {
    intake,
    batches: memoryBatches(),
    chunks: memoryChunks(),
    open: memoryOpen(),
    jobs: memoryJobs(),
    answers: memoryAnswers(),
    cooldowns: memoryCooldowns(),
    limits: memoryLimits(),
    ledgers: memoryLedgers(),
    zones: { general: memoryObjects(clock), restricted: memoryObjects(clock) },
  };
  const queues = new Map<string, Held[]>();
  const deliver = (name: string, messages: readonly (Outgoing & { sender?: string })[]) => {
    const held = queues.get(name) ?? [];
    queues.set(name, held);
    for (const { body, delaySeconds, ...stated } of messages) {
      names += 1;
      held.push({ body, visibleAtMs: nowMs + (delaySeconds ?? 0) * 1000, receives: 0, id: `m${names}`, ...stated });
    }
  };
  const queue = (name: string): Queue => fragile({ send: async (messages) => deliver(name, messages) }, ["send"]);
  const laneQueues = new Map<string, Queue>();
  const laneQueue = (name: string): Queue => {
    const known = laneQueues.get(name) ?? queue(name);
    laneQueues.set(name, known);
    return known;
  };
  const { deployments } = options.document.policy;
  const laneOf = (deployment: string, zone: Zone): string => {
    const found = deployments[deployment];
    if (found === undefined) throw new Error(`no deployment ${deployment}`);
    return laneName(found, zone);
  };
  const common = {
    clock,
    random,
    batches: fragile(stores.batches, ["apply"]),
    chunks: fragile(stores.chunks, ["apply"]),
    open: fragile(stores.open, ["add", "remove"]),
    collect: queue("collect"),
    intake: fragile(intake, ["put", "write"]),
    zones: {
      general: fragile(stores.zones.general, ["put"]),
      restricted: fragile(stores.zones.restricted, ["put"]),
    },
  };
  const suffixOf = (priority: Priority | undefined) =>
    priority === "high" && options.document.policy.highPriorityQueues === true ? highQueueSuffix : "";
  const lanes = {
    queueFor: (deployment: string, place: "lane" | "fallback", zone: Zone, priority?: Priority) =>
      laneQueue(laneOf(deployment, zone) + (place === "lane" ? suffixOf(priority) : "-dead")),
  };
  const newLimits = () =>
    new RateLimits({
      clock,
      sleep,
      random,
      store: stores.limits,
      rates: (name) => ratesOf(limitedBy(name, options.document.policy) ?? {}, region),
    });
  const ledgers = fragile(stores.ledgers, ["apply"]);
  const leaseMs = 150_000;
  const currentPolicy = () => (options.current?.() ?? options.document).policy;
  const newGate = (limits: RateLimits) =>
    new Gate({
      clock,
      sleep,
      limits,
      cooldowns: stores.cooldowns,
      policy: () => options.document.policy.cooldown,
      concurrency: (name) => deployments[name]?.concurrency ?? 1,
    });
  const gates = new Map<Zone, Gate>();
  const gateOf = (zone: Zone, limits: RateLimits): Gate => {
    const gate = gates.get(zone) ?? newGate(limits);
    if (options.warm === true) gates.set(zone, gate);
    return gate;
  };
  const zoned = (zone: Zone) => {
    const limits = newLimits();
    return {
      ...common,
      limits,
      lanes,
      cancellations: createCancellations({ clock, batches: stores.batches }),
      objects: common.zones[zone],
      budgets: new Budgets({ clock, hash, store: ledgers, budgets: () => currentPolicy().budgets, region, leaseMs }),
      leaseMs,
      hopFor: async () =>
        createHop(compiled, () => (options.current === undefined ? compiled : compile(options.current())), zone, clock),
      gate: gateOf(zone, limits),
    };
  };
  const classifyDeps: ClassifyDeps & { jobs: typeof stores.jobs; hash: typeof hash } = {
    ...common,
    lanes,
    uniqueName: () => {
      names += 1;
      return `n${names}`;
    },
    routerFor: async () => options.router,
    replyQueues: async () => replyQueues,
    onPlanned: () => {},
    onError: (error) => {
      throw error;
    },
    hash,
    jobs: fragile(stores.jobs, ["claim"]),
  };
  async function handle(name: string, bodies: readonly Held[]): Promise<("done" | "keep")[]> {
    const one = bodies[0];
    if (one === undefined) return [];
    const json = (): unknown => JSON.parse(one.body);
    if (name === "uploads") {
      await planBatch(UploadMessage.parse(json()).detail.object, {
        ...common,
        hash,
        hash128: (text) => createHash("md5").update(text).digest(),
        chunks: queue("chunks"),
        policy: options.document,
      });
      return ["done"];
    }
    if (name === "chunks") {
      const message = ClassifyMessage.parse(json());
      if (message.kind === "chunk") await classifyChunk(message, classifyDeps);
      else await repairShard(message, classifyDeps);
      return ["done"];
    }
    if (name === "jobs")
      return classifySingles(
        bodies.map(({ body, id, receives, sender = "AIDAEXAMPLE" }) => ({
          body,
          messageId: id,
          senderId: sender,
          redelivered: receives > 1,
        })),
        classifyDeps,
      );
    if (name === "collect") {
      const message = CollectMessage.parse(json());
      if (message.kind === "batch") {
        await collectBatch(message.batch, {
          ...common,
          isoTime: (ms) => new Date(ms).toISOString(),
          policy: async () => options.document,
          announce: async (event) => {
            events.push(event);
          },
        });
      } else
        await sendReplies(message.chunk, message.shard, {
          ...common,
          replyQueue: (reply) => (replyQueues.includes(reply) ? queue(`reply-${reply}`) : undefined),
        });
      return ["done"];
    }
    const zone: Zone = name.includes("restricted") ? "restricted" : "general";
    const messages = bodies.map(({ body }) => ShardMessage.parse(JSON.parse(body)));
    if (name.endsWith("-dead"))
      return Promise.all(messages.map((message) => fallBack(message, { ...zoned(zone), onMoved: () => {} })));
    const lane = name.replace(/-high$/, "");
    return serveLane(messages, {
      ...zoned(zone),
      cache: new AnswerCache({
        clock,
        hash,
        newSalt: () => `salt of ${zone}`,
        answers: fragile(stores.answers, ["put"]),
        objects: common.zones[zone],
      }),
      sleep,
      remainingMs: () => 120_000,
      provider: async (deployment) => ({
        call: async (call) => {
          calls.push({ deployment: deployment.name, atMs: nowMs });
          return options.answer(call, deployment, nowMs);
        },
        close: async () => {},
      }),
      onAttempt: (_: Attempt) => {},
      // A crash ends the whole function, not one shard.
      onError: (error) => {
        if (options.isExpected?.(error) !== true) throw error;
      },
      own: laneQueue(lane),
      high: laneQueue(`${lane}${suffixOf("high")}`),
      dead: laneQueue(`${lane}-dead`),
      serves: (deployment) => deployments[deployment] !== undefined && laneOf(deployment, zone) === lane,
    });
  }

  /** What is received with a message: as many visible ones as there is room for, of each group in turn. */
  function fairly(held: readonly Held[], first: Held): Held[] {
    const { laneBatch = 1 } = options;
    if (laneBatch === 1) return [first];
    const groups = new Map<string | undefined, Held[]>([[first.group, [first]]]);
    for (const message of held)
      if (message !== first && message.visibleAtMs <= nowMs && message.receives < 3)
        groups.set(message.group, [...(groups.get(message.group) ?? []), message]);
    const together: Held[] = [];
    while (together.length < laneBatch && [...groups.values()].some(({ length }) => length > 0))
      for (const messages of groups.values()) together.push(...messages.splice(0, 1));
    return together.slice(0, laneBatch);
  }

  const visibilityMs = 720_000;
  /** Delivers one visible message (or some, of one queue); false when none is visible. */
  async function step(pick: (count: number) => number = () => 0): Promise<boolean> {
    const ready = [...queues.entries()].flatMap(([name, held]) =>
      name.startsWith("reply-")
        ? []
        : held.filter(({ visibleAtMs }) => visibleAtMs <= nowMs).map((message) => ({ name, message })),
    );
    const chosen = ready[pick(ready.length)];
    if (chosen === undefined) return false;
    const { name, message } = chosen;
    const take = (taken: Held[]) =>
      queues.set(
        name,
        (queues.get(name) ?? []).filter((entry) => !taken.includes(entry)),
      );
    message.receives += 1;
    const isLane = name.includes("general") || name.includes("restricted");
    if (isLane && message.receives > 3 && !name.endsWith("-dead")) {
      take([message]);
      const deadName = `${name.replace(/-high$/, "")}-dead`;
      queues.set(deadName, [...(queues.get(deadName) ?? []), { ...message, receives: 0 }]);
      return true;
    }
    const together = isLane && !name.endsWith("-dead") ? fairly(queues.get(name) ?? [], message) : [message];
    for (const each of together) {
      if (each !== message) each.receives += 1;
      each.visibleAtMs = nowMs + visibilityMs;
    }
    try {
      const dispositions = await handle(name, together);
      take(together.filter((_, index) => dispositions[index] === "done"));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    return true;
  }

  const used = new Map<string, number>();
  const sweepDeps = (onCounts: SweepDeps["onCounts"]): SweepDeps => ({
    ...common,
    hash,
    chunksQueue: queue("chunks"),
    uploads: queue("uploads"),
    onCounts,
    ledgers,
    budgets: () => currentPolicy().budgets,
    region,
    onUsed: (budget, percent) => used.set(budget, percent),
    onError: (error) => {
      throw error;
    },
  });

  /** Runs until nothing is in flight, moving the clock and sweeping as a minute passes. */
  async function settle(pick?: (count: number) => number, limit = 5000): Promise<void> {
    for (let steps = 0; steps < limit; steps++) {
      if (await step(pick)) continue;
      const waiting = [...queues].some(([name, held]) => !name.startsWith("reply-") && held.length > 0);
      if (stores.open.items.size === 0 && !waiting) return;
      nowMs += 60_000;
      try {
        await sweep(sweepDeps(() => {}));
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
    throw new Error("the world does not come to rest");
  }

  return {
    stores,
    calls,
    /** Percent of each budget that the last sweep found taken. */
    used,
    events,
    queues,
    settle,
    step,
    sweep: (onCounts: SweepDeps["onCounts"] = () => {}) => sweep(sweepDeps(onCounts)),
    repair: (batch: string) =>
      repairBatch(batch, { ...common, chunksQueue: queue("chunks"), uploads: queue("uploads") }),
    cancel: (batch: string) => cancelBatch(batch, { batches: stores.batches, clock }),
    /** Takes a queue out of those that are listed. */
    unlist: (name: string) => {
      replyQueues = replyQueues.filter((each) => each !== name);
    },
    now: clock,
    /** What ends a function where it is thrown. */
    crash: () => new Crash(),
    advance: (ms: number) => {
      nowMs += ms;
    },
    async upload(key: string, text: string, metadata: Record<string, string> = {}): Promise<string> {
      const etag = intake.seed(key, text, metadata);
      deliver("uploads", [{ body: JSON.stringify({ detail: { object: { key, etag } } }) }]);
      return batchId(key, etag, hash);
    },
    async enqueue(messages: readonly object[], sender?: string): Promise<void> {
      const from = sender === undefined ? {} : { sender };
      deliver(
        "jobs",
        messages.map((message) => ({ body: JSON.stringify(message), ...from })),
      );
    },
    /** What was recorded of a batch of one chunk. */
    async audit(batch: string): Promise<AuditRecord[]> {
      const chunk = await stores.chunks.read(`${batch}/0`);
      return chunk === undefined ? [] : auditOfChunk(`${batch}/0`, chunk, stores.zones);
    },
    read(batch: string, file: "output.jsonl" | "errors.jsonl"): Record<string, unknown>[] {
      const found = intake.items.get(`results/${batch}/${file}`);
      if (found === undefined) return [];
      return Buffer.from(found.body)
        .toString()
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Record<string, unknown> => JSON.parse(line));
    },
  };
}
