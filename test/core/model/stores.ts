import type { Ledger } from "../../../lib/core/budgets/ledger.ts";
import type { JobPointer, OpenEntry } from "../../../lib/core/ports.ts";
import type { Batch } from "../../../lib/core/protocol/batch.ts";
import type { Chunk } from "../../../lib/core/protocol/chunk.ts";
import { Interner } from "./interner.ts";

type Keyed<T> = Readonly<Record<string, T>>;

/** All that stands in tables and buckets; of an object the number of its text. */
export type Stores = {
  batches: Keyed<Batch>;
  chunks: Keyed<Chunk>;
  open: Keyed<OpenEntry>;
  jobs: Keyed<JobPointer>;
  /** By period and name. */
  ledgers: Keyed<Ledger>;
  intake: Keyed<number>;
  general: Keyed<number>;
  restricted: Keyed<number>;
};

export type StoreName = keyof Stores;
export const storeNames = ["batches", "chunks", "open", "jobs", "ledgers", "intake", "general", "restricted"] as const;

/** The contents that stores have had, by number: a state of the model names one of each. */
export type Contents = { readonly [Name in StoreName]: Interner<Stores[Name]> };

export function emptyContents(): Contents {
  return {
    batches: new Interner(),
    chunks: new Interner(),
    open: new Interner(),
    jobs: new Interner(),
    ledgers: new Interner(),
    intake: new Interner(),
    general: new Interner(),
    restricted: new Interner(),
  };
}

/** The entries with one more or another in its place; in the order of their keys, so that equal ones look equal. */
export function withEntry<T>(entries: Keyed<T>, key: string, value: T): Keyed<T> {
  return Object.fromEntries(Object.entries({ ...entries, [key]: value }).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function withoutEntry<T>(entries: Keyed<T>, key: string): Keyed<T> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => name !== key));
}
