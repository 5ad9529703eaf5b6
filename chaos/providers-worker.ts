import { parentPort, workerData } from "node:worker_threads";
import { runClock } from "./clock.ts";
import { providersCalmMs } from "./provider-faults.ts";
import { ProvidersData } from "./providers-data.ts";

// The simulated providers in a thread of their own, whose clock goes as the functions' do.

const { document, faults, seed, clock } = ProvidersData.parse(workerData);
runClock(clock);
const { parseFaults } = await import("../lib/local/simulated-providers/fault-plan.ts");
const { startSimulatedProviders } = await import("../lib/local/simulated-providers/start-simulated-providers.ts");

const parsed = parseFaults(JSON.stringify(faults));
if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
const deployments = Object.values(document.policy.deployments);
// The plan's time stands still until the stack is there, and is over when the run's faults are.
const startedMs = Date.now();
let begunMs = Number.POSITIVE_INFINITY;
let over = false;
const now = (): number => startedMs + (over ? providersCalmMs : Math.max(0, Date.now() - begunMs));
const providers = await startSimulatedProviders({ deployments, faults: parsed.plan, seed, now });

parentPort?.on("message", (asked: unknown) => {
  if (asked === "begin") begunMs = Date.now();
  else if (asked === "end") over = true;
  else parentPort?.postMessage(providers.chargeLog());
});
parentPort?.postMessage(Object.fromEntries(deployments.map((each) => [each.name, providers.endpointFor(each)])));
