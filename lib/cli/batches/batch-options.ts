import type { Command } from "commander";
import * as z from "zod";
import type { Policy } from "../../core/configuration/document.ts";
import { parseDuration } from "../../core/duration.ts";
import { MaxCostUsd } from "../../core/job.ts";
import { Priority } from "../../core/names.ts";
import { hasTenancy, tenantOfUpload } from "../../core/tenant.ts";
import { wrongUse } from "../errors.ts";

/** What holds for every line of a batch; lines may ask for more care, never for less. */
export const BatchOptions = z.object({
  dataClass: z.string().optional(),
  residency: z.string().optional(),
  deadline: z.string().optional(),
  priority: Priority.optional(),
  tenant: z.string().optional(),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\/?$/, { error: "must be a prefix such as acme/" })
    .optional(),
  maxCostUsd: z.string().optional(),
  dedupe: z.boolean().default(false),
  cache: z.boolean().default(true),
});
export type BatchOptions = z.infer<typeof BatchOptions>;

export function addBatchOptions(command: Command): Command {
  return command
    .option("--data-class <class>", "least sensitive class of every line; a less sensitive line is raised to it")
    .option("--residency <name>", "where the lines may be processed, unless a line says so itself")
    .option("--deadline <duration>", "30s, 15m, 24h or 7d from now; what is not done by then fails")
    .option(
      "--priority <priority>",
      "normal or high, of lines that state none; high has queues of its own if configured",
    )
    .option("--tenant <name>", "whose batch it is, where the configuration has no tenants; with tenants use --prefix")
    .option(
      "--prefix <prefix>",
      "upload under uploads/<prefix>/: says whose batch it is, where the configuration has tenants",
    )
    .option("--max-cost-usd <dollars>", "what the batch may cost; what is not called by then fails")
    .option("--no-cache", "call for every line, also where the configuration lets an earlier answer do")
    .option("--dedupe", "run identical requests of a chunk (4,000 lines) once, and give each line the result");
}

/** The user metadata of the uploaded object. Throws CommandError for a deadline, an amount or a text that cannot be. */
export function metadataOf(options: BatchOptions): Record<string, string> {
  const { dataClass, residency, deadline, priority, tenant, maxCostUsd, dedupe, cache } = options;
  if (deadline !== undefined && parseDuration(deadline) === undefined)
    throw wrongUse(`--deadline ${deadline} is not a duration; write 30s, 15m, 24h or 7d.`);
  if (maxCostUsd !== undefined && !MaxCostUsd.safeParse(maxCostUsd).success)
    throw wrongUse(`--max-cost-usd ${maxCostUsd} is not an amount of dollars; write a number above 0, such as 12.50.`);
  const metadata = Object.entries({
    "data-class": dataClass,
    residency,
    deadline,
    priority,
    tenant,
    "max-cost-usd": maxCostUsd,
    dedupe: dedupe ? "true" : undefined,
    cache: cache ? undefined : "false",
  });
  const given = metadata.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  for (const [key, value] of given) {
    if (!/^[\x21-\x7e]([\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(value))
      throw wrongUse(`--${key} must be 1 to 128 ASCII characters: it travels as metadata of the object.`);
  }
  return Object.fromEntries(given);
}

/** Throws CommandError where the configuration has tenants and the options do not say, by prefix, whose batch it is. */
export function checkTenant({ prefix, tenant }: BatchOptions, policy: Policy): void {
  if (!hasTenancy(policy)) return;
  const owner = prefix === undefined ? undefined : tenantOfUpload(policy, `uploads/${prefix.replace(/\/?$/, "/")}`);
  if (owner === undefined) {
    const named = Object.entries(policy.tenants ?? {}).flatMap(([name, { uploads }]) =>
      uploads === undefined ? [] : [`${uploads} (${name})`],
    );
    const whose = prefix === undefined ? "a batch without a prefix" : `the prefix ${prefix}`;
    const instead = tenant === undefined ? "" : ", and leave --tenant out";
    throw wrongUse(
      `The configuration has tenants, and none of them owns ${whose}: every line would be policy-denied. Give one of these with --prefix${instead}: ${named.join(", ") || "none has a prefix"}.`,
    );
  }
  if (tenant !== undefined && tenant !== owner)
    throw wrongUse(`The prefix ${prefix} is ${owner}'s, not ${tenant}'s; leave --tenant out.`);
}
