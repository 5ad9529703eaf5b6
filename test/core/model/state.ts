import { Interner } from "./interner.ts";

/** What may still go wrong, or be done by people, in a state. */
export type Faults = {
  /** An invocation ends where it is; its message is delivered again. */
  crash: number;
  /** A message is there twice. */
  duplicate: number;
  /** Time passes until every lease and delay is over, while invocations stand where they are. */
  freeze: number;
  /** An hour passes. */
  hour: number;
  /** A message is lost. */
  lose: number;
  /** A lane's message goes to its dead-letter queue as after too many receives. */
  redrive: number;
  /** A call fails and excludes its deployment, or only asks to wait. */
  transient: number;
  limited: number;
  cancel: number;
  sweep: number;
};
export type Fault = keyof Faults;

export const noFaults: Faults = {
  crash: 0,
  duplicate: 0,
  freeze: 0,
  hour: 0,
  lose: 0,
  redrive: 0,
  transient: 0,
  limited: 0,
  cancel: 0,
  sweep: 0,
};

/** A message that can be delivered from then on; 0 is at once. */
export type Message = { queue: string; body: string; visibleAtMs: number; received?: true };
export const messages = new Interner<Message>();

/** Of the jobs queue. Source: the stack's visibility time-outs. */
const visibilityMs = 720_000;

/**
 * A message that is there again. One of the jobs queue was received before, which its reader asks for, and comes after a
 * time: every time it does, another chunk is begun. Any other may come at once.
 */
export function returned(message: number | undefined, nowMs: number): number[] {
  if (message === undefined) return [];
  const it = messages.at(message);
  return it.queue === "jobs" ? [messages.of({ ...it, visibleAtMs: nowMs + visibilityMs, received: true })] : [message];
}

/** An invocation in flight: where its function stands, and the message that it will delete. */
export type Process = { history: number; message: number | undefined; name: string };

/** All of the world at one time. What is alike is written alike, so that states can be compared. */
export type State = {
  nowMs: number;
  /** By store, in the order of `storeNames`. */
  contents: readonly number[];
  /** Those that nobody holds, ascending. */
  queued: readonly number[];
  processes: readonly Process[];
  left: Faults;
  /** Calls that providers answered, and announcements. */
  calls: number;
  announced: number;
};

/** Without what may still happen. */
export function worldKey({ nowMs, contents, queued, processes, calls, announced }: State): string {
  const running = processes.map(({ history, message, name }) => `${history}.${message ?? ""}.${name}`);
  return `${nowMs}|${contents.join(",")}|${queued.join(",")}|${running.join(",")}|${calls}|${announced}`;
}

export function keyOf(state: State): string {
  return `${worldKey(state)}#${Object.values(state.left).join(",")}`;
}

/** The same with its lists in order, and messages whose time has come like any other. */
export function canonical(state: State): State {
  const queued = state.queued.map((number) => {
    const message = messages.at(number);
    const due = message.visibleAtMs > 0 && message.visibleAtMs <= state.nowMs;
    return due ? messages.of({ ...message, visibleAtMs: 0 }) : number;
  });
  return {
    ...state,
    queued: queued.toSorted((a, b) => a - b),
    processes: state.processes.toSorted((a, b) => a.history - b.history || (a.message ?? -1) - (b.message ?? -1)),
  };
}
