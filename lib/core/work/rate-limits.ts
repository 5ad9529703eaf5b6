import { draw, type Span, unlapsed } from "../limits/gcra.ts";
import { type Rates, spanOf } from "../limits/rates.ts";
import type { Priority } from "../names.ts";
import type { Clock, LimitLine, LimitStore } from "../ports.ts";
import { longestInPlaceMs } from "../retry.ts";

/** How much of a line a worker takes at a time, at most: so much lapses if it dies, and it asks about once a second. */
const batchMs = 1000;
/** How long before its own slots are used up it asks for more; with high priority, before others that run may. */
const leadMs = { normal: 500, high: 2500 } as const;
/**
 * How far ahead of now a slot may lie. A worker that has slots may look further than one that is new: those that run go
 * on at a good pace, and those that would slow them down wait in the queue. High priority looks furthest, and while it
 * takes what there is, the others are refused.
 */
const horizonMs = { running: 2000, new: 1000, high: 3000 } as const;
/** How long what is known of the lines is good for, and a refusal. */
const goodForMs = 1000;
/** Shards are given turns a little too close together: better two that share than none that calls. */
const turnShare = 0.95;
/** A shard's turn is at most this long: about what an invocation certainly has time for. What is left then asks again. */
const longestTurnMs = 60_000;
/** A deployment is free if what comes now would start this soon; for high priority, whoever else runs. */
const freeWithinMs = { normal: horizonMs.new, high: horizonMs.high } as const;

export type Slot =
  /** The call may start then, and a little later. */
  | { kind: "slot"; atMs: number }
  /** The deployment's limit is used up until then. */
  | { kind: "limited"; untilMs: number }
  /** There is a slot, and it is too late for the caller. */
  | { kind: "late" };

export type RateLimitsDeps = {
  clock: Clock;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  store: LimitStore;
  /** Undefined for a deployment without limits. */
  rates: (deployment: string) => Rates | undefined;
};

type Work = { requests: number; tokens: number };

/** `waiting`: the calls that ask together. */
type Asking = { waiting: number; byMs: number; priority: Priority };

/** Turns of high priority do not stand behind those of all others. */
const turnsOf = { normal: "turns", high: "high-turns" } as const;

/** What a worker holds of one line. */
type Held = {
  stock: Span[];
  /** Up to where its last reservation goes. */
  endMs: number;
  /** What it took lately, for how much it will need. */
  drawn: { atMs: number; costMs: number }[];
  refused: { atMs: number; untilMs: number } | undefined;
};

/**
 * A worker's side of the limits that all workers share. It reserves short stretches of each deployment's lines ahead and
 * gives out slots from them, first come, first served; what is not used in time lapses.
 */
export class RateLimits {
  readonly #deps: RateLimitsDeps;
  readonly #held = new Map<string, Held>();
  readonly #queues = new Map<string, { last: Promise<unknown>; waiting: number }>();
  readonly #known = new Map<string, { readAtMs: number; lines: Partial<Record<LimitLine, number>> }>();

  constructor(deps: RateLimitsDeps) {
    this.#deps = deps;
  }

  limits(deployment: string): boolean {
    return this.#deps.rates(deployment) !== undefined;
  }

  /**
   * A slot for one request with some tokens. Waits behind this worker's other calls of the deployment, which go on
   * meanwhile, and at most `longestInPlaceMs` for what other workers have taken. `byMs`: when the call must start at the latest.
   */
  async take(deployment: string, tokens: number, byMs: number, priority: Priority = "normal"): Promise<Slot> {
    const rates = this.#deps.rates(deployment);
    if (rates === undefined) return { kind: "slot", atMs: this.#deps.clock() };
    const queue = this.#queues.get(deployment) ?? { last: Promise.resolve(), waiting: 0 };
    this.#queues.set(deployment, queue);
    queue.waiting += 1;
    const turn = queue.last.then(() =>
      this.#draw(deployment, rates, tokens, { waiting: queue.waiting, byMs, priority }),
    );
    // Who fails does not hold up the next.
    queue.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      queue.waiting -= 1;
    }
  }

  /** When a deployment is free: undefined when it is now, or has no limits. At most a second old. */
  async fullUntil(deployment: string, priority: Priority = "normal"): Promise<number | undefined> {
    if (!this.limits(deployment)) return undefined;
    const nowMs = this.#deps.clock();
    const known = this.#known.get(deployment);
    const lines =
      known !== undefined && nowMs - known.readAtMs < goodForMs ? known.lines : await this.#readLines(deployment);
    const { requests = 0, tokens = 0 } = lines;
    const freeAtMs = Math.max(requests, tokens, lines[turnsOf[priority]] ?? 0);
    return freeAtMs > nowMs + freeWithinMs[priority] ? freeAtMs : undefined;
  }

  /** Gives shards with some work their turn here and now, unless others have turns before them; whether it did. */
  async begin(deployment: string, work: Work, priority: Priority = "normal"): Promise<boolean> {
    const rates = this.#deps.rates(deployment);
    if (rates === undefined) return true;
    const turn = await this.#turn(deployment, rates, work, priority, this.#deps.clock() + horizonMs.new);
    return turn.kind === "reserved";
  }

  /** When it is the turn of shards that wait for a deployment; whoever waits has one turn after the other. */
  async wait(deployment: string, work: Work, priority: Priority = "normal"): Promise<number> {
    const rates = this.#deps.rates(deployment);
    if (rates === undefined) return this.#deps.clock();
    const turn = await this.#turn(deployment, rates, work, priority, Number.MAX_SAFE_INTEGER);
    return turn.kind === "reserved" ? turn.startMs : turn.dueMs;
  }

  /** How much of what waits may begin together: what takes no longer than a newcomer would wait. */
  fits(deployment: string, work: Work): boolean {
    const rates = this.#deps.rates(deployment);
    return rates === undefined || spanOf(rates, work) <= horizonMs.new;
  }

  #turn(deployment: string, rates: Rates, work: Work, priority: Priority, latestMs: number) {
    const spanMs = Math.min(longestTurnMs, spanOf(rates, work) * turnShare);
    return this.#deps.store.reserve(deployment, turnsOf[priority], { nowMs: this.#deps.clock(), spanMs, latestMs });
  }

  async #readLines(deployment: string): Promise<Partial<Record<LimitLine, number>>> {
    const lines = await this.#deps.store.read(deployment);
    this.#known.set(deployment, { readAtMs: this.#deps.clock(), lines });
    return lines;
  }

  async #draw(deployment: string, { requestMs, tokenMs }: Rates, tokens: number, asking: Asking): Promise<Slot> {
    const costs: { line: LimitLine; costMs: number }[] = [];
    if (requestMs !== undefined) costs.push({ line: "requests", costMs: requestMs });
    if (tokenMs !== undefined) costs.push({ line: "tokens", costMs: tokenMs * tokens });
    for (;;) {
      // Of both lines, or of none: what is stocked up of one stays there for the next.
      for (const { line, costMs } of costs) {
        const refusal = await this.#stockUp(deployment, line, costMs, asking);
        if (refusal !== undefined) return refusal;
      }
      const nowMs = this.#deps.clock();
      const drawn = costs.flatMap(({ line, costMs }) => {
        const held = this.#heldOf(deployment, line);
        const taken = draw(held.stock, costMs, nowMs);
        return taken === undefined ? [] : [{ held, costMs, ...taken }];
      });
      // Some of one line lapsed while the other was stocked up.
      if (drawn.length < costs.length) continue;
      for (const { held, costMs, left } of drawn) {
        held.stock = left;
        held.drawn.push({ atMs: nowMs, costMs });
      }
      const atMs = Math.max(nowMs, ...drawn.map((taken) => taken.atMs));
      return atMs > asking.byMs ? { kind: "late" } : { kind: "slot", atMs };
    }
  }

  /** Reserves of a line until one job's cost is in stock; what stands against it otherwise. */
  async #stockUp(
    deployment: string,
    line: LimitLine,
    costMs: number,
    { waiting, byMs, priority }: Asking,
  ): Promise<Slot | undefined> {
    const { clock, sleep, random, store } = this.#deps;
    const held = this.#heldOf(deployment, line);
    let patienceMs = longestInPlaceMs;
    for (;;) {
      const nowMs = clock();
      if (nowMs > byMs) return { kind: "late" };
      held.stock = unlapsed(held.stock, nowMs);
      if (draw(held.stock, costMs, nowMs) !== undefined) return undefined;
      if (held.refused !== undefined && nowMs < held.refused.atMs + goodForMs)
        return { kind: "limited", untilMs: held.refused.untilMs };
      // Its own slots first: it asks when they are nearly used up.
      const ownMs = held.endMs - leadMs[priority] - nowMs;
      if (ownMs > 0) {
        if (nowMs + ownMs > byMs) return { kind: "late" };
        await sleep(ownMs);
        continue;
      }
      const lately = held.drawn.filter(({ atMs }) => atMs > nowMs - batchMs);
      const isNew = lately.length === 0;
      held.drawn = lately;
      const usedMs = lately.reduce((sum, drawn) => sum + drawn.costMs, 0);
      const spanMs = Math.max(costMs, Math.min(batchMs, Math.max(costMs * waiting, usedMs)));
      const aheadMs = priority === "high" ? horizonMs.high : isNew ? horizonMs.new : horizonMs.running;
      const reservation = await store.reserve(deployment, line, { nowMs, spanMs, latestMs: nowMs + aheadMs });
      if (reservation.kind === "reserved") {
        const { startMs } = reservation;
        held.refused = undefined;
        held.stock.push({ fromMs: startMs, toMs: startMs + spanMs });
        held.endMs = startMs + spanMs;
        continue;
      }
      const waitMs = Math.max(1, reservation.dueMs - aheadMs - clock()) + random() * 200;
      if (waitMs > patienceMs) {
        held.refused = { atMs: clock(), untilMs: reservation.dueMs };
        return { kind: "limited", untilMs: reservation.dueMs };
      }
      patienceMs -= waitMs;
      await sleep(waitMs);
    }
  }

  #heldOf(deployment: string, line: LimitLine): Held {
    const key = `${line} ${deployment}`;
    const held = this.#held.get(key) ?? { stock: [], endMs: 0, drawn: [], refused: undefined };
    this.#held.set(key, held);
    return held;
  }
}
