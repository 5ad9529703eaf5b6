import * as z from "zod";
import { FindingType } from "../detect/finding.ts";
import { Tier, TierOrder, Zone } from "../names.ts";

/** A fact's value: `dpa: true`, `residency: eu`. */
export const Fact = z.union([z.boolean(), z.string()], { error: "must be true, false or a text" });
export const Facts = z.record(z.string(), Fact);
export type Facts = z.infer<typeof Facts>;

/** Who answers for a fact, and until when; `untilMs` is the first Unix millisecond at which it no longer holds. */
export const Evidence = z.strictObject({
  by: z.string().optional(),
  until: z.string().optional(),
  untilMs: z.int().optional(),
  note: z.string().optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** Prices from this many input tokens up, in pico-dollars a token ($1 per million tokens = 1,000,000). */
export const PriceBand = z.strictObject({
  fromInputTokens: z.int().nonnegative(),
  inputPicoUsd: z.int().nonnegative(),
  outputPicoUsd: z.int().nonnegative(),
});
export type PriceBand = z.infer<typeof PriceBand>;

export const Capability = z.enum(["tools", "json-schema", "images"]);
export type Capability = z.infer<typeof Capability>;

/** What a provider permits, or a tenant is given, and how that is divided among the stacks, by region. */
export const RateLimits = z.strictObject({
  requestsPerMinute: z.int().positive().optional(),
  tokensPerMinute: z.int().positive().optional(),
  share: z.record(z.string(), z.number().positive().max(1)),
});
export type RateLimits = z.infer<typeof RateLimits>;

/** Provider + model + region (or endpoint), with everything resolved. */
export const Deployment = z.strictObject({
  name: z.string(),
  provider: z.string(),
  model: z.string(),
  /** Of regional providers (bedrock): the region that is called. */
  region: z.string().optional(),
  /** Of external providers: the https root that requests are sent under, without a final slash. */
  baseUrl: z.string().optional(),
  /** Name of the secret in Secrets Manager; only its lanes' roles may read it. */
  secret: z.string().optional(),
  /** Of bedrock: `in-region`, a geographic profile's prefix (`us`, `eu` …) or `global`. */
  inferenceProfile: z.string().optional(),
  /** Of bedrock: every region the call may be processed in; `["*"]` for `global`. */
  destinations: z.array(z.string()),
  /** Ascending by `fromInputTokens`; the first starts at 0. */
  price: z.array(PriceBand).min(1),
  contextTokens: z.int().positive(),
  supports: z.array(Capability),
  facts: Facts,
  /** By fact, where the configuration says more than its value. */
  evidence: z.record(z.string(), Evidence).optional(),
  /** Calls in flight at once in one invocation. */
  concurrency: z.int().positive(),
  /** Without it, the provider's own limits are met by being refused. */
  limits: RateLimits.optional(),
  /** The longest answer to a request that does not limit it. */
  defaultMaxOutputTokens: z.int().positive().optional(),
  /** A call that takes longer is cut off and counts as `timeout`. */
  timeoutSeconds: z.int().positive(),
});
export type Deployment = z.infer<typeof Deployment>;

export const TierEntry = z.strictObject({
  use: z.string(),
  when: z.string().optional(),
  /** In the order `weighted`. @default 1 */
  weight: z.number().positive().optional(),
});
export type TierEntry = z.infer<typeof TierEntry>;

/** A class with the requirements of every less sensitive one already in it. */
export const DataClass = z.strictObject({
  name: z.string(),
  zone: Zone,
  require: Facts,
  quarantine: z.boolean(),
  /** Personal data is replaced by placeholders before an external call. */
  redact: z.literal(true).optional(),
});
export type DataClass = z.infer<typeof DataClass>;

export const Residency = z.strictObject({
  regions: z.array(z.string()),
  inferenceProfiles: z.array(z.string()),
  facts: Facts,
});
export type Residency = z.infer<typeof Residency>;

/** What personal data in a request's texts does to its class. */
export const DetectPolicy = z.strictObject({
  /** The class that a job is raised to, by what was found; what is not listed raises nothing. */
  raiseTo: z.partialRecord(FindingType, z.string()),
  /** Countries as which phone numbers without a country code are read. */
  phoneRegions: z.array(z.string()),
  /** Findings below it count for nothing. */
  minConfidence: z.number().positive().max(1),
  /** Amazon Comprehend is asked as well. */
  comprehend: z.strictObject({ language: z.enum(["en", "es"]) }).optional(),
});
export type DetectPolicy = z.infer<typeof DetectPolicy>;

/** Whose jobs these are: told by the prefix that was written or by who sent the message, never by the line. */
export const Tenant = z.strictObject({
  /** Prefix behind `uploads/`, with its final slash. */
  uploads: z.string().optional(),
  /** Unique ids of IAM users and roles. */
  senders: z.array(z.string()),
  /** The least sensitive class of its jobs. */
  dataClass: z.string().optional(),
  /** What its jobs may take of all deployments together. */
  limits: RateLimits.optional(),
});
export type Tenant = z.infer<typeof Tenant>;

/** What may be spent, on what, and what becomes of jobs for which nothing is left. */
export const Budget = z.strictObject({
  limitNanoUsd: z.int().positive(),
  /** Days and months of UTC. */
  per: z.enum(["day", "month", "batch"]),
  /** Only what this deployment costs. */
  deployment: z.string().optional(),
  /** Only what this tenant's jobs cost; `*`: each tenant has the budget to itself. */
  tenant: z.string().optional(),
  over: z.enum(["cheaper", "wait", "fail"]),
  /** How it is divided among the stacks, by region; a batch is in one stack. */
  share: z.record(z.string(), z.number().positive().max(1)).optional(),
});
export type Budget = z.infer<typeof Budget>;

const Rule = z.strictObject({ name: z.string(), when: z.string(), tier: Tier });

export const CooldownPolicy = z.strictObject({
  windowSeconds: z.int().positive(),
  failureRate: z.number().positive().max(1),
  minAttempts: z.int().positive(),
  baseSeconds: z.int().positive(),
  maxSeconds: z.strictObject({ overload: z.int().positive(), auth: z.int().positive() }),
});
export type CooldownPolicy = z.infer<typeof CooldownPolicy>;

/** Answers that may be given again to exactly the same request. */
const CachePolicy = z.strictObject({
  /** How long after they were given; segments last longer. */
  ttlSeconds: z.int().positive(),
  /** To jobs of which data classes. */
  classes: z.array(z.string()).min(1),
});

/** Where restricted lanes run that can: anywhere, or in subnets that lead to AWS services of the region only. */
export const networks = ["open", "isolated"] as const;

/**
 * The compiled configuration: one JSON document with every default filled in and every name resolved. What the first
 * version did not have is there only where the configuration asks for it: functions of before read strictly, and they
 * read the documents of after while a deploy is under way and when it is undone.
 */
export const Policy = z.strictObject({
  regions: z.array(z.string()).min(1),
  /** @default open */
  network: z.enum(networks).optional(),
  deployments: z.record(z.string(), Deployment),
  tiers: z.record(Tier, z.array(TierEntry)),
  /** Of the tiers that are not tried as listed. */
  orders: z.partialRecord(Tier, TierOrder).optional(),
  aliases: z.record(z.string(), Tier),
  unknownModel: z.enum(["error", "auto"]),
  /** Least to most sensitive. */
  dataClasses: z.array(DataClass).min(1),
  untagged: z.string(),
  residencies: z.record(z.string(), Residency),
  /** Without it nothing is detected. */
  detect: DetectPolicy.optional(),
  /** Tenancy is configured when there is at least one. */
  tenants: z.record(z.string(), Tenant).optional(),
  /** Without it nothing is limited but what a batch or job limits itself. */
  budgets: z.record(z.string(), Budget).optional(),
  // biome-ignore lint/suspicious/noThenProperty: the configuration's own word; a list, so nothing awaits it
  routing: z.strictObject({ rules: z.array(Rule), then: z.array(z.string()), default: Tier }),
  cooldown: CooldownPolicy,
  /** Without it every job is called for. */
  cache: CachePolicy.optional(),
  /** Each lane has a second queue, for jobs of high priority. */
  highPriorityQueues: z.literal(true).optional(),
  deadlineSeconds: z.int().positive(),
  maxRounds: z.int().positive(),
  maxLineBytes: z.int().positive(),
  /** Names of queues in the stack's account and region that results may be sent to. */
  replyQueues: z.array(z.string()),
});
export type Policy = z.infer<typeof Policy>;

/** A policy under its version, the first 16 hex digits of the SHA-256 of its canonical JSON. */
export const PolicyDocument = z.strictObject({ version: z.string(), policy: Policy });
export type PolicyDocument = z.infer<typeof PolicyDocument>;
