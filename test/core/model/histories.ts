import type { Asked, Operation } from "./operation.ts";

/** How an invocation ended: its message is deleted, or stays (it was kept, or the function threw). */
export type Ended = { kind: "done" } | { kind: "kept"; error?: string };

/** One invocation as it runs: it goes on as far as it can without an answer. */
class Run {
  nowMs: number;
  ended: Ended | undefined;
  readonly #asked: Asked[] = [];
  #answered = 0;

  constructor(nowMs: number, begin: (ask: (asked: Asked) => void, clock: () => number) => Promise<Ended>) {
    this.nowMs = nowMs;
    begin(
      (asked) => this.#asked.push(asked),
      () => this.nowMs,
    ).then(
      (ended) => {
        this.ended = ended;
      },
      (error: unknown) => {
        this.ended = { kind: "kept", error: error instanceof Error ? error.message : String(error) };
      },
    );
  }

  get next(): Operation | undefined {
    return this.#asked[this.#answered]?.operation;
  }

  answer(answer: number, nowMs: number): void {
    this.nowMs = nowMs;
    this.#asked[this.#answered++]?.resume(answer);
  }
}

/** All promises that can be settled have been once the queue of microtasks is empty. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export type Begin = (ask: (asked: Asked) => void, clock: () => number) => Promise<Ended>;

type History = {
  begin: Begin;
  startMs: number;
  parent: number | undefined;
  answer: number;
  nowMs: number;
  next: Operation | undefined;
  ended: Ended | undefined;
  /** The run that stands here, until it is taken on. */
  live: Run | undefined;
};

/**
 * The local states of the real functions. A function's state is what it was begun with and what it has been answered since
 * then, so a state is a node of a tree, and to go back to one is to run the function again with the same answers. Of
 * several requests in flight in one invocation the oldest is answered first.
 */
export class Histories {
  readonly #histories: History[] = [];
  readonly #known = new Map<string, number>();

  get size(): number {
    return this.#histories.length;
  }

  next(history: number): Operation | undefined {
    return this.#at(history).next;
  }

  ended(history: number): Ended | undefined {
    return this.#at(history).ended;
  }

  /** The state of a function just begun. @param label says all about it */
  async begin(label: string, startMs: number, begin: Begin): Promise<number> {
    const key = `${startMs} ${label}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const run = new Run(startMs, begin);
    await settled();
    return this.#add(key, { begin, startMs, parent: undefined, answer: 0, nowMs: startMs }, run);
  }

  /** The state after an answer, if it has been seen. */
  known(history: number, answer: number, nowMs: number): number | undefined {
    return this.#known.get(`${history}:${answer}:${nowMs}`);
  }

  /** The state after an answer. */
  async grow(parent: number, answer: number, nowMs: number): Promise<number> {
    const from = this.#at(parent);
    const run = from.live ?? (await this.#replay(parent));
    from.live = undefined;
    run.answer(answer, nowMs);
    await settled();
    const { begin, startMs } = from;
    return this.#add(`${parent}:${answer}:${nowMs}`, { begin, startMs, parent, answer, nowMs }, run);
  }

  async #replay(history: number): Promise<Run> {
    const path: History[] = [];
    for (let at: number | undefined = history; at !== undefined; at = this.#at(at).parent) path.push(this.#at(at));
    const [first, ...rest] = path.toReversed();
    if (first === undefined) throw new Error("A history has no beginning.");
    const run = new Run(first.startMs, first.begin);
    await settled();
    for (const { answer, nowMs } of rest) {
      run.answer(answer, nowMs);
      await settled();
    }
    return run;
  }

  #add(key: string, place: Omit<History, "next" | "ended" | "live">, run: Run): number {
    const { next, ended } = run;
    if (next === undefined && ended === undefined)
      throw new Error("An invocation waits for something that no operation is.");
    this.#histories.push({ ...place, next, ended, live: ended === undefined ? run : undefined });
    this.#known.set(key, this.#histories.length - 1);
    return this.#histories.length - 1;
  }

  #at(history: number): History {
    const found = this.#histories[history];
    if (found === undefined) throw new Error(`There is no history ${history}.`);
    return found;
  }
}
