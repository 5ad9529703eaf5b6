import type {
  BatchStore,
  ChunkApplied,
  ChunkStore,
  JobStore,
  LedgerStore,
  OpenStore,
  Outgoing,
  Queue,
} from "../../../lib/core/ports.ts";
import type { Batch } from "../../../lib/core/protocol/batch.ts";
import type { Chunk } from "../../../lib/core/protocol/chunk.ts";
import { noCounts } from "../../../lib/core/protocol/counts.ts";
import type { ProviderOutcome } from "../../../lib/core/provider.ts";
import { checkBatchEvent, checkChunkEvent } from "./check-event.ts";
import { Interner } from "./interner.ts";
import { jobPort } from "./job-port.ts";
import { ledgerPort } from "./ledger-port.ts";
import { createObjectPorts, type ObjectPorts } from "./object-ports.ts";
import type { Asked } from "./operation.ts";
import type { Protocol } from "./protocol.ts";
import { type Contents, type StoreName, type Stores, withEntry, withoutEntry } from "./stores.ts";

/** What one invocation reaches the world through; every request stops it until the model answers. */
export type Ports = ObjectPorts & {
  clock: () => number;
  batches: BatchStore;
  /** A batch as workers look at it, for its flag alone: what is counted meanwhile makes no difference to them. */
  flag: (id: string) => Promise<Batch | undefined>;
  chunks: ChunkStore;
  open: OpenStore;
  jobs: JobStore;
  ledgers: LedgerStore;
  queue: (name: string) => Queue;
  /** Calls a deployment for some prompt. */
  call: (deployment: string, prompt: string) => Promise<ProviderOutcome>;
  announce: () => Promise<void>;
};

/** Asks a store: `read` gives the answer and what the store holds then. */
export type AskStore = <Name extends StoreName, T>(
  store: Name,
  label: string,
  answers: Interner<T>,
  perform: (content: Stores[Name]) => { answer: T; content: Stores[Name] },
  commutes?: (content: Stores[Name]) => boolean,
) => Promise<T>;

const usage = { inputTokens: 10, outputTokens: 5 };
const outcomes = new Interner<ProviderOutcome>();
const answers = {
  ok: outcomes.of({ kind: "completed", response: {}, usage }),
  transient: outcomes.of({ kind: "failed", error: { kind: "server-error", detail: "500" }, usage }),
  limited: outcomes.of({ kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 60_000 } }),
};

/** Makes the ports of invocations over stores that behave as the protocol says. */
export function createPorts(
  contents: Contents,
  protocol: Pick<Protocol, "chunk" | "batch" | "ledger">,
  options: { audited: boolean; cancellable: boolean; happened: Set<string> },
) {
  const applied = new Interner<ChunkApplied>();
  const chunks = new Interner<Chunk | null>();
  const batchApplied = new Interner<{ applied: boolean; batch: Batch | null }>();
  const batches = new Interner<Batch | null>();
  const entries = new Interner<Stores["open"]>();
  const nothing = new Interner<null>();
  const objectPorts = createObjectPorts(options.audited);

  return (ask: (asked: Asked) => void, clock: () => number): Ports => {
    const askStore: AskStore = (store, label, kept, perform, commutes = () => false) =>
      new Promise((resolve) =>
        ask({
          operation: {
            kind: "store",
            store,
            label,
            commutes: (content) => commutes(contents[store].at(content)),
            perform: (content) => {
              const after = perform(contents[store].at(content));
              return { answer: kept.of(after.answer), content: contents[store].of(after.content) };
            },
          },
          resume: (answer) => resolve(kept.at(answer)),
        }),
      );
    return {
      ...objectPorts(askStore),
      clock,
      chunks: {
        apply: (id, event) =>
          askStore("chunks", `${event.type} ${id} ${JSON.stringify(event)}`, applied, (content) => {
            const after = protocol.chunk(content[id], event);
            options.happened.add(`${event.type} ${after.kind === "refused" ? after.because : "applied"}`);
            if (after.kind === "applied") checkChunkEvent(content[id], event);
            return after.kind === "refused"
              ? { answer: { ...after, chunk: content[id] }, content }
              : { answer: after, content: withEntry(content, id, after.chunk) };
          }),
        read: async (id) =>
          (await askStore("chunks", `read ${id}`, chunks, (content) => ({ answer: content[id] ?? null, content }))) ??
          undefined,
      },
      batches: {
        async apply(id, event) {
          const label = `${event.type} ${id} ${JSON.stringify(event)}`;
          const after = await askStore("batches", label, batchApplied, (content) => {
            const after = protocol.batch(content[id], event);
            options.happened.add(`${event.type} ${after === undefined ? "refused" : "applied"}`);
            if (after !== undefined) checkBatchEvent(content[id], event);
            return after === undefined
              ? { answer: { applied: false, batch: content[id] ?? null }, content }
              : { answer: { applied: true, batch: after }, content: withEntry(content, id, after) };
          });
          return { applied: after.applied, batch: after.batch ?? undefined };
        },
        read: async (id) =>
          (await askStore("batches", `read ${id}`, batches, (content) => ({ answer: content[id] ?? null, content }))) ??
          undefined,
        list: () => Promise.reject(new Error("No function lists batches.")),
      },
      flag: async (id) =>
        (await askStore(
          "batches",
          `flag of ${id}`,
          batches,
          (content) => ({ answer: flagOf(content[id]), content }),
          (content) => !options.cancellable || content[id]?.cancelledAtMs !== undefined,
        )) ?? undefined,
      jobs: jobPort(askStore),
      ledgers: ledgerPort(askStore, protocol.ledger),
      open: {
        async add(entry) {
          const key = `${entry.kind}#${entry.id}`;
          await askStore("open", `open ${JSON.stringify(entry)}`, nothing, (content) => ({
            answer: null,
            content: withEntry(content, key, content[key] ?? entry),
          }));
        },
        async remove({ kind, id }) {
          const key = `${kind}#${id}`;
          await askStore("open", `close ${key}`, nothing, (content) => ({
            answer: null,
            content: withoutEntry(content, key),
          }));
        },
        async *list() {
          yield* Object.values(await askStore("open", "list", entries, (content) => ({ answer: content, content })));
        },
      },
      queue: (name) => ({
        send: (messages: readonly Outgoing[]) =>
          new Promise((resolve) =>
            ask({
              operation: { kind: "send", label: `send to ${name}`, queue: name, messages },
              resume: () => resolve(),
            }),
          ),
      }),
      call: (deployment, prompt) =>
        new Promise((resolve) =>
          ask({
            operation: { kind: "call", label: `call ${deployment} for ${prompt}`, answers },
            resume: (answer) => resolve(outcomes.at(answer)),
          }),
        ),
      announce: () =>
        new Promise((resolve) => ask({ operation: { kind: "announce", label: "announce" }, resume: () => resolve() })),
    };
  };
}

function flagOf(batch: Batch | undefined): Batch | null {
  if (batch === undefined) return null;
  const { id, key, etag, bytes, policy, acceptedAtMs, deadlineMs, defaults, cancelledAtMs } = batch;
  const same = { id, key, etag, bytes, policy, acceptedAtMs, deadlineMs, defaults };
  const rest = { state: "running", counts: noCounts, costNanoUsd: {}, collectAskedAtMs: 0 } as const;
  return { ...same, ...rest, chunksDone: [], ...(cancelledAtMs === undefined ? {} : { cancelledAtMs }) };
}
