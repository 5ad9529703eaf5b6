import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as z from "zod";
import type { PolicyDocument } from "../lib/core/configuration/document.ts";
import type { FaultPlan } from "../lib/local/simulated-providers/fault-plan.ts";

export type BenchProviders = {
  /** Base URLs by deployment. */
  endpoints: Record<string, string>;
  /** Calls that were answered as asked, over all deployments. */
  answered(): Promise<number>;
  stop(): Promise<void>;
};

const Endpoints = z.record(z.string(), z.string());
const Counts = z.record(z.string(), z.object({ outcomes: z.object({ ok: z.number().default(0) }) }));

/** Starts the simulated providers of a configuration in a thread of their own. */
export async function startProviders(document: PolicyDocument, plan: FaultPlan): Promise<BenchProviders> {
  const worker = new Worker(new URL("./providers-worker.ts", import.meta.url), { workerData: { document, plan } });
  const [told] = await once(worker, "message");
  return {
    endpoints: Endpoints.parse(told),
    async answered() {
      worker.postMessage("counts");
      const [counts] = await once(worker, "message");
      return Object.values(Counts.parse(counts)).reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
    },
    async stop() {
      await worker.terminate();
    },
  };
}
