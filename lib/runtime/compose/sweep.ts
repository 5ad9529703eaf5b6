import type { SweepDeps } from "../../core/work/sweep.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../stores/dynamodb/chunk-store.ts";
import { createLedgerStore } from "../../stores/dynamodb/ledger-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import type { SweepEnvironment } from "../environment.ts";
import { sha256 } from "../ids.ts";
import type { PolicySource } from "../policy-source.ts";
import { composeBasics } from "./basics.ts";

/** What sweep needs; it runs every minute, so asking for the current policy there publishes a deploy's without traffic. */
export function composeSweep(
  environment: SweepEnvironment,
  bundled: BundledPolicy,
): { deps: Omit<SweepDeps, "onCounts" | "onUsed" | "onError">; policies: PolicySource } {
  const basics = composeBasics(environment, bundled, { mayPublish: true });
  const deps = {
    clock: basics.clock,
    hash: sha256,
    intake: basics.objects(environment.INTAKE_BUCKET),
    batches: createBatchStore(basics.table),
    chunks: createChunkStore(basics.table),
    open: createOpenStore(basics.table),
    ledgers: createLedgerStore(basics.table),
    budgets: () => basics.policies.latest().policy.budgets,
    region: environment.AWS_REGION,
    chunksQueue: basics.queue(environment.CHUNKS_QUEUE_URL),
    collect: basics.queue(environment.COLLECT_QUEUE_URL),
    uploads: basics.queue(environment.UPLOADS_QUEUE_URL),
  };
  return { deps, policies: basics.policies };
}
