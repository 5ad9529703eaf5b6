import { type HoldEnd, ledgerTransition } from "../../../lib/core/budgets/ledger.ts";
import { batchTransition } from "../../../lib/core/protocol/batch.ts";
import type { ChunkEvent } from "../../../lib/core/protocol/chunk.ts";
import { transition } from "../../../lib/core/protocol/chunk-transition.ts";
import { addingEarly, sendingEarly, writingLate } from "./faulty-order.ts";
import { type Protocol, theProtocol } from "./protocol.ts";

/** The protocol with one rule taken out, the scope in which that is seen, and what is said of it. */
type Faulty = { fault: string; seenIn: string; says: RegExp; protocol: Protocol };

const withChunk = (chunk: Protocol["chunk"]): Protocol => ({ ...theProtocol, chunk });
const withBatch = (batch: Protocol["batch"]): Protocol => ({ ...theProtocol, batch });
const withPorts = (ports: Protocol["ports"]): Protocol => ({ ...theProtocol, ports });

/** Faults that a reader of the protocol might put into it; the checker must see every one. */
export const faulty: readonly Faulty[] = [
  {
    fault: "an owner that was overtaken commits: no fence",
    seenIn: "workers freeze and messages come twice",
    says: /took a commit of an owner that was overtaken/,
    protocol: withChunk((chunk, event) =>
      transition(chunk, event.type === "commit" ? { ...event, fence: fenceOf(chunk, event) } : event),
    ),
  },
  {
    fault: "an owner that was overtaken gives another's shard back",
    seenIn: "deployments limit and workers freeze",
    says: /took a release of an owner that was overtaken/,
    protocol: withChunk((chunk, event) =>
      transition(chunk, event.type === "release" ? { ...event, fence: fenceOf(chunk, event) } : event),
    ),
  },
  {
    fault: "a second plan takes the place of the first",
    seenIn: "an upload is planned",
    says: /was committed twice|written again/,
    protocol: withChunk((chunk, event) => transition(event.type === "plan" ? undefined : chunk, event)),
  },
  {
    fault: "a held shard is claimed: no lease",
    seenIn: "workers crash and messages come twice",
    says: /calls were made/,
    protocol: withChunk((chunk, event) =>
      transition(chunk, event.type === "claim" ? { ...event, nowMs: Number.MAX_SAFE_INTEGER } : event),
    ),
  },
  {
    fault: "a claim leaves the fence as it was",
    seenIn: "two workers crash",
    says: /is written again/,
    protocol: withChunk((chunk, event) => {
      const after = transition(chunk, event);
      if (event.type !== "claim" || after.kind === "refused") return after;
      const shard = after.chunk.shards[event.shard];
      if (shard === undefined) return after;
      const shards = { ...after.chunk.shards, [event.shard]: { ...shard, fence: Math.max(1, shard.fence - 1) } };
      return { kind: "applied", chunk: { ...after.chunk, shards } };
    }),
  },
  {
    fault: "a child chunk is added twice",
    seenIn: "a shard's children go into a child chunk",
    says: /counts|come to rest/,
    protocol: withChunk((chunk, event) => {
      if (event.type !== "add-nested" || chunk?.nested[event.nested] === undefined) return transition(chunk, event);
      return transition({ ...chunk, nested: { ...chunk.nested, [event.nested]: "open" } }, event);
    }),
  },
  {
    fault: "a chunk is added to its batch twice",
    seenIn: "two workers crash",
    says: /counts|come to rest/,
    protocol: withBatch((batch, event) => {
      if (event.type !== "add-chunk" || batch === undefined) return batchTransition(batch, event);
      return batchTransition(
        { ...batch, chunksDone: batch.chunksDone.filter((number) => number !== event.number) },
        event,
      );
    }),
  },
  {
    fault: "a batch is completed twice",
    seenIn: "results are collected and collectors freeze",
    says: /completed twice/,
    protocol: withBatch((batch, event) =>
      batchTransition(batch !== undefined && event.type === "complete" ? { ...batch, state: "running" } : batch, event),
    ),
  },
  {
    fault: "each collector says for itself when the batch ended",
    seenIn: "results are collected and collectors freeze",
    says: /manifest.json is written again/,
    protocol: withBatch((batch, event) => {
      if (event.type !== "end" || batch === undefined) return batchTransition(batch, event);
      const { endedAtMs: _, ...unended } = batch;
      return batchTransition(unended, event);
    }),
  },
  {
    fault: "an announcement is not remembered",
    seenIn: "results are collected and collectors freeze",
    says: /not announced/,
    protocol: withBatch((batch, event) => (event.type === "announced" ? batch : batchTransition(batch, event))),
  },
  {
    fault: "a job that is sent again is another job",
    seenIn: "a job is sent twice and functions crash",
    says: /jobs ended|calls were made|not done/,
    protocol: withPorts((ports) => ({
      ...ports,
      jobs: {
        read: ports.jobs.read,
        async claim(job, pointer) {
          await ports.jobs.claim(job, pointer);
          return { kind: "claimed" };
        },
      },
    })),
  },
  {
    fault: "a maker that was given up plans all the same",
    seenIn: "a job is sent twice and classify freezes",
    says: /jobs ended|calls were made/,
    protocol: withChunk((chunk, event) =>
      transition(event.type === "plan" && chunk?.state === "abandoned" ? { ...chunk, state: "forming" } : chunk, event),
    ),
  },
  {
    fault: "a reservation is settled twice",
    seenIn: "money is reserved and workers crash",
    says: /The ledger/,
    protocol: {
      ...theProtocol,
      ledger(ledger, event) {
        if (event.type !== "settle" || ledger === undefined) return ledgerTransition(ledger, event);
        const open = Object.fromEntries(event.ends.map(({ key, hold }) => [key, hold]));
        return ledgerTransition({ ...ledger, open: { ...ledger.open, ...open } }, event);
      },
    },
  },
  {
    fault: "a lost worker's reservation is forgotten",
    seenIn: "money is reserved and workers crash",
    says: /The ledger forgot/,
    protocol: {
      ...theProtocol,
      ledger: (ledger, event) =>
        ledgerTransition(ledger, event.type === "settle" ? { ...event, ends: event.ends.map(freed) } : event),
    },
  },
  {
    fault: "children are sent before the commit, and not after it",
    seenIn: "workers freeze and messages come twice",
    says: /The batch is running/,
    protocol: withPorts(sendingEarly),
  },
  {
    fault: "a chunk is added to its batch before the commit that ends it",
    seenIn: "two workers crash",
    says: /added to its batch and a shard of it is open/,
    protocol: withPorts(addingEarly),
  },
  {
    fault: "a segment is written after its commit",
    seenIn: "two workers crash",
    says: /its segment 1 is not there/,
    protocol: withPorts(writingLate),
  },
];

function freed(end: HoldEnd): HoldEnd {
  return end.uncertain ? { ...end, costNanoUsd: 0 } : end;
}

function fenceOf(chunk: Parameters<Protocol["chunk"]>[0], event: ChunkEvent & { type: "commit" | "release" }): number {
  return chunk?.shards[event.shard]?.fence ?? event.fence;
}
