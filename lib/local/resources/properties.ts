import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { TemplateError } from "../template/template.ts";

/** A property that changes nothing on this machine. */
export const ignored = z.unknown().optional();

/** The resource's properties under a schema; throws TemplateError that names the resource and each property at fault. */
export function propertiesOf<T>(resource: ResolvedResource, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${["Properties", ...path].join(".")}: ${message}`);
  throw new TemplateError(
    `${resource.logicalId} (${resource.type}): ${faults.join("; ")}. The local engine would not run it as AWS does.`,
  );
}
