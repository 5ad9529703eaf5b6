import { beforeAll, describe, expect, it } from "vitest";
import { lanesOf } from "../../lib/core/lane.ts";
import { documentWith } from "./fixture.ts";
import { stack, synthesizeStacks } from "./synthesized.ts";
import { wiringOf } from "./wiring.ts";

const lanes = lanesOf(documentWith({}).policy).map(({ name }) => name);
const external = lanes.find((lane) => lane.startsWith("openai-")) ?? "";

describe("queues and functions of a stack", () => {
  let wiring: ReturnType<typeof wiringOf>;

  beforeAll(() => {
    wiring = wiringOf(stack(synthesizeStacks({ regions: ["us-east-1"] }), "Switchyard-us-east-1"));
  });

  it("feeds each function from the queues of its contract", () => {
    const fed = wiring.mappings.map(({ function: { name }, queue, BatchSize, MaximumBatchingWindowInSeconds }) =>
      [name, queue.QueueName, BatchSize, MaximumBatchingWindowInSeconds].join(" "),
    );

    expect(fed.sort()).toEqual(
      [
        "plan switchyard-uploads 1 0",
        "classify switchyard-chunks 1 0",
        "classify switchyard-jobs 1000 5",
        "collect switchyard-collect 1 0",
        ...lanes.map((lane) => `invoke ${lane} switchyard-${lane} 10 0`),
        ...lanes.map((lane) => `fallback ${lane.split("-").at(-1)} switchyard-${lane}-dead 10 0`),
      ].sort(),
    );
  });

  it("reports each failed message on its own and bounds the concurrency of each queue", () => {
    for (const { FunctionResponseTypes, ScalingConfig } of wiring.mappings) {
      expect(FunctionResponseTypes).toEqual(["ReportBatchItemFailures"]);
      expect(ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });

  it("hides a received message for six time-outs and the batching window", () => {
    for (const { queue, function: each, MaximumBatchingWindowInSeconds } of wiring.mappings) {
      expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * each.Timeout + MaximumBatchingWindowInSeconds);
    }
  });

  it("keeps dead letters longer than their source, and loses none that a lane has tried three times", () => {
    const redriven = [...wiring.queues.values()].filter(({ RedrivePolicy }) => RedrivePolicy !== undefined);
    for (const { MessageRetentionPeriod, RedrivePolicy } of redriven) {
      const dead = wiring.queueByArn(RedrivePolicy?.deadLetterTargetArn ?? "");
      expect(dead.MessageRetentionPeriod).toBeGreaterThan(MessageRetentionPeriod);
    }

    for (const lane of lanes) {
      const zone = lane.split("-").at(-1);
      const redrive = wiring.queues.get(`switchyard-${lane}`)?.RedrivePolicy;
      const lost = wiring.queues.get(`switchyard-${lane}-dead`)?.RedrivePolicy;
      expect(redrive?.maxReceiveCount).toBe(3);
      expect(wiring.queueByArn(redrive?.deadLetterTargetArn ?? "").QueueName).toBe(`switchyard-${lane}-dead`);
      expect(wiring.queueByArn(lost?.deadLetterTargetArn ?? "").QueueName).toBe(`switchyard-lost-${zone}`);
    }
  });

  it("keeps a dead letter under the key of its source, which it is still encrypted with", () => {
    for (const { KmsMasterKeyId, RedrivePolicy } of wiring.queues.values()) {
      if (RedrivePolicy === undefined) continue;
      expect(wiring.queueByArn(RedrivePolicy.deadLetterTargetArn).KmsMasterKeyId).toBe(KmsMasterKeyId);
    }
  });

  it("encrypts every queue, collect's under no key of ours: lanes of both zones send ids to it", () => {
    const ours = [...wiring.queues.values()].filter(({ KmsMasterKeyId }) => KmsMasterKeyId === undefined);

    expect(ours.map(({ QueueName }) => QueueName).sort()).toEqual(["switchyard-collect", "switchyard-collect-dead"]);
    for (const { SqsManagedSseEnabled } of ours) expect(SqsManagedSseEnabled).toBe(true);
  });

  it("runs every function on Node 24 on arm64", () => {
    for (const { Runtime, Architectures } of wiring.functions.values()) {
      expect([Runtime, ...Architectures]).toEqual(["nodejs24.x", "arm64"]);
    }
  });

  it("lets messages loop where they do by design, and only there", () => {
    const looping = [...wiring.functions.values()].filter(({ RecursiveLoop }) => RecursiveLoop === "Allow");

    expect(looping.map(({ name }) => name.split(" ")[0]).sort()).toEqual(
      ["classify", "collect", "fallback", "fallback", ...lanes.map(() => "invoke")].sort(),
    );
  });

  it("gives a lane time for its slowest call twice, and a lease that outlives it", () => {
    const timeout = (lane: string) => {
      const each = wiring.functions.get(`invoke ${lane}`);
      return [each?.Timeout, each?.Environment.Variables.LEASE_SECONDS];
    };

    expect(timeout(external)).toEqual([120, "150"]);
    expect(timeout("bedrock-us-east-1-general")).toEqual([150, "180"]);
    expect(timeout("bedrock-eu-central-1-general")).toEqual([270, "300"]);
  });

  it("gives each function the variables of its contract", () => {
    const all = [
      "NODE_OPTIONS",
      "POLICY_BUCKET",
      "POWERTOOLS_METRICS_NAMESPACE",
      "POWERTOOLS_SERVICE_NAME",
      "TABLE_NAME",
    ];
    const buckets = ["INTAKE_BUCKET", "GENERAL_BUCKET", "RESTRICTED_BUCKET"];
    const invoke = [
      "LANE",
      "ZONE",
      "ZONE_BUCKET",
      "LANE_QUEUE_URL",
      "LANE_DEAD_QUEUE_URL",
      "COLLECT_QUEUE_URL",
      "LEASE_SECONDS",
    ];
    const contract: Record<string, string[]> = {
      plan: ["INTAKE_BUCKET", "CHUNKS_QUEUE_URL", "COLLECT_QUEUE_URL"],
      classify: [
        ...buckets,
        "LANE_QUEUE_URLS",
        "CHUNKS_QUEUE_URL",
        "CHUNKS_QUEUE_ARN",
        "JOBS_QUEUE_ARN",
        "COLLECT_QUEUE_URL",
      ],
      "invoke bedrock-us-east-1-restricted": invoke,
      [`invoke ${external}`]: [...invoke, "SECRET_NAME"],
      "fallback general": ["ZONE", "ZONE_BUCKET", "LANE_QUEUE_URLS", "COLLECT_QUEUE_URL", "LEASE_SECONDS"],
      collect: [...buckets, "EVENT_BUS_NAME", "TOPIC_ARN", "REPLY_QUEUE_URLS"],
      sweep: ["INTAKE_BUCKET", "CHUNKS_QUEUE_URL", "COLLECT_QUEUE_URL", "UPLOADS_QUEUE_URL"],
    };

    for (const [name, own] of Object.entries(contract)) {
      const variables = wiring.functions.get(name)?.Environment.Variables ?? {};
      expect(Object.keys(variables).sort(), name).toEqual([...all, ...own].sort());
    }
  });

  it("gives each lane a second queue for high priority, where it is configured, beside the first in all", () => {
    const both = wiringOf(
      stack(synthesizeStacks({ regions: ["us-east-1"], highPriorityQueues: true }), "Switchyard-us-east-1"),
    );

    for (const lane of lanes) {
      const [own, high] = [both.queues.get(`switchyard-${lane}`), both.queues.get(`switchyard-${lane}-high`)];
      expect({ ...high, QueueName: "" }).toEqual({ ...own, QueueName: "" });
      const fed = both.mappings.filter(({ function: { name } }) => name === `invoke ${lane}`);
      expect(fed.map(({ queue }) => queue.QueueName).sort()).toEqual([`switchyard-${lane}`, `switchyard-${lane}-high`]);
      const sender = both.functions.get(`invoke ${lane}`);
      expect(sender?.Environment.Variables.LANE_HIGH_QUEUE_URL).toBeDefined();
      for (const name of ["classify", `fallback ${lane.split("-").at(-1)}`]) {
        const each = both.functions.get(name);
        if (each === undefined) throw new Error(`no ${name}`);
        expect(both.sendsTo(each)).toEqual(expect.arrayContaining([`switchyard-${lane}`, `switchyard-${lane}-high`]));
        expect(each.Environment.Variables.HIGH_PRIORITY_QUEUES).toBe("true");
      }
    }
  });

  it("names the lanes of a function's own zone only, except to classify", () => {
    const named = (name: string) => {
      const urls = wiring.functions.get(name)?.Environment.Variables.LANE_QUEUE_URLS ?? "{}";
      return Object.keys(JSON.parse(urls)).sort();
    };

    expect(named("classify")).toEqual([...lanes].sort());
    expect(named("fallback restricted")).toEqual(lanes.filter((lane) => lane.endsWith("restricted")).sort());
    expect(named("fallback general")).toEqual(lanes.filter((lane) => lane.endsWith("general")).sort());
  });
});
