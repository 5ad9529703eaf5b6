import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scheduled } from "../../../lib/local/events/event.ts";
import { startEventBus } from "../../../lib/local/events/event-bus.ts";
import { rule } from "../../../lib/local/resources/rule.ts";

const sweep = (properties: Record<string, unknown>) =>
  rule({
    logicalId: "Sweep",
    type: "AWS::Events::Rule",
    name: "sweep",
    reference: "sweep",
    arn: "arn:aws:events:r:0:rule/sweep",
    properties,
  });
const Targets = [{ Id: "0", Arn: "arn:aws:lambda:r:0:function:sweep" }];
const origin = { id: "1", region: "r", now: new Date("2026-11-01T10:00:00.500Z") };

describe("startEventBus", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("fires a schedule every period, first after one, until it is stopped", async () => {
    const invoked: string[] = [];
    const targets = {
      queue: async () => undefined,
      invoke: (_arn: string, payload: string) => void invoked.push(payload),
    };
    const bus = startEventBus([sweep({ ScheduleExpression: "rate(1 minute)", Targets })], targets, ({ arn }) =>
      scheduled(arn, origin),
    );

    await vi.advanceTimersByTimeAsync(59_000);
    const before = invoked.length;
    await vi.advanceTimersByTimeAsync(61_000);
    bus.stop();
    await vi.advanceTimersByTimeAsync(120_000);

    expect([before, invoked.length]).toEqual([0, 2]);
    expect(JSON.parse(invoked[0] ?? "")).toMatchObject({
      "detail-type": "Scheduled Event",
      source: "aws.events",
      time: "2026-11-01T10:00:00Z",
    });
  });

  it("does not fire a rule that is disabled", async () => {
    const invoke = vi.fn();
    startEventBus(
      [sweep({ ScheduleExpression: "rate(1 hour)", State: "DISABLED", Targets })],
      { queue: async () => undefined, invoke },
      ({ arn }) => scheduled(arn, origin),
    );

    await vi.advanceTimersByTimeAsync(4_000_000);

    expect(invoke).not.toHaveBeenCalled();
  });
});

describe("rule", () => {
  it.each([
    ["a schedule that it does not understand", { ScheduleExpression: "cron(0 * * * ? *)", Targets }, /^Sweep: .*cron/],
    [
      "a target that it cannot reach",
      { ScheduleExpression: "rate(1 hour)", Targets: [{ Id: "0", Arn: "arn:aws:states:r:0:x" }] },
      /^Sweep: .*arn:aws:states/,
    ],
    [
      "a property that it would not honour",
      { ScheduleExpression: "rate(1 hour)", Targets: [{ ...Targets[0], InputPath: "$" }] },
      /^Sweep .*InputPath/,
    ],
  ])("refuses %s", (_what, properties, message) => {
    expect(() => sweep(properties)).toThrow(message);
  });
});
