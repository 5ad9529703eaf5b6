import { createCancellations } from "../../core/work/cancellations.ts";
import type { FallBackDeps } from "../../core/work/fall-back.ts";
import type { GateDeps } from "../../core/work/gate.ts";
import { createHop } from "../../core/work/hop.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../stores/dynamodb/chunk-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import { compilePolicies } from "../compiled-policies.ts";
import type { FallbackEnvironment } from "../environment.ts";
import { manyLanes, queuesOfLanes } from "../lane-queues.ts";
import { composeBasics } from "./basics.ts";
import { composeBudgets } from "./budgets.ts";
import { composeGate } from "./gate.ts";

/** What a zone's fallback needs, but who hears of moved jobs. */
export function composeFallback(
  environment: FallbackEnvironment,
  bundled: BundledPolicy,
  onCooled: NonNullable<GateDeps["onCooled"]>,
): { deps: Omit<FallBackDeps, "onMoved"> } {
  const basics = composeBasics(environment, bundled, { mayPublish: false });
  const { clock, policies, table } = basics;
  const compiled = compilePolicies(policies, environment.AWS_REGION);
  const batches = createBatchStore(table);
  const leaseMs = environment.LEASE_SECONDS * 1000;
  const deps = {
    clock,
    random: Math.random,
    leaseMs,
    batches,
    cancellations: createCancellations({ clock, batches }),
    budgets: composeBudgets(basics, environment.AWS_REGION, leaseMs),
    chunks: createChunkStore(table),
    open: createOpenStore(table),
    objects: basics.objects(environment.ZONE_BUCKET),
    collect: basics.queue(environment.COLLECT_QUEUE_URL),
    lanes: manyLanes(
      queuesOfLanes(environment.LANE_QUEUE_URLS, environment.HIGH_PRIORITY_QUEUES !== undefined, basics.queue),
      policies.deployment,
    ),
    hopFor: async (version: string) => {
      const [planned] = await Promise.all([compiled.version(version), compiled.current()]);
      return createHop(planned, compiled.latest, environment.ZONE, clock);
    },
    ...composeGate(basics, environment.AWS_REGION, onCooled),
  };
  return { deps };
}
