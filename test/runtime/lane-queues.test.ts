import { describe, expect, it } from "vitest";
import { manyLanes, oneLane } from "../../lib/runtime/lane-queues.ts";
import { memoryQueue } from "../fakes/memory-queue.ts";
import { policyDocument } from "../fakes/policy-document.ts";

const { deployments } = policyDocument("v1").policy;

describe("the queues of many lanes", () => {
  const general = memoryQueue();
  const lanes = manyLanes(new Map([["bedrock-us-east-1-general", general]]), (name) => deployments[name]);

  it("are found by deployment and zone, wherever in the lane a shard belongs", () => {
    expect(lanes.queueFor("nova-lite", "lane", "general")).toBe(general);
    expect(lanes.queueFor("nova-lite", "fallback", "general")).toBe(general);
  });

  it("are no other zone's", () => {
    expect(() => lanes.queueFor("nova-lite", "lane", "restricted")).toThrow("no restricted lane for nova-lite");
  });

  it("are any of the zone for a deployment whose lane a later deploy took away", () => {
    expect(lanes.queueFor("gone", "lane", "general")).toBe(general);
  });
});

describe("the queues of one lane", () => {
  const [own, dead] = [memoryQueue(), memoryQueue()];
  const lanes = oneLane(own, dead, (deployment) => deployment === "nova-lite");

  it("take what is the lane's own, and leave the rest to fallback", () => {
    expect(lanes.queueFor("nova-lite", "lane", "general")).toBe(own);
    expect(lanes.queueFor("nova-lite", "fallback", "general")).toBe(dead);
    expect(lanes.queueFor("gpt-mini", "lane", "general")).toBe(dead);
  });
});
