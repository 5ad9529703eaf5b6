import type { Rule } from "../resources/rule.ts";
import type { BusEvent } from "./event.ts";

/** Where rules send events. */
export type Targets = {
  queue(arn: string, body: string): Promise<void>;
  /** Invokes asynchronously, as EventBridge does: nobody waits for the result. */
  invoke(functionArn: string, payload: string): void;
};

/** The default event bus with the stack's rules. */
export type EventBus = {
  publish(event: BusEvent): Promise<void>;
  stop(): void;
};

/** Starts the rules: patterns are matched against published events, schedules fire every period, first after one. */
export function startEventBus(rules: Rule[], targets: Targets, scheduledEvent: (rule: Rule) => BusEvent): EventBus {
  const enabled = rules.filter((rule) => rule.enabled);

  async function deliver(rule: Rule, event: BusEvent): Promise<void> {
    for (const target of rule.targets) {
      const body = target.input ?? JSON.stringify(event);
      if (target.service === "sqs") await targets.queue(target.arn, body);
      else targets.invoke(target.arn, body);
    }
  }

  const timers = enabled.flatMap((rule) =>
    rule.trigger.kind === "schedule"
      ? [setInterval(() => void deliver(rule, scheduledEvent(rule)), rule.trigger.everyMs)]
      : [],
  );
  return {
    async publish(event) {
      for (const rule of enabled) {
        if (rule.trigger.kind === "pattern" && rule.trigger.pattern(event)) await deliver(rule, event);
      }
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
