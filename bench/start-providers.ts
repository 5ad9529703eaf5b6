import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as z from "zod";
import type { PolicyDocument } from "../lib/core/configuration/document.ts";
import type { FaultPlan } from "../lib/local/simulated-providers/fault-plan.ts";

export type BenchProviders = {
  /** Base URLs by deployment. */
  endpoints: Record<string, string>;
  /** From when the times of a fault's schedule count, Unix milliseconds. */
  startedAtMs: number;
  /** Calls so far by how they ended (`ok`, or the fault that they met), over all deployments. */
  outcomes(): Promise<Record<string, number>>;
  /** The latest calls, up to two million, in the order they ended. */
  calls(): Promise<Call[]>;
  stop(): Promise<void>;
};

/** A plan as people write it. */
export type WrittenPlan = z.input<typeof FaultPlan>;

const Started = z.object({ startedAtMs: z.number(), endpoints: z.record(z.string(), z.string()) });
const Call = z.object({ deployment: z.string(), atMs: z.number(), outcome: z.string() });
export type Call = z.infer<typeof Call>;
const Counts = z.record(z.string(), z.object({ outcomes: z.record(z.string(), z.number()) }));

/** Starts the simulated providers of a configuration in a thread of their own. */
export async function startProviders(document: PolicyDocument, plan: WrittenPlan): Promise<BenchProviders> {
  const worker = new Worker(new URL("./providers-worker.ts", import.meta.url), { workerData: { document, plan } });
  const [told] = await once(worker, "message");
  const ask = async (what: "counts" | "calls"): Promise<unknown> => {
    worker.postMessage(what);
    const [answer] = await once(worker, "message");
    return answer;
  };
  return {
    ...Started.parse(told),
    async outcomes() {
      const counts = await ask("counts");
      const sums: Record<string, number> = {};
      for (const { outcomes } of Object.values(Counts.parse(counts)))
        for (const [outcome, count] of Object.entries(outcomes)) sums[outcome] = (sums[outcome] ?? 0) + count;
      return sums;
    },
    calls: async () => z.array(Call).parse(await ask("calls")),
    async stop() {
      await worker.terminate();
    },
  };
}
