import * as z from "zod";
import type { Change, Condition, Item, Update } from "../protocol/update.ts";
import { applyUpdate } from "../protocol/update.ts";

/** Which ledger: one budget in one period (a day, a month, or `batch#…`), with the tenant behind `#` where each has its own. */
export type LedgerId = { period: string; name: string };

/**
 * What one budget has been used for in one period, in nano-dollars. Everything is in `takenNanoUsd`, which no reservation
 * takes past the limit: `taken = spent + uncertain + what is open`.
 */
export const Ledger = z.object({
  takenNanoUsd: z.int(),
  /** Settled at what was charged. */
  spentNanoUsd: z.int(),
  /** Settled at what was reserved, because the worker that might have spent it was lost. */
  uncertainNanoUsd: z.int(),
  /** How many reservations are open. */
  held: z.int(),
  /** Open reservations by `holdKey`, as `encodeHold` writes them. */
  open: z.record(z.string(), z.string()),
});
export type Ledger = z.infer<typeof Ledger>;

/** A reservation, and until when its worker can live: Unix milliseconds, to the second. */
export type Hold = { nanoUsd: number; untilMs: number };

/** Short: the item is billed by its size on every update, and each open reservation takes 35 bytes of it. */
export function encodeHold({ nanoUsd, untilMs }: Hold): string {
  return `${nanoUsd.toString(36)}.${Math.ceil(untilMs / 1000).toString(36)}`;
}

export function decodeHold(text: string): Hold {
  const [nanoUsd = "0", untilSeconds = "0"] = text.split(".");
  return { nanoUsd: Number.parseInt(nanoUsd, 36), untilMs: Number.parseInt(untilSeconds, 36) * 1000 };
}

/** Reservations that a ledger holds open at most: 35 KB. More workers wait until others have settled. */
export const mostHeld = 1000;

/** How a reservation ends: at what was charged, or at what was reserved and `uncertain`. */
export type HoldEnd = { key: string; hold: string; costNanoUsd: number; uncertain: boolean };

export type LedgerEvent =
  | { type: "begin" }
  /** Of all or none: each a new key, together within the limit. */
  | { type: "reserve"; holds: Readonly<Record<string, string>>; limitNanoUsd: number }
  /** Of all or none: each still open as it was seen. */
  | { type: "settle"; ends: readonly HoldEnd[] };

/**
 * The one conditional update that an event is. A key is new once and open once, so an event that is repeated is refused:
 *
 *     worker A  reserve(k) ─── calls ─── settle(k) ✓      settle(k) again ✗
 *     worker B  (A seems lost)      settle(k, uncertain) ✓ → A's settle(k) ✗
 */
export function ledgerUpdateFor(event: LedgerEvent): Update {
  switch (event.type) {
    case "begin":
      return {
        conditions: [{ kind: "absent", path: ["takenNanoUsd"] }],
        changes: Object.entries({ takenNanoUsd: 0, spentNanoUsd: 0, uncertainNanoUsd: 0, held: 0, open: {} }).map(
          ([name, value]): Change => ({ kind: "set", path: [name], value }),
        ),
      };
    case "reserve": {
      const holds = Object.entries(event.holds);
      const nanoUsd = holds.reduce((sum, [, hold]) => sum + decodeHold(hold).nanoUsd, 0);
      return {
        conditions: [
          { kind: "at-most", path: ["takenNanoUsd"], value: event.limitNanoUsd - nanoUsd },
          { kind: "at-most", path: ["held"], value: mostHeld - holds.length },
          ...holds.map(([key]): Condition => ({ kind: "absent", path: ["open", key] })),
        ],
        changes: [
          { kind: "add", path: ["takenNanoUsd"], by: nanoUsd },
          { kind: "add", path: ["held"], by: holds.length },
          ...holds.map(([key, value]): Change => ({ kind: "set", path: ["open", key], value })),
        ],
      };
    }
    case "settle": {
      let [freed, spent, uncertain] = [0, 0, 0];
      for (const end of event.ends) {
        const { nanoUsd } = decodeHold(end.hold);
        freed += nanoUsd - end.costNanoUsd;
        if (end.uncertain) uncertain += end.costNanoUsd;
        else spent += end.costNanoUsd;
      }
      return {
        conditions: event.ends.map(({ key, hold }) => ({ kind: "equals", path: ["open", key], value: hold })),
        changes: [
          { kind: "add", path: ["takenNanoUsd"], by: -freed },
          { kind: "add", path: ["spentNanoUsd"], by: spent },
          { kind: "add", path: ["uncertainNanoUsd"], by: uncertain },
          { kind: "add", path: ["held"], by: -event.ends.length },
          ...event.ends.map(({ key }): Change => ({ kind: "remove", path: ["open", key] })),
        ],
      };
    }
  }
}

/** The ledger after the event; undefined when its state refuses the event. */
export function ledgerTransition(ledger: Ledger | undefined, event: LedgerEvent): Ledger | undefined {
  const item: Item | undefined = ledger;
  const after = applyUpdate(item, ledgerUpdateFor(event));
  return after === undefined ? undefined : Ledger.parse(after);
}

/** What is used up whatever the open reservations come to. */
export function settledNanoUsd({ spentNanoUsd, uncertainNanoUsd }: Ledger): number {
  return spentNanoUsd + uncertainNanoUsd;
}
