import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { lanesOf } from "../../lib/core/lane.ts";
import { documentWith } from "./fixture.ts";
import { type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";

const Alarm = z.object({
  AlarmActions: z.array(z.string()),
  Namespace: z.string(),
  MetricName: z.string(),
  Threshold: z.number(),
  TreatMissingData: z.string(),
});
const Widget = z.object({ properties: z.object({ title: z.string().optional(), markdown: z.string().optional() }) });

describe("monitoring of a stack", () => {
  const lanes = lanesOf(documentWith({}).policy);
  let virginia: Synthesized;
  const alarms = () =>
    virginia.resources
      .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
      .map(({ id, properties }) => ({ id, ...Alarm.parse(properties) }));

  beforeAll(() => {
    virginia = stack(synthesizeStacks({ regions: ["us-east-1"] }), "Switchyard-us-east-1");
  });

  it("tells people of every alarm, and is quiet where nothing happens", () => {
    for (const { AlarmActions, TreatMissingData } of alarms()) {
      expect(AlarmActions).toEqual([expect.stringMatching(/^<Notices[0-9A-F]+>$/)]);
      expect(TreatMissingData).toBe("notBreaching");
    }
  });

  it("has an alarm for dead letters, lost messages, old messages, crashes and what does not finish", () => {
    const count = (prefix: string) => alarms().filter(({ id }) => id.startsWith(`Alarms${prefix}`)).length;

    expect(count("dead")).toBe(4 + lanes.length);
    expect(count("lost")).toBe(2);
    expect(count("age")).toBe(2 + lanes.length);
    expect(count("errors")).toBe(4 + lanes.length + 2);
    expect(alarms().map(({ MetricName }) => MetricName)).toEqual(
      expect.arrayContaining(["BatchesStuck", "AuthCooldowns"]),
    );
  });

  it("shows routes, fallbacks, cost and latency above the queues", () => {
    const body = virginia.resources.find(({ type }) => type === "AWS::CloudWatch::Dashboard")?.properties.DashboardBody;
    const { widgets } = z.object({ widgets: z.array(Widget) }).parse(JSON.parse(String(body)));
    const titles = widgets.map(({ properties: { title, markdown } }) => title ?? markdown);

    expect(titles).toEqual([
      "## Routes",
      "Jobs by deployment",
      "Jobs by tier",
      "Jobs routed",
      "Fallback rate, % of attempts",
      "Fallbacks from",
      "Failed attempts",
      "Cost, $",
      "Most used budget, %",
      "Jobs ended",
      "Latency p50, ms",
      "Latency p95, ms",
      "## Queues and functions",
      "Messages waiting",
      "Oldest message, s",
      "Dead letters",
      "Function errors",
      "Function duration p95, ms",
      "Function throttles",
      "Mended and stuck",
      "Deployments rested for auth, not-found or quota",
    ]);
  });
});
