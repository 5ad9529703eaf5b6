import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as z from "zod";
import type { Charge } from "../lib/local/simulated-providers/charge-log.ts";
import type { ProvidersData } from "./providers-data.ts";

export type ChaosProviders = {
  /** Base URLs by deployment. */
  endpoints: Record<string, string>;
  /** From now on the fault plan's time runs. */
  begin(): void;
  /** From now on they do nothing wrong. */
  end(): void;
  chargeLog(): Promise<Charge[]>;
  stop(): Promise<void>;
};

const Endpoints = z.record(z.string(), z.string());
const Log = z.array(z.custom<Charge>((value) => typeof value === "object"));

/** Starts the simulated providers of a configuration in a thread of their own. */
export async function startProviders(workerData: ProvidersData): Promise<ChaosProviders> {
  const worker = new Worker(new URL("./providers-worker.ts", import.meta.url), { workerData });
  const [told] = await once(worker, "message");
  return {
    endpoints: Endpoints.parse(told),
    begin: () => worker.postMessage("begin"),
    end: () => worker.postMessage("end"),
    async chargeLog() {
      worker.postMessage("log");
      const [log] = await once(worker, "message");
      return Log.parse(log);
    },
    async stop() {
      await worker.terminate();
    },
  };
}
