import { randomUUID } from "node:crypto";
import type { SingleDeps } from "../../core/work/classify-singles.ts";
import { createRouter } from "../../core/work/router.ts";
import { loadComprehend } from "../../detectors/load-comprehend.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../stores/dynamodb/chunk-store.ts";
import { createJobStore } from "../../stores/dynamodb/job-store.ts";
import { createLatencyStore } from "../../stores/dynamodb/latency-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import { compilePolicies } from "../compiled-policies.ts";
import { createDetection } from "../detection.ts";
import type { ClassifyEnvironment } from "../environment.ts";
import { sha256 } from "../ids.ts";
import { manyLanes, queuesOfLanes } from "../lane-queues.ts";
import { createLatencies } from "../latencies.ts";
import { composeBasics } from "./basics.ts";

/**
 * What classify needs, for chunks and for jobs queued singly, but who hears what was planned, and what was not. `onDetectionFailed` hears of
 * each job that could not be looked through.
 */
export function composeClassify(
  environment: ClassifyEnvironment,
  bundled: BundledPolicy,
  onDetectionFailed: (error: unknown) => void,
): { deps: Omit<SingleDeps, "onPlanned" | "onError"> } {
  const basics = composeBasics(environment, bundled, { mayPublish: true });
  const { policies } = basics;
  const compiled = compilePolicies(policies, environment.AWS_REGION);
  const detectionOf = createDetection({
    comprehend: (options) => loadComprehend(environment.AWS_REGION, options),
    onError: onDetectionFailed,
  });
  const latencies = createLatencies(createLatencyStore(basics.table), basics.clock);
  const deps = {
    clock: basics.clock,
    random: Math.random,
    hash: sha256,
    uniqueName: randomUUID,
    intake: basics.objects(environment.INTAKE_BUCKET),
    zones: {
      general: basics.objects(environment.GENERAL_BUCKET),
      restricted: basics.objects(environment.RESTRICTED_BUCKET),
    },
    batches: createBatchStore(basics.table),
    chunks: createChunkStore(basics.table),
    jobs: createJobStore(basics.table),
    open: createOpenStore(basics.table),
    collect: basics.queue(environment.COLLECT_QUEUE_URL),
    lanes: manyLanes(
      queuesOfLanes(environment.LANE_QUEUE_URLS, environment.HIGH_PRIORITY_QUEUES !== undefined, basics.queue),
      policies.deployment,
    ),
    routerFor: async (version?: string) => {
      const policy = version === undefined ? await compiled.current() : await compiled.version(version);
      const [detect, latencyMs] = await Promise.all([
        detectionOf(policy.document.policy),
        latencies.of(policy.document.policy),
      ]);
      return createRouter(policy, basics.clock, detect, latencyMs);
    },
    replyQueues: async () => (await policies.current()).policy.replyQueues,
  };
  return { deps };
}
