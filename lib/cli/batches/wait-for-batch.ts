import { setTimeout as delay } from "node:timers/promises";
import { workFailed } from "../errors.ts";
import { type BatchStatus, nextLookMs } from "./batch-status.ts";

export type Waiting = {
  read: () => Promise<BatchStatus | undefined>;
  onStatus: (status: BatchStatus | undefined) => void;
  /** How often to look; less often while much is left of a large batch. */
  everyMs: number;
  /** How long a batch may be unknown before it is given up. */
  unknownMs: number;
  clock: () => number;
  interrupted: AbortSignal;
  /** @default a real pause that an interrupt ends */
  sleep?: (ms: number) => Promise<unknown>;
};

/**
 * Waits until the results of a batch are there, whether it completed or failed; undefined when interrupted. Throws
 * CommandError when it stays unknown.
 */
export async function waitForBatch(id: string, waiting: Waiting): Promise<BatchStatus | undefined> {
  const { clock, interrupted } = waiting;
  const sleep = waiting.sleep ?? ((ms: number) => delay(ms, undefined, { signal: interrupted }).catch(() => undefined));
  const startedMs = clock();
  for (;;) {
    const status = await waiting.read();
    waiting.onStatus(status);
    if (status?.collected === true) return status;
    if (interrupted.aborted) return undefined;
    if (status === undefined && clock() - startedMs > waiting.unknownMs)
      throw workFailed(
        `There is no batch ${id} after ${Math.round(waiting.unknownMs / 1000)} s. ` +
          '"npx switchyard status" lists the newest; is its upload under uploads/ of the intake bucket?',
      );
    await sleep(nextLookMs(status, waiting.everyMs));
  }
}
