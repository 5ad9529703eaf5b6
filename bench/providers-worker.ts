import { parentPort, workerData } from "node:worker_threads";
import * as z from "zod";
import { PolicyDocument } from "../lib/core/configuration/document.ts";
import { FaultPlan } from "../lib/local/simulated-providers/fault-plan.ts";
import { startSimulatedProviders } from "../lib/local/simulated-providers/start-simulated-providers.ts";

// The providers are no part of what is measured: a thread of their own keeps them out of the engine's.

const { document, plan } = z.object({ document: PolicyDocument, plan: FaultPlan }).parse(workerData);
const deployments = Object.values(document.policy.deployments);
const startedAtMs = Date.now();
const providers = await startSimulatedProviders({ deployments, faults: plan });

parentPort?.on("message", (what) =>
  parentPort?.postMessage(what === "counts" ? providers.counts() : providers.chargeLog()),
);
const endpoints = Object.fromEntries(deployments.map((each) => [each.name, providers.endpointFor(each)]));
parentPort?.postMessage({ startedAtMs, endpoints });
