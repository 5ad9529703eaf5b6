import type { Hash } from "../batch-id.ts";
import { type Account, accountsOf, ledgerName, type Spender, strictestFirst } from "../budgets/accounts.ts";
import { type Claim, holdKey } from "../budgets/hold-key.ts";
import { decodeHold, encodeHold, type HoldEnd, type LedgerId, settledNanoUsd } from "../budgets/ledger.ts";
import { Purse } from "../budgets/purse.ts";
import { type Ask, type Share, shareOut } from "../budgets/share-out.ts";
import type { Budget } from "../configuration/document.ts";
import { dayMs } from "../day.ts";
import type { Clock, LedgerStore } from "../ports.ts";
import { settleHolds } from "./settle-holds.ts";

/** How often a reservation is tried that others get ahead of. */
const tries = 5;
/** How many owners back a shard's reservations are looked for; older ones are left to sweep. */
const ownersBack = 5;

/** A shard that is about to run. */
export type Wanted = {
  claim: Claim;
  spender: Spender;
  /** What each of its jobs may cost. */
  costsNanoUsd: readonly number[];
};

/** Whose budget has not enough for a shard, and how much of that was settled when it was asked last. */
export type Refusal = { account: Account; settledNanoUsd: number };

type Held = { ledger: LedgerId; key: string; hold: string };

/** What a shard may spend. `refusal`: why that is not all it may cost; undefined where no budget holds for it. */
export type Grant = { purse: Purse; held: readonly Held[]; isWhole: boolean; refusal: Refusal | undefined };

export type BudgetsDeps = {
  clock: Clock;
  hash: Hash;
  store: Pick<LedgerStore, "apply" | "read">;
  /** As the newest policy has them, for all jobs, whenever they were planned. */
  budgets: () => Readonly<Record<string, Budget>> | undefined;
  /** Of the stack: budgets are divided among the stacks. */
  region: string;
  /** For how long the owner of a shard that is claimed now can live. */
  leaseMs: number;
};

type Asking = { ask: Ask; accounts: Account[]; held: Held[]; wantedNanoUsd: number; refusal: Refusal | undefined };

/**
 * A worker's side of the budgets: reserves what shards may cost before they run, and settles what they did cost. Every
 * reservation is kept under its shard and fence, so that whoever comes next can settle it for a worker that was lost.
 */
export class Budgets {
  readonly #deps: BudgetsDeps;

  constructor(deps: BudgetsDeps) {
    this.#deps = deps;
  }

  /**
   * Reserves for shards that begin together, in their order: what they may cost, or what is left of that. Nothing is
   * stored for shards that no budget holds for.
   */
  async reserve(wanted: readonly Wanted[]): Promise<Grant[]> {
    const asking = wanted.map((shard) => this.#asking(shard));
    const accounts = new Map(
      asking.flatMap((one) => one.accounts.map((account) => [ledgerName(account.ledger), account])),
    );
    try {
      for (const account of [...accounts.values()].toSorted(strictestFirst)) await this.#reserveIn(account, asking);
    } catch (error) {
      // Nothing was called: what is reserved already is given back, as far as that can be done now.
      await this.#settle(asking.flatMap(({ held }) => held.map((one) => ({ ...one, costNanoUsd: 0 })))).catch(() => {});
      throw error;
    }
    return asking.map(({ ask, accounts: own, held, wantedNanoUsd, refusal }) => {
      const [first] = own;
      if (first === undefined)
        return { purse: new Purse(Number.POSITIVE_INFINITY), held, isWhole: true, refusal: undefined };
      return {
        purse: new Purse(ask.nanoUsd),
        held,
        isWhole: ask.nanoUsd === wantedNanoUsd,
        refusal: refusal ?? { account: first, settledNanoUsd: 0 },
      };
    });
  }

  /** Settles what shards did cost; what somebody else settled for them stays as it is. */
  async settle(ended: readonly { grant: Pick<Grant, "held">; costNanoUsd: number }[]): Promise<void> {
    await this.#settle(ended.flatMap(({ grant, costNanoUsd }) => grant.held.map((held) => ({ ...held, costNanoUsd }))));
  }

  /**
   * Settles what earlier owners of a shard left open: the one whose segment counts at what that says, every other at what
   * it had reserved, as uncertain. Reads nothing where no budget holds for the shard.
   * @param fences the last one that was an owner's
   * @param costOf nano-dollars by a fence whose segment counts; undefined for every other
   */
  async settleEarlier(
    { chunk, shard, fence: last }: Claim,
    spender: Spender,
    costOf: (fence: number) => Promise<number | undefined> = async () => undefined,
  ): Promise<void> {
    const nowMs = this.#deps.clock();
    // It may have been made before midnight.
    const ledgers = new Map(
      [nowMs, nowMs - dayMs]
        .flatMap((ms) => this.#accounts(spender, ms))
        .map(({ ledger }) => [ledgerName(ledger), ledger]),
    );
    if (ledgers.size === 0) return;
    const ids = [...ledgers.values()];
    const read = await this.#deps.store.read(ids);
    for (const [index, id] of ids.entries()) {
      const ends: HoldEnd[] = [];
      for (let fence = Math.max(1, last - ownersBack + 1); fence <= last; fence++) {
        const key = holdKey({ chunk, shard, fence }, this.#deps.hash);
        const hold = read[index]?.open[key];
        if (hold === undefined) continue;
        const costNanoUsd = await costOf(fence);
        ends.push({
          key,
          hold,
          costNanoUsd: costNanoUsd ?? decodeHold(hold).nanoUsd,
          uncertain: costNanoUsd === undefined,
        });
      }
      await settleHolds(this.#deps.store, id, ends);
    }
  }

  #accounts(spender: Spender, nowMs: number): Account[] {
    return accountsOf(this.#deps.budgets(), spender, this.#deps.region, nowMs);
  }

  #asking({ claim, spender, costsNanoUsd }: Wanted): Asking {
    const nanoUsd = costsNanoUsd.reduce((sum, cost) => sum + cost, 0);
    const ask = { key: holdKey(claim, this.#deps.hash), nanoUsd, leastNanoUsd: Math.min(...costsNanoUsd) };
    // What costs nothing needs no budget.
    const accounts = nanoUsd === 0 ? [] : this.#accounts(spender, this.#deps.clock());
    return { ask, accounts, held: [], wantedNanoUsd: nanoUsd, refusal: undefined };
  }

  /** Takes from one budget for all of the shards that it holds for; who gets less asks the next budget for less. */
  async #reserveIn(account: Account, all: readonly Asking[]): Promise<void> {
    const name = ledgerName(account.ledger);
    const some = all.filter(
      ({ ask, accounts }) => ask.nanoUsd > 0 && accounts.some(({ ledger }) => ledgerName(ledger) === name),
    );
    if (some.length === 0) return;
    const untilMs = this.#deps.clock() + this.#deps.leaseMs;
    const { shares, settled } = await this.#take(
      account,
      some.map(({ ask }) => ask),
      untilMs,
    );
    const returned: Held[] = [];
    for (const [index, { hold, nanoUsd }] of shares.entries()) {
      const one = some[index];
      if (one === undefined) continue;
      if (nanoUsd < one.ask.nanoUsd) one.refusal = { account, settledNanoUsd: settled };
      one.ask = { ...one.ask, nanoUsd };
      if (hold !== undefined) one.held.push({ ledger: account.ledger, key: one.ask.key, hold });
      else returned.push(...one.held.splice(0));
    }
    await this.#settle(returned.map((held) => ({ ...held, costNanoUsd: 0 })));
  }

  async #take(
    { ledger: id, limitNanoUsd }: Account,
    asks: readonly Ask[],
    untilMs: number,
  ): Promise<{ shares: { nanoUsd: number; hold: string | undefined }[]; settled: number }> {
    const holdOf = ({ nanoUsd }: Share) => (nanoUsd > 0 ? encodeHold({ nanoUsd, untilMs }) : undefined);
    // Hopefully there is enough for all: then nothing need be read.
    let shares: Share[] = asks.map(({ nanoUsd }) => ({ nanoUsd, isOpen: false }));
    let settled = 0;
    for (let tried = 0; tried < tries; tried++) {
      const fresh = shares.flatMap((share, index) => {
        const [key, hold] = [asks[index]?.key, holdOf(share)];
        return share.isOpen || key === undefined || hold === undefined ? [] : [[key, hold] as const];
      });
      const event = { type: "reserve", holds: Object.fromEntries(fresh), limitNanoUsd } as const;
      const { applied, ledger } =
        fresh.length === 0 ? { applied: true, ledger: undefined } : await this.#deps.store.apply(id, event);
      if (ledger !== undefined) settled = settledNanoUsd(ledger);
      if (applied) return { shares: shares.map((share) => ({ nanoUsd: share.nanoUsd, hold: holdOf(share) })), settled };
      if (ledger === undefined) await this.#deps.store.apply(id, { type: "begin" });
      else shares = shareOut(ledger, limitNanoUsd, asks);
    }
    return { shares: asks.map(() => ({ nanoUsd: 0, hold: undefined })), settled };
  }

  async #settle(ends: readonly (Held & { costNanoUsd: number })[]): Promise<void> {
    const byLedger = new Map<string, { id: LedgerId; ends: HoldEnd[] }>();
    for (const { ledger, key, hold, costNanoUsd } of ends) {
      const entry = byLedger.get(ledgerName(ledger)) ?? { id: ledger, ends: [] };
      byLedger.set(ledgerName(ledger), entry);
      entry.ends.push({ key, hold, costNanoUsd, uncertain: false });
    }
    await Promise.all([...byLedger.values()].map(({ id, ends: own }) => settleHolds(this.#deps.store, id, own)));
  }
}
