import { leaseMs } from "./invocations.ts";
import { labelOf, type Machine, type Move, spend } from "./machine.ts";
import { isOf, type Scope } from "./scope.ts";
import { canonical, messages, returned, type State } from "./state.ts";

const longestDelayMs = 900_000;

/**
 * Everything that can happen next in a state: each invocation in flight goes on by one request or crashes, a message is
 * delivered while a worker is free, and whatever may still go wrong does.
 */
export async function movesOf(state: State, scope: Scope, machine: Machine): Promise<Move[]> {
  const { left, processes, queued } = state;
  const found: Move[] = [];
  for (const [at, { history, message }] of processes.entries()) {
    found.push(...(await machine.steps(state, at)));
    if (left.crash === 0) continue;
    const after = {
      ...state,
      processes: processes.toSpliced(at, 1),
      queued: [...queued, ...returned(message, state.nowMs)],
    };
    found.push({ label: `${history} crashes`, state: canonical(spend(after, "crash")) });
  }

  const idle = processes.length < scope.workers;
  for (const message of new Set(queued)) {
    const { queue, body, visibleAtMs } = messages.at(message);
    const stays = scope.leaves?.some((stage) => isOf(queue, stage)) === true;
    if (idle && visibleAtMs <= state.nowMs && !stays) found.push(await machine.deliver(state, message));
    const others = queued.toSpliced(queued.indexOf(message), 1);
    const what = `the message of ${labelOf(queue, body)}`;
    if (left.lose > 0)
      found.push({ label: `${what} is lost`, state: canonical(spend({ ...state, queued: others }, "lose")) });
    if (left.redrive > 0 && queue.startsWith("lane ")) {
      const dead = messages.of({ queue: queue.replace("lane", "fallback"), body, visibleAtMs });
      found.push({
        label: `${what} is dead`,
        state: canonical(spend({ ...state, queued: [...others, dead] }, "redrive")),
      });
    }
  }
  if (left.duplicate > 0)
    for (const message of new Set([...queued, ...processes.flatMap(({ message }) => message ?? [])])) {
      const { queue, body } = messages.at(message);
      const after = spend({ ...state, queued: [...queued, message] }, "duplicate");
      found.push({ label: `the message of ${labelOf(queue, body)} is there twice`, state: canonical(after) });
    }

  if (left.freeze > 0)
    found.push({ label: "every lease and delay ends", state: spend(later(state, leaseMs + longestDelayMs), "freeze") });
  if (left.hour > 0 && processes.length === 0)
    found.push({ label: "an hour passes", state: spend(later(state, 61 * 60_000), "hour") });
  if (idle && left.sweep > 0) found.push(await machine.begin(spend(state, "sweep"), { queue: "sweep", body: "" }));
  const [batch] = Object.keys(machine.content(state, "batches"));
  if (idle && left.cancel > 0 && batch !== undefined)
    found.push(await machine.begin(spend(state, "cancel"), { queue: "cancel", body: batch }));
  return found;
}

export function later(state: State, byMs: number): State {
  return canonical({ ...state, nowMs: state.nowMs + byMs });
}
