import type { PlanDeps } from "../../core/work/plan-batch.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import type { PlanEnvironment } from "../environment.ts";
import { hash128, sha256 } from "../ids.ts";
import type { PolicySource } from "../policy-source.ts";
import { composeBasics } from "./basics.ts";

/** What plan needs but the policy of the moment, which `policies.current()` gives. */
export function composePlan(
  environment: PlanEnvironment,
  bundled: BundledPolicy,
): { deps: Omit<PlanDeps, "policy">; policies: PolicySource } {
  const basics = composeBasics(environment, bundled, { mayPublish: true });
  const deps = {
    clock: basics.clock,
    hash: sha256,
    hash128,
    intake: basics.objects(environment.INTAKE_BUCKET),
    batches: createBatchStore(basics.table),
    open: createOpenStore(basics.table),
    chunks: basics.queue(environment.CHUNKS_QUEUE_URL),
    collect: basics.queue(environment.COLLECT_QUEUE_URL),
  };
  return { deps, policies: basics.policies };
}
