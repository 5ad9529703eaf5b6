import type { CollectDeps } from "../../core/work/collect-batch.ts";
import type { ReplyDeps } from "../../core/work/send-replies.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../stores/dynamodb/chunk-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import { createAnnounce } from "../announce.ts";
import { eventBridge, sns } from "../aws-clients.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import type { CollectEnvironment } from "../environment.ts";
import { composeBasics, queuesOf } from "./basics.ts";

/** What collect needs, for batches and for replies. */
export function composeCollect(
  environment: CollectEnvironment,
  bundled: BundledPolicy,
): { deps: CollectDeps & ReplyDeps } {
  const basics = composeBasics(environment, bundled, { mayPublish: false });
  const replyQueues = queuesOf(environment.REPLY_QUEUE_URLS, basics);
  const deps = {
    clock: basics.clock,
    isoTime: (milliseconds: number) => new Date(milliseconds).toISOString(),
    intake: basics.objects(environment.INTAKE_BUCKET),
    zones: {
      general: basics.objects(environment.GENERAL_BUCKET),
      restricted: basics.objects(environment.RESTRICTED_BUCKET),
    },
    batches: createBatchStore(basics.table),
    chunks: createChunkStore(basics.table),
    open: createOpenStore(basics.table),
    policy: basics.policies.version,
    announce: createAnnounce(eventBridge(environment), sns(environment), {
      bus: environment.EVENT_BUS_NAME,
      topic: environment.TOPIC_ARN,
    }),
    replyQueue: (name: string) => replyQueues.get(name),
  };
  return { deps };
}
