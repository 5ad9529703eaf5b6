import * as z from "zod";
import { compilePattern, type EventPattern } from "../events/event-pattern.ts";
import type { ResolvedResource } from "../template/interpret.ts";
import { TemplateError } from "../template/template.ts";
import { ignored, propertiesOf } from "./properties.ts";

const Properties = z.strictObject({
  Name: z.string().optional(),
  Description: ignored,
  Tags: ignored,
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  ScheduleExpression: z.string().optional(),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  // Retries and dead letters of EventBridge itself: nothing fails between it and a target here.
  Targets: z
    .array(
      z.strictObject({
        Id: z.string(),
        Arn: z.string(),
        Input: z.string().optional(),
        RetryPolicy: ignored,
        DeadLetterConfig: ignored,
        RoleArn: ignored,
      }),
    )
    .default([]),
});

export type Rule = {
  logicalId: string;
  name: string;
  arn: string;
  enabled: boolean;
  trigger: { kind: "schedule"; everyMs: number } | { kind: "pattern"; pattern: EventPattern };
  targets: { arn: string; service: "sqs" | "lambda"; input: string | undefined }[];
};

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads a rule on the default event bus: `rate(…)`, or a pattern; to queues and functions. */
export function rule(resource: ResolvedResource): Rule {
  const properties = propertiesOf(resource, Properties);
  const { ScheduleExpression: schedule, EventPattern: pattern } = properties;
  if ((schedule === undefined) === (pattern === undefined)) {
    throw new TemplateError(`${resource.logicalId}: a rule needs a schedule or an event pattern, and here not both.`);
  }
  return {
    logicalId: resource.logicalId,
    name: resource.name,
    arn: resource.arn ?? "",
    enabled: properties.State === "ENABLED",
    trigger:
      schedule === undefined
        ? { kind: "pattern", pattern: compilePattern(pattern ?? {}, resource.logicalId) }
        : { kind: "schedule", everyMs: rateMs(schedule, resource.logicalId) },
    targets: properties.Targets.map(({ Arn, Input }) => ({
      arn: Arn,
      service: targetService(Arn, resource.logicalId),
      input: Input,
    })),
  };
}

function rateMs(expression: string, logicalId: string): number {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (everyMs > 0) return everyMs;
  throw new TemplateError(
    `${logicalId}: the local engine understands schedules like rate(5 minutes), not ${expression}.`,
  );
}

function targetService(arn: string, logicalId: string): "sqs" | "lambda" {
  const service = arn.split(":")[2];
  if (service === "sqs" || service === "lambda") return service;
  throw new TemplateError(`${logicalId}: the local engine delivers events to queues and functions, not to ${arn}.`);
}
