import { draw, type Span, unlapsed } from "../limits/gcra.ts";
import { type Rates, spanOf } from "../limits/rates.ts";
import type { Clock, LimitLine, LimitStore } from "../ports.ts";
import { longestInPlaceMs } from "../retry.ts";

/** How much of a line a worker takes at a time, at most: so much lapses if it dies, and it asks about once a second. */
const batchMs = 1000;
/** How long before its own slots are used up it asks for more. */
const leadMs = 500;
/**
 * How far ahead of now a slot may lie. A worker that has slots may look further than one that is new: those that run go
 * on at a good pace, and those that would slow them down wait in the queue.
 */
const horizonMs = { running: 2000, new: 1000 } as const;
/** How long what is known of the lines is good for, and a refusal. */
const goodForMs = 1000;
/** Shards are given turns a little too close together: better two that share than none that calls. */
const turnShare = 0.95;
/** A shard's turn is at most this long: about what an invocation certainly has time for. What is left then asks again. */
const longestTurnMs = 60_000;
/** A deployment is free if what comes now would start this soon. */
const freeWithinMs = 1000;

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
  readonly #known = new Map<string, { readAtMs: number; freeAtMs: number }>();

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
  async take(deployment: string, tokens: number, byMs: number): Promise<Slot> {
    const rates = this.#deps.rates(deployment);
    if (rates === undefined) return { kind: "slot", atMs: this.#deps.clock() };
    const queue = this.#queues.get(deployment) ?? { last: Promise.resolve(), waiting: 0 };
    this.#queues.set(deployment, queue);
    queue.waiting += 1;
    const turn = queue.last.then(() => this.#draw(deployment, rates, tokens, queue.waiting, byMs));
    // Who fails does not hold up the next.
    queue.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      queue.waiting -= 1;
    }
  }

  /** When a deployment is free: undefined when it is now, or has no limits. At most a second old. */
  async fullUntil(deployment: string): Promise<number | undefined> {
    if (!this.limits(deployment)) return undefined;
    const nowMs = this.#deps.clock();
    const known = this.#known.get(deployment);
    const freeAtMs =
      known !== undefined && nowMs - known.readAtMs < goodForMs ? known.freeAtMs : await this.#readFree(deployment);
    return freeAtMs > nowMs + freeWithinMs ? freeAtMs : undefined;
  }

  /** Gives shards with some work their turn here and now, unless others have turns before them; whether it did. */
  async begin(deployment: string, work: { requests: number; tokens: number }): Promise<boolean> {
    const rates = this.#deps.rates(deployment);
    if (rates === undefined) return true;
    const turn = await this.#turn(deployment, rates, work, this.#deps.clock() + freeWithinMs);
    return turn.kind === "reserved";
  }

  /** When it is the turn of shards that wait for a deployment; whoever waits has one turn after the other. */
  async wait(deployment: string, work: { requests: number; tokens: number }): Promise<number> {
    const rates = this.#deps.rates(deployment);
    if (rates === undefined) return this.#deps.clock();
    const turn = await this.#turn(deployment, rates, work, Number.MAX_SAFE_INTEGER);
    return turn.kind === "reserved" ? turn.startMs : turn.dueMs;
  }

  /** How much of what waits may begin together: what takes no longer than a newcomer would wait. */
  fits(deployment: string, work: { requests: number; tokens: number }): boolean {
    const rates = this.#deps.rates(deployment);
    return rates === undefined || spanOf(rates, work) <= freeWithinMs;
  }

  #turn(deployment: string, rates: Rates, work: { requests: number; tokens: number }, latestMs: number) {
    const spanMs = Math.min(longestTurnMs, spanOf(rates, work) * turnShare);
    return this.#deps.store.reserve(deployment, "turns", { nowMs: this.#deps.clock(), spanMs, latestMs });
  }

  async #readFree(deployment: string): Promise<number> {
    const lines = await this.#deps.store.read(deployment);
    const freeAtMs = Math.max(0, ...Object.values(lines));
    this.#known.set(deployment, { readAtMs: this.#deps.clock(), freeAtMs });
    return freeAtMs;
  }

  async #draw(
    deployment: string,
    { requestMs, tokenMs }: Rates,
    tokens: number,
    waiting: number,
    byMs: number,
  ): Promise<Slot> {
    const costs: { line: LimitLine; costMs: number }[] = [];
    if (requestMs !== undefined) costs.push({ line: "requests", costMs: requestMs });
    if (tokenMs !== undefined) costs.push({ line: "tokens", costMs: tokenMs * tokens });
    for (;;) {
      // Of both lines, or of none: what is stocked up of one stays there for the next.
      for (const { line, costMs } of costs) {
        const refusal = await this.#stockUp(deployment, line, costMs, waiting, byMs);
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
      return atMs > byMs ? { kind: "late" } : { kind: "slot", atMs };
    }
  }

  /** Reserves of a line until one job's cost is in stock; what stands against it otherwise. */
  async #stockUp(
    deployment: string,
    line: LimitLine,
    costMs: number,
    waiting: number,
    byMs: number,
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
      const ownMs = held.endMs - leadMs - nowMs;
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
      const aheadMs = isNew ? horizonMs.new : horizonMs.running;
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
