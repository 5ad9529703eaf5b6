import { randomUUID } from "node:crypto";
import type { Deployment } from "../../core/configuration/document.ts";
import { laneName } from "../../core/lane.ts";
import type { AnswerTimes } from "../../core/measured-latency.ts";
import type { UseCounter } from "../../core/ports.ts";
import type { Provider } from "../../core/provider.ts";
import { AnswerCache } from "../../core/work/answer-cache.ts";
import { createCancellations } from "../../core/work/cancellations.ts";
import type { GateDeps } from "../../core/work/gate.ts";
import { createHop } from "../../core/work/hop.ts";
import type { LaneDeps } from "../../core/work/serve-lane.ts";
import { createProvider } from "../../providers/registry.ts";
import { createAnswerStore } from "../../stores/dynamodb/answer-store.ts";
import { createBatchStore } from "../../stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../stores/dynamodb/chunk-store.ts";
import { createLatencyStore } from "../../stores/dynamodb/latency-store.ts";
import { createOpenStore } from "../../stores/dynamodb/open-store.ts";
import { createUseCounter } from "../../stores/dynamodb/use-counter.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import { compilePolicies } from "../compiled-policies.ts";
import type { InvokeEnvironment } from "../environment.ts";
import { sha256 } from "../ids.ts";
import { oneLane } from "../lane-queues.ts";
import { createLatencies } from "../latencies.ts";
import { secretOf } from "../secrets.ts";
import { composeBasics } from "./basics.ts";
import { composeBudgets } from "./budgets.ts";
import { composeGate } from "./gate.ts";

/** What a lane's worker needs, but what each invocation brings: its time, and who hears of attempts. */
export function composeInvoke(
  environment: InvokeEnvironment,
  bundled: BundledPolicy,
  onCooled: NonNullable<GateDeps["onCooled"]>,
): {
  deps: Omit<LaneDeps, "remainingMs" | "onAttempt" | "onError">;
  use: UseCounter;
  measure: (seen: ReadonlyMap<string, AnswerTimes>) => Promise<void>;
} {
  const basics = composeBasics(environment, bundled, { mayPublish: false });
  const { clock, sleep, policies, table } = basics;
  const { LANE, ZONE } = environment;
  const compiled = compilePolicies(policies, environment.AWS_REGION);
  const own = basics.queue(environment.LANE_QUEUE_URL);
  const dead = basics.queue(environment.LANE_DEAD_QUEUE_URL);
  const { LANE_HIGH_QUEUE_URL: highUrl } = environment;
  const high = highUrl === undefined ? undefined : basics.queue(highUrl);
  const serves = (name: string): boolean => {
    const deployment = policies.deployment(name);
    return deployment !== undefined && laneName(deployment, ZONE) === LANE;
  };
  const batches = createBatchStore(table);
  const objects = basics.objects(environment.ZONE_BUCKET);
  const leaseMs = environment.LEASE_SECONDS * 1000;
  const deps = {
    clock,
    random: Math.random,
    sleep,
    leaseMs,
    batches,
    cancellations: createCancellations({ clock, batches }),
    budgets: composeBudgets(basics, environment.AWS_REGION, leaseMs),
    chunks: createChunkStore(table),
    open: createOpenStore(table),
    objects,
    cache: new AnswerCache({
      clock,
      hash: sha256,
      newSalt: () => `${randomUUID()}${randomUUID()}`,
      answers: createAnswerStore(table),
      objects,
    }),
    collect: basics.queue(environment.COLLECT_QUEUE_URL),
    lanes: oneLane({ own, high }, dead, serves),
    own,
    high,
    dead,
    serves,
    hopFor: async (version: string) => {
      const [planned] = await Promise.all([compiled.version(version), compiled.current()]);
      return createHop(planned, compiled.latest, ZONE, clock);
    },
    ...composeGate(basics, environment.AWS_REGION, onCooled),
    provider: providersOf(environment, clock),
  };
  const latencies = createLatencies(createLatencyStore(table), clock);
  const measure = (seen: ReadonlyMap<string, AnswerTimes>) => latencies.add(policies.latest().policy, seen);
  return { deps, use: createUseCounter(table), measure };
}

/** Each deployment's provider, with its connections, made once for every policy version that has it. */
function providersOf(
  { SECRET_NAME: secret, SWITCHYARD_PROVIDER_ENDPOINTS: endpoints }: InvokeEnvironment,
  now: () => number,
): (deployment: Deployment) => Promise<Provider> {
  const providers = new WeakMap<Deployment, Provider>();
  return async (deployment) => {
    const known = providers.get(deployment);
    if (known !== undefined) return known;
    const baseUrl = endpoints[deployment.name];
    const provider = createProvider(deployment, {
      now,
      ...(secret === undefined ? {} : { secret: secretOf(secret) }),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    });
    providers.set(deployment, provider);
    return provider;
  };
}
