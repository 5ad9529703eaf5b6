import * as z from "zod";
import type { PassingCall } from "./api-write.ts";

/** Notices owners that come back after their leases: the machine held them up, as a freeze does. */
export type Leases = {
  /** To be told of each call as it arrives; true for a commit whose owner's lease is over. */
  isLate(pid: number, call: PassingCall): boolean;
};

const Keyed = z.object({ Key: z.object({ pk: z.object({ S: z.string() }) }) });

/** Less than any lease, and more than any owner has: functions end earlier. */
const longestMs = 125_000;

export function createLeases(clock: () => number): Leases {
  const claimedMs = new Map<string, number>();
  return {
    isLate(pid, { write, body }) {
      if (write !== "chunk: claim" && write !== "chunk: commit") return false;
      const owner = `${pid} ${Keyed.parse(body).Key.pk.S}`;
      if (write === "chunk: claim") claimedMs.set(owner, clock());
      return clock() - (claimedMs.get(owner) ?? clock()) > longestMs;
    },
  };
}
