import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { lastPart } from "./event-source.ts";
import { ignored, propertiesOf } from "./properties.ts";

const Properties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal("$LATEST"),
  MaximumRetryAttempts: z.coerce.number().int().min(0).max(2).default(2),
  MaximumEventAgeInSeconds: ignored,
});

/** How often an asynchronous invocation of a function that failed is repeated. */
export function asynchronousRetries(resource: ResolvedResource): { functionName: string; retries: number } {
  const properties = propertiesOf(resource, Properties);
  return { functionName: lastPart(properties.FunctionName), retries: properties.MaximumRetryAttempts };
}
