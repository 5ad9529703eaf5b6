import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { composeClassify } from "../../lib/runtime/compose/classify.ts";
import { composeInvoke } from "../../lib/runtime/compose/invoke.ts";
import { composePlan } from "../../lib/runtime/compose/plan.ts";
import {
  ClassifyEnvironment,
  InvokeEnvironment,
  PlanEnvironment,
  parseEnvironment,
} from "../../lib/runtime/environment.ts";
import { policyDocument } from "../fakes/policy-document.ts";
import { type Emulators, openEmulators } from "../stores/emulators.ts";

let emulators: Emulators;
let common: Record<string, string>;
const bundled = { document: policyDocument("v1"), generation: 7 };

beforeEach(async () => {
  emulators = await openEmulators();
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL", emulators.endpoint);
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", emulators.dynamodbEndpoint);
  const queue = await emulators.newQueue();
  common = {
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: emulators.endpoint,
    TABLE_NAME: emulators.table,
    POLICY_BUCKET: emulators.bucket,
    INTAKE_BUCKET: emulators.bucket,
    GENERAL_BUCKET: emulators.bucket,
    RESTRICTED_BUCKET: emulators.bucket,
    CHUNKS_QUEUE_URL: queue,
    COLLECT_QUEUE_URL: queue,
    CHUNKS_QUEUE_ARN: "arn:aws:sqs:us-east-1:000000000000:chunks",
    JOBS_QUEUE_ARN: "arn:aws:sqs:us-east-1:000000000000:jobs",
    LANE_QUEUE_URLS: JSON.stringify({ "bedrock-us-east-1-general": queue }),
    LANE: "bedrock-us-east-1-general",
    ZONE: "general",
    ZONE_BUCKET: emulators.bucket,
    LANE_QUEUE_URL: queue,
    LANE_DEAD_QUEUE_URL: `${queue}-dead`,
    LEASE_SECONDS: "150",
  };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await emulators.close();
});

describe("the functions' parts, put together", () => {
  it("reach the services that the environment names", async () => {
    const { deps } = composePlan(parseEnvironment(PlanEnvironment, common), bundled);

    await deps.intake.put("plans/x", "here");
    await deps.open.add({ kind: "batch", id: "b-1", sinceMs: 1 });
    await deps.chunks.send([{ body: "1" }]);

    expect(await deps.intake.get("plans/x")).toBe("here");
    expect(await Array.fromAsync(deps.open.list())).toEqual([{ kind: "batch", id: "b-1", sinceMs: 1 }]);
  });

  it("take a deploy's policy from the first function that may publish it", async () => {
    const newer = { document: policyDocument("v2"), generation: 8 };
    const plan = composePlan(parseEnvironment(PlanEnvironment, common), newer);
    const lane = composeInvoke(parseEnvironment(InvokeEnvironment, common), bundled, () => {});

    const published = await plan.policies.current();
    const hop = await lane.deps.hopFor("v2", "general");

    expect(published.version).toBe("v2");
    expect(Object.keys(hop.deployments)).toEqual(["nova-lite"]);
  });

  it("know a lane's own deployments, and its queue from classify's side", () => {
    const lane = composeInvoke(parseEnvironment(InvokeEnvironment, common), bundled, () => {});
    const { deps } = composeClassify(parseEnvironment(ClassifyEnvironment, common), bundled, () => {});

    expect(lane.deps.serves("nova-lite")).toBe(true);
    expect(lane.deps.serves("gpt-mini")).toBe(false);
    expect(lane.deps.lanes.queueFor("nova-lite", "lane", "general")).toBe(lane.deps.own);
    expect(() => deps.lanes.queueFor("nova-lite", "lane", "general")).not.toThrow();
    expect(() => deps.lanes.queueFor("nova-lite", "lane", "restricted")).toThrow("no restricted lane");
  });
});
