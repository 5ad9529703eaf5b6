import * as z from "zod";
import { Zone } from "../core/names.ts";

const Name = z.string().min(1);
const QueueUrl = z.url();

/** JSON text in a variable, parsed into what `schema` says. */
const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context) => {
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);

const QueueUrls = json(z.record(z.string(), QueueUrl));

const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];
const LoopbackUrl = z.url().refine((text) => URL.canParse(text) && loopbackHosts.includes(new URL(text).hostname), {
  message: "must be a loopback address, such as http://127.0.0.1:8080: it stands in for a provider that gets prompts",
});

const Common = z.object({
  TABLE_NAME: Name,
  POLICY_BUCKET: Name,
  AWS_REGION: Name,
  /** Set on one machine only: all AWS services but DynamoDB, at another place than AWS. */
  AWS_ENDPOINT_URL: z.url().optional(),
});

/** Each lane has a second queue, named as its first and `highQueueSuffix`. */
const HighPriorityQueues = z.literal("true").optional();

/** Deployment name → base URL of what stands in for it; set on one machine only. */
const ProviderEndpoints = json(z.record(z.string(), LoopbackUrl)).default({});
const LeaseSeconds = z.coerce.number().int().positive();

export const PlanEnvironment = Common.extend({
  INTAKE_BUCKET: Name,
  CHUNKS_QUEUE_URL: QueueUrl,
  COLLECT_QUEUE_URL: QueueUrl,
});
export type PlanEnvironment = z.infer<typeof PlanEnvironment>;

export const ClassifyEnvironment = Common.extend({
  INTAKE_BUCKET: Name,
  GENERAL_BUCKET: Name,
  RESTRICTED_BUCKET: Name,
  LANE_QUEUE_URLS: QueueUrls,
  HIGH_PRIORITY_QUEUES: HighPriorityQueues,
  CHUNKS_QUEUE_URL: QueueUrl,
  CHUNKS_QUEUE_ARN: Name,
  JOBS_QUEUE_ARN: Name,
  COLLECT_QUEUE_URL: QueueUrl,
});
export type ClassifyEnvironment = z.infer<typeof ClassifyEnvironment>;

export const InvokeEnvironment = Common.extend({
  LANE: Name,
  ZONE: Zone,
  ZONE_BUCKET: Name,
  LANE_QUEUE_URL: QueueUrl,
  LANE_DEAD_QUEUE_URL: QueueUrl,
  LANE_HIGH_QUEUE_URL: QueueUrl.optional(),
  COLLECT_QUEUE_URL: QueueUrl,
  LEASE_SECONDS: LeaseSeconds,
  SECRET_NAME: Name.optional(),
  SWITCHYARD_PROVIDER_ENDPOINTS: ProviderEndpoints,
});
export type InvokeEnvironment = z.infer<typeof InvokeEnvironment>;

export const FallbackEnvironment = Common.extend({
  ZONE: Zone,
  ZONE_BUCKET: Name,
  LANE_QUEUE_URLS: QueueUrls,
  HIGH_PRIORITY_QUEUES: HighPriorityQueues,
  COLLECT_QUEUE_URL: QueueUrl,
  LEASE_SECONDS: LeaseSeconds,
});
export type FallbackEnvironment = z.infer<typeof FallbackEnvironment>;

export const CollectEnvironment = Common.extend({
  INTAKE_BUCKET: Name,
  GENERAL_BUCKET: Name,
  RESTRICTED_BUCKET: Name,
  EVENT_BUS_NAME: Name,
  TOPIC_ARN: Name,
  REPLY_QUEUE_URLS: QueueUrls,
});
export type CollectEnvironment = z.infer<typeof CollectEnvironment>;

export const SweepEnvironment = Common.extend({
  INTAKE_BUCKET: Name,
  CHUNKS_QUEUE_URL: QueueUrl,
  COLLECT_QUEUE_URL: QueueUrl,
  UPLOADS_QUEUE_URL: QueueUrl,
});
export type SweepEnvironment = z.infer<typeof SweepEnvironment>;

/**
 * The variables that a function needs. Throws one error that names every variable that is missing or wrong; values are
 * never quoted.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${path.join(".")} ${variables[name] === undefined ? "is not set" : `is wrong: ${message}`}`;
  });
  throw new Error(
    `The function's environment is not what its stack gives it: ${faults.join("; ")}. Deploy the stack again.`,
  );
}
