import { describe, expect, it } from "vitest";
import type { Queue } from "../../lib/core/ports.ts";
import { manyLanes, oneLane, queuesOfLanes } from "../../lib/runtime/lane-queues.ts";
import { memoryQueue } from "../fakes/memory-queue.ts";
import { policyDocument } from "../fakes/policy-document.ts";

const { deployments } = policyDocument("v1").policy;

describe("the queues of many lanes", () => {
  const general = memoryQueue();
  const lanes = manyLanes(new Map([["bedrock-us-east-1-general", { own: general }]]), (name) => deployments[name]);

  it("are found by deployment and zone, wherever in the lane a shard belongs", () => {
    expect(lanes.queueFor("nova-lite", "lane", "general")).toBe(general);
    expect(lanes.queueFor("nova-lite", "fallback", "general")).toBe(general);
  });

  it("are the only ones of their lanes for high priority, too, where there is no second one", () => {
    expect(lanes.queueFor("nova-lite", "lane", "general", "high")).toBe(general);
  });

  it("are the second ones for high priority, named after the first", () => {
    const urls: string[] = [];
    const made = new Map<string, Queue>();
    const queue = (url: string) => {
      urls.push(url);
      const each = made.get(url) ?? memoryQueue();
      made.set(url, each);
      return each;
    };
    const both = manyLanes(
      queuesOfLanes({ "bedrock-us-east-1-general": "https://sqs/switchyard-x" }, true, queue),
      (name) => deployments[name],
    );

    expect(urls).toEqual(["https://sqs/switchyard-x", "https://sqs/switchyard-x-high"]);
    expect(both.queueFor("nova-lite", "lane", "general")).toBe(made.get("https://sqs/switchyard-x"));
    expect(both.queueFor("nova-lite", "lane", "general", "high")).toBe(made.get("https://sqs/switchyard-x-high"));
    expect(both.queueFor("gone", "lane", "general", "high")).toBe(made.get("https://sqs/switchyard-x-high"));
  });

  it("are no other zone's", () => {
    expect(() => lanes.queueFor("nova-lite", "lane", "restricted")).toThrow("no restricted lane for nova-lite");
  });

  it("are any of the zone for a deployment whose lane a later deploy took away", () => {
    expect(lanes.queueFor("gone", "lane", "general")).toBe(general);
  });
});

describe("the queues of one lane", () => {
  const [own, high, dead] = [memoryQueue(), memoryQueue(), memoryQueue()];
  const lanes = oneLane({ own }, dead, (deployment) => deployment === "nova-lite");

  it("take what is the lane's own, and leave the rest to fallback", () => {
    expect(lanes.queueFor("nova-lite", "lane", "general")).toBe(own);
    expect(lanes.queueFor("nova-lite", "fallback", "general")).toBe(dead);
    expect(lanes.queueFor("gpt-mini", "lane", "general")).toBe(dead);
  });

  it("part what has high priority from the rest, where there are two", () => {
    const both = oneLane({ own, high }, dead, (deployment) => deployment === "nova-lite");

    expect(lanes.queueFor("nova-lite", "lane", "general", "high")).toBe(own);
    expect(both.queueFor("nova-lite", "lane", "general", "high")).toBe(high);
    expect(both.queueFor("nova-lite", "lane", "general")).toBe(own);
    expect(both.queueFor("nova-lite", "fallback", "general", "high")).toBe(dead);
  });
});
