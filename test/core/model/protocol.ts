import { type Ledger, type LedgerEvent, ledgerTransition } from "../../../lib/core/budgets/ledger.ts";
import { type Batch, type BatchEvent, batchTransition } from "../../../lib/core/protocol/batch.ts";
import type { Chunk, ChunkEvent } from "../../../lib/core/protocol/chunk.ts";
import { transition } from "../../../lib/core/protocol/chunk-transition.ts";
import type { Task } from "./invocations.ts";
import type { Ports } from "./ports.ts";

/**
 * What is checked: the transitions that the stores are held to, and what functions get as their stores and queues. The
 * tests of the checker put a fault into it.
 */
export type Protocol = {
  chunk: (chunk: Chunk | undefined, event: ChunkEvent) => ReturnType<typeof transition>;
  batch: (batch: Batch | undefined, event: BatchEvent) => Batch | undefined;
  ledger: (ledger: Ledger | undefined, event: LedgerEvent) => Ledger | undefined;
  /** Of the invocation of a task. */
  ports: (ports: Ports, task: Task) => Ports;
};

export const theProtocol: Protocol = {
  chunk: transition,
  batch: batchTransition,
  ledger: ledgerTransition,
  ports: (ports) => ports,
};
