import { checkAtRest } from "./at-rest.ts";
import { withFullItems } from "./full-items.ts";
import { hashOf } from "./hash.ts";
import { checkJobsAtRest } from "./jobs-at-rest.ts";
import { Machine } from "./machine.ts";
import { movesOf } from "./moves.ts";
import { type Protocol, theProtocol } from "./protocol.ts";
import { Rest } from "./rest.ts";
import { checkStep, checkStores } from "./safety.ts";
import { type Scope, startOf } from "./scope.ts";
import { type Fault, keyOf, type State } from "./state.ts";
import { type Stores, storeNames } from "./stores.ts";
import { Violation } from "./violation.ts";

export type Explored = {
  /** Distinct states, and the steps between them. */
  states: number;
  steps: number;
  /** Distinct local states of the functions. */
  histories: number;
  /** The protocol's events, applied or refused and why, that came to pass. */
  happened: ReadonlySet<string>;
  violation?: { message: string; trace: string[] };
};

/**
 * Looks at every state that a scope can reach, nearest first, and at how the world comes to rest from each. Stops at the
 * first violation; its trace is as short as any. States are told apart by 53 bits of a hash.
 * @param most states; throws when a scope has more, as it is then not looked at as a whole
 */
export async function explore(
  scope: Scope,
  protocol: Protocol = theProtocol,
  most = Number.POSITIVE_INFINITY,
): Promise<Explored> {
  const cancellable = (scope.faults.cancel ?? 0) > 0;
  const checked = scope.full === true ? withFullItems(protocol) : protocol;
  const machine = new Machine(checked, {
    audited: scope.audited === true,
    cancellable,
    budgeted: scope.budgeted === true,
  });
  const first = await startOf(scope, machine);
  const seen = new Set([hashOf(keyOf(first))]);
  /** By state, in the order they were reached: from which, and by which of its moves. */
  const reached: { from: number; move: number }[] = [{ from: -1, move: 0 }];
  const waiting: (State | undefined)[] = [first];
  const check = checksOf(scope, machine);
  let steps = 0;

  // Grows while it is walked through.
  for (let at = 0; at < waiting.length; at++) {
    const state = waiting[at] ?? first;
    waiting[at] = undefined;
    let doing: string | undefined;
    try {
      await check.state(state);
      for (const [move, { label, state: after }] of (await movesOf(state, scope, machine)).entries()) {
        doing = label;
        steps += 1;
        check.step(state, after);
        const key = hashOf(keyOf(after));
        if (seen.has(key)) continue;
        if (seen.size >= most) throw new Error(`The scope "${scope.name}" has more than ${most} states.`);
        seen.add(key);
        reached.push({ from: at, move });
        waiting.push(after);
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      const { message } = error;
      const trace = [...(await traceTo(at)), ...(doing === undefined ? [] : [doing])];
      return { ...counted(), violation: { message, trace } };
    }
  }
  return counted();

  function counted(): Explored {
    return { states: seen.size, steps, histories: machine.histories.size, happened: machine.happened };
  }

  async function traceTo(at: number): Promise<string[]> {
    const path: number[] = [];
    for (let place = reached[at]; place !== undefined && place.from >= 0; place = reached[place.from])
      path.push(place.move);
    const labels: string[] = [];
    let state = first;
    for (const number of path.toReversed()) {
      const move = (await movesOf(state, scope, machine))[number];
      if (move === undefined) break;
      labels.push(move.label);
      state = move.state;
    }
    return labels;
  }
}

/** What is asked of each state and step; what is the same in the stores is asked once. */
function checksOf(scope: Scope, machine: Machine) {
  const known = new Set<string>();
  const once = (key: string, ask: () => void): void => {
    if (known.has(key)) return;
    ask();
    known.add(key);
  };
  const used = ({ left }: State, ...faults: Fault[]): boolean =>
    faults.some((fault) => left[fault] < (scope.faults[fault] ?? 0));
  const atRest = (exact: boolean) => (state: State) => {
    const { announced, calls } = state;
    const { queued } = state;
    if (scope.from === "jobs") checkJobsAtRest(storesOf(state), scope, { queued, calls, exact });
    else checkAtRest(storesOf(state), scope, { announced, calls, exact });
  };
  function storesOf(state: State): Stores {
    return {
      batches: machine.content(state, "batches"),
      chunks: machine.content(state, "chunks"),
      open: machine.content(state, "open"),
      jobs: machine.content(state, "jobs"),
      ledgers: machine.content(state, "ledgers"),
      intake: machine.content(state, "intake"),
      general: machine.content(state, "general"),
      restricted: machine.content(state, "restricted"),
    };
  }
  const swept = new Rest(machine, true, atRest(false));
  const unswept = new Rest(machine, false, atRest(false));
  const exact = new Rest(machine, false, atRest(true));
  const [batches, chunks] = [storeNames.indexOf("batches"), storeNames.indexOf("chunks")];

  return {
    async state(state: State): Promise<void> {
      once(`in ${state.contents.join()}`, () => checkStores(storesOf(state)));
      await swept.from(state);
      // As long as nothing was lost, nobody needs to come by and look for it.
      if (used(state, "crash", "lose")) return;
      await (used(state, "freeze", "hour") ? unswept : exact).from(state);
    },
    step(before: State, after: State): void {
      const [was, is] = [before, after].map(({ contents }) => `${contents[batches]},${contents[chunks]}`);
      if (was !== is) once(`from ${was} to ${is}`, () => checkStep(storesOf(before), storesOf(after)));
    },
  };
}
