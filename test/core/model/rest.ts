import { hashOf } from "./hash.ts";
import type { Machine, Move } from "./machine.ts";
import { later } from "./moves.ts";
import { messages, noFaults, returned, type State, worldKey } from "./state.ts";
import { Violation } from "./violation.ts";

const aMinute = "a minute passes, and perhaps more";
/** Minutes after which nothing more can be expected to happen of itself. */
const longestMinutes = 200;

/**
 * Lets a world come to rest: nothing goes wrong any more, every message is delivered, a minute passes when there is none,
 * and (`sweeping`) sweep comes by each minute. Worlds known to end well are not run twice.
 */
export class Rest {
  readonly #machine: Machine;
  readonly #sweeping: boolean;
  readonly #check: (state: State) => void;
  readonly #good = new Set<number>();

  /** @param check throws when a world at rest is not as it must be */
  constructor(machine: Machine, sweeping: boolean, check: (state: State) => void) {
    this.#machine = machine;
    this.#sweeping = sweeping;
    this.#check = check;
  }

  /** The worlds that were run through. */
  get size(): number {
    return this.#good.size;
  }

  /** Throws a violation, with the moves to it, when the world does not come to rest or not as it must. */
  async from(start: State): Promise<void> {
    const path: number[] = [];
    const said: string[] = [];
    const on = (move: Move): State => {
      said.push(move.label);
      return move.state;
    };
    let state = { ...start, left: noFaults };
    let kept = new Set<number>();
    try {
      for (let minutes = 0; ; ) {
        const key = hashOf(`${worldKey(state)} ${[...kept].join()}`);
        if (this.#good.has(key)) break;
        path.push(key);
        if (state.processes.length > 0) {
          const [process] = state.processes;
          const before = state;
          const [first] = await this.#machine.steps(state, 0);
          if (first === undefined) throw new Violation("An invocation can do nothing.");
          state = on(first);
          if (state.contents.some((content, at) => content !== before.contents[at])) kept = new Set();
          if (this.#machine.histories.ended(process?.history ?? 0)?.kind === "kept")
            for (const message of returned(process?.message, state.nowMs)) kept.add(message);
          continue;
        }
        const next = state.queued.find(
          (message) => !kept.has(message) && messages.at(message).visibleAtMs <= state.nowMs && !isReply(message),
        );
        if (next !== undefined) state = on(await this.#machine.deliver(state, next));
        else if (this.#atRest(state)) {
          this.#check(state);
          break;
        } else {
          minutes += 1;
          if (minutes > longestMinutes) throw new Violation("The world does not come to rest.");
          kept = new Set();
          state = later(state, 60_000);
          said.push(...(said.at(-1) === aMinute ? [] : [aMinute]));
          if (this.#sweeping) state = on(await this.#machine.begin(state, { queue: "sweep", body: "" }));
        }
      }
    } catch (error) {
      if (error instanceof Violation)
        throw new Violation(`${error.message} On the way to rest:\n  ${said.join("\n  ")}`);
      throw error;
    }
    for (const key of path) this.#good.add(key);
  }

  #atRest(state: State): boolean {
    // A marker may outlive what it marks; sweep takes it away.
    const isOpen = this.#sweeping && Object.keys(this.#machine.content(state, "open")).length > 0;
    // So does what lost owners reserved: sweep gives it up some time after.
    const isHeld =
      this.#sweeping && Object.values(this.#machine.content(state, "ledgers")).some(({ held }) => held > 0);
    return !isOpen && !isHeld && state.queued.every(isReply);
  }
}

function isReply(message: number): boolean {
  return messages.at(message).queue.startsWith("reply ");
}
