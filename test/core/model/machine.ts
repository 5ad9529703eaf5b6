import type { PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { chainOf } from "../work/simple-router.ts";
import { Histories } from "./histories.ts";
import { createInvocations, type Task } from "./invocations.ts";
import { texts } from "./object-ports.ts";
import type { Operation } from "./operation.ts";
import { createPorts } from "./ports.ts";
import type { Protocol } from "./protocol.ts";
import { canonical, type Fault, type Faults, messages, noFaults, type Process, returned, type State } from "./state.ts";
import { emptyContents, type StoreName, type Stores, storeNames } from "./stores.ts";

/** One thing that can happen, and what the world is after it. */
export type Move = { label: string; state: State };

/** Runs the real functions, one request at a time. */
export class Machine {
  readonly contents = emptyContents();
  readonly histories = new Histories();
  /** The protocol's events, applied or refused and why, that came to pass. */
  readonly happened = new Set<string>();
  readonly #protocol: Protocol;
  readonly #ports: ReturnType<typeof createPorts>;
  readonly #invoke: ReturnType<typeof createInvocations>;
  readonly #performed = new Map<string, { answer: number; content: number }>();

  constructor(protocol: Protocol, options: { audited: boolean; cancellable: boolean; budgeted: boolean }) {
    this.#protocol = protocol;
    this.#invoke = createInvocations(options.budgeted ? withBudget(chainOf("a", "b")) : chainOf("a", "b"));
    this.#ports = createPorts(this.contents, protocol, { ...options, happened: this.happened });
  }

  /** A world of nothing but what may happen to it. */
  empty(nowMs: number, faults: Partial<Faults>): State {
    const contents = storeNames.map((name) => this.contents[name].of({}));
    return { nowMs, contents, queued: [], processes: [], left: { ...noFaults, ...faults }, calls: 0, announced: 0 };
  }

  /** The world with an upload in it. */
  withUpload(state: State, key: string, text: string): State {
    const intake = this.contents.intake.of({ [key]: texts.of(text) });
    return { ...state, contents: state.contents.with(storeNames.indexOf("intake"), intake) };
  }

  /** What a store holds in a state. */
  content<Name extends StoreName>(state: State, name: Name): Stores[Name] {
    return this.contents[name].at(this.#numberOf(state, name));
  }

  /** Hands a queued message to a function. */
  async deliver(state: State, message: number): Promise<Move> {
    const at = state.queued.indexOf(message);
    return this.begin({ ...state, queued: state.queued.toSpliced(at, 1) }, messages.at(message), message);
  }

  async begin(state: State, { queue, body }: Pick<Task, "queue" | "body">, message?: number): Promise<Move> {
    const name = queue === "chunks" || queue === "jobs" ? this.#freshName(state) : "";
    const again = message !== undefined && messages.at(message).received === true;
    const ports = this.#ports;
    const task = { queue, body, name, again };
    const history = await this.histories.begin(`${queue} ${name} ${again} ${body}`, state.nowMs, (ask, clock) =>
      this.#invoke(task, this.#protocol.ports(ports(ask, clock), task)),
    );
    const begun = await this.#onward(state, { history, message, name });
    return { label: `${labelOf(queue, body)} begins (${begun.process.history})`, state: replaced(begun, undefined) };
  }

  /** What an invocation can do next: one thing, or one for each answer that a provider can give. */
  async steps(state: State, at: number): Promise<Move[]> {
    const process = state.processes[at];
    if (process === undefined) return [];
    const operation = this.histories.next(process.history);
    if (operation === undefined) return [this.#end(state, at, process)];
    const answered = async (from: State, answer: number, how = ""): Promise<Move> => {
      const history = await this.#answer(process.history, answer, from.nowMs);
      const after = await this.#onward(from, { ...process, history });
      return { label: `${process.history} ${operation.label}${how}`, state: replaced(after, at) };
    };
    switch (operation.kind) {
      case "store": {
        const { answer, state: after } = this.#perform(state, operation);
        return [await answered(after, answer)];
      }
      case "send": {
        const sent = operation.messages.map(({ body, delaySeconds }) =>
          messages.of({
            queue: operation.queue,
            body,
            visibleAtMs: delaySeconds === undefined ? 0 : state.nowMs + delaySeconds * 1000,
          }),
        );
        return [await answered({ ...state, queued: [...state.queued, ...sent] }, 0)];
      }
      case "announce":
        return [await answered({ ...state, announced: state.announced + 1 }, 0)];
      case "call": {
        const called = { ...state, calls: state.calls + 1 };
        const found = [await answered(called, operation.answers.ok)];
        for (const fault of ["transient", "limited"] as const)
          if (state.left[fault] > 0)
            found.push(await answered(spend(called, fault), operation.answers[fault], `: ${fault}`));
        return found;
      }
    }
  }

  /** Done with its message, or the message is there again. */
  #end(state: State, at: number, { history, message }: Process): Move {
    const ended = this.histories.ended(history);
    const back = ended?.kind === "kept" ? returned(message, state.nowMs) : [];
    const left = { ...state, processes: state.processes.toSpliced(at, 1), queued: [...state.queued, ...back] };
    const why = ended?.kind === "kept" && ended.error !== undefined ? ` (${ended.error})` : "";
    return { label: `${history} ends, its message is ${ended?.kind}${why}`, state: canonical(left) };
  }

  /** Answers at once what makes no difference to anybody else: when it happens need not be tried. */
  async #onward(state: State, process: Process): Promise<{ state: State; process: Process }> {
    let { history } = process;
    let { calls } = state;
    for (;;) {
      const operation = this.histories.next(history);
      if (operation?.kind === "store" && operation.commutes(this.#numberOf(state, operation.store)))
        history = await this.#answer(history, this.#perform(state, operation).answer, state.nowMs);
      else if (operation?.kind === "call" && state.left.transient === 0 && state.left.limited === 0) {
        calls += 1;
        history = await this.#answer(history, operation.answers.ok, state.nowMs);
      } else break;
    }
    return { state: { ...state, calls }, process: { ...process, history } };
  }

  async #answer(history: number, answer: number, nowMs: number): Promise<number> {
    return this.histories.known(history, answer, nowMs) ?? this.histories.grow(history, answer, nowMs);
  }

  #perform(state: State, operation: Operation & { kind: "store" }): { answer: number; state: State } {
    const content = this.#numberOf(state, operation.store);
    const key = `${operation.store} ${content} ${operation.label}`;
    const performed = this.#performed.get(key) ?? operation.perform(content);
    this.#performed.set(key, performed);
    if (performed.content === content) return { answer: performed.answer, state };
    const contents = state.contents.with(storeNames.indexOf(operation.store), performed.content);
    return { answer: performed.answer, state: { ...state, contents } };
  }

  #numberOf(state: State, name: StoreName): number {
    return state.contents[storeNames.indexOf(name)] ?? 0;
  }

  /** The first name that nothing was written under, nor anybody may write. */
  #freshName(state: State): string {
    const written = (["intake", "general", "restricted"] as const).flatMap((name) =>
      Object.keys(this.content(state, name)),
    );
    const taken = [
      ...written,
      ...Object.keys(this.content(state, "chunks")),
      ...state.processes.map(({ name }) => `${name}-`),
    ];
    for (let number = 1; ; number++) if (!taken.some((key) => key.includes(`n${number}-`))) return `n${number}`;
  }
}

/** With a budget that is large enough: what is looked at is what it counts. */
function withBudget({ version, policy }: PolicyDocument): PolicyDocument {
  return { version, policy: { ...policy, budgets: { team: { limitNanoUsd: 1e9, per: "day", over: "wait" } } } };
}

function replaced({ state, process }: { state: State; process: Process }, at: number | undefined): State {
  const { processes } = state;
  return canonical({ ...state, processes: at === undefined ? [...processes, process] : processes.with(at, process) });
}

/** One fault less that may still happen. */
export function spend(state: State, fault: Fault): State {
  return { ...state, left: { ...state.left, [fault]: state.left[fault] - 1 } };
}

export function labelOf(queue: string, body: string): string {
  const what = /"shard":"([^"]*)"/.exec(body)?.[1];
  return what === undefined ? queue : `${queue} of shard ${what}`;
}
