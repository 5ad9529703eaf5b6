import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { TemplateError } from "../template/template.ts";
import { ignored, propertiesOf } from "./properties.ts";

const Properties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().int().min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: z.coerce.number().int().min(0).max(300).default(0),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.coerce.number().int().min(2).max(1000).optional() }).optional(),
  Enabled: z.coerce.boolean().default(true),
  // What changes nothing here.
  KmsKeyArn: ignored,
  LoggingConfig: ignored,
  MetricsConfig: ignored,
  Tags: ignored,
});

/** A queue that Lambda polls for a function. */
export type EventSource = {
  logicalId: string;
  queueArn: string;
  functionName: string;
  batchSize: number;
  windowSeconds: number;
  reportsItemFailures: boolean;
  maxConcurrency: number;
  enabled: boolean;
};

/** Reads an event source mapping, and refuses what Lambda would refuse. */
export function eventSource(resource: ResolvedResource): EventSource {
  const properties = propertiesOf(resource, Properties);
  if (properties.BatchSize > 10 && properties.MaximumBatchingWindowInSeconds < 1) {
    throw new TemplateError(
      `${resource.logicalId}: a batch size over 10 needs a batching window of at least 1 second.`,
    );
  }
  return {
    logicalId: resource.logicalId,
    queueArn: properties.EventSourceArn,
    functionName: lastPart(properties.FunctionName),
    batchSize: properties.BatchSize,
    windowSeconds: properties.MaximumBatchingWindowInSeconds,
    reportsItemFailures: properties.FunctionResponseTypes.length > 0,
    maxConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? Number.POSITIVE_INFINITY,
    enabled: properties.Enabled,
  };
}

/** The name at the end of a function's ARN, or the name itself. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf(":") + 1);
}
