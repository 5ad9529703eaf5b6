import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as z from "zod";
import type { PolicyDocument } from "../lib/core/configuration/document.ts";
import type { FaultPlan } from "../lib/local/simulated-providers/fault-plan.ts";

export type BenchProviders = {
  /** Base URLs by deployment. */
  endpoints: Record<string, string>;
  /** Calls so far by how they ended (`ok`, or the fault that they met), over all deployments. */
  outcomes(): Promise<Record<string, number>>;
  stop(): Promise<void>;
};

const Endpoints = z.record(z.string(), z.string());
const Counts = z.record(z.string(), z.object({ outcomes: z.record(z.string(), z.number()) }));

/** Starts the simulated providers of a configuration in a thread of their own. */
export async function startProviders(document: PolicyDocument, plan: FaultPlan): Promise<BenchProviders> {
  const worker = new Worker(new URL("./providers-worker.ts", import.meta.url), { workerData: { document, plan } });
  const [told] = await once(worker, "message");
  return {
    endpoints: Endpoints.parse(told),
    async outcomes() {
      worker.postMessage("counts");
      const [counts] = await once(worker, "message");
      const sums: Record<string, number> = {};
      for (const { outcomes } of Object.values(Counts.parse(counts)))
        for (const [outcome, count] of Object.entries(outcomes)) sums[outcome] = (sums[outcome] ?? 0) + count;
      return sums;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
