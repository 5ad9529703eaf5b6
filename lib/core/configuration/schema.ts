import * as z from "zod";
import { parseDay } from "../day.ts";
import { type FindingType, findingTypes } from "../detect/finding.ts";
import { defaultPhoneRegions } from "../detect/phone-regions.ts";
import { parseDuration } from "../duration.ts";
import { Tier, TierOrder, tiers, Zone } from "../names.ts";
import { Capability, Fact, networks } from "./document.ts";
import { named, section } from "./section.ts";

const deploymentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const simpleName = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const modelName = /^[^\s\p{C}]{1,200}$/u;
const regionName = /^[a-z]{2}(-[a-z]+)+-\d$/;
const Region = z.string().regex(regionName, { error: "must be an AWS region, such as eu-central-1" });
const Facts = named(simpleName, "a fact's name", Fact);
const Day = z
  .string({ error: "must be a date, such as 2027-01-31" })
  .refine((text) => parseDay(text) !== undefined, { error: "must be a date, such as 2027-01-31" });
/** A fact alone, or with who answers for it. */
const StatedFact = z.preprocess(
  (fact) => (typeof fact === "object" && fact !== null ? fact : { value: fact }),
  section({
    value: Fact,
    by: z.string().min(1).optional(),
    until: Day.optional(),
    note: z.string().min(1).optional(),
  }),
);
const StatedFacts = named(simpleName, "a fact's name", StatedFact);
const Dollars = z.number().nonnegative().max(1_000_000);

const Price = section({ inputPerMTok: Dollars, outputPerMTok: Dollars });

const rateLimits = {
  requestsPerMinute: z.int().positive().optional(),
  tokensPerMinute: z.int().positive().optional(),
  share: named(regionName, "a region", z.number().positive().max(1)).optional(),
};

const DeploymentInput = section(
  {
    provider: z.string(),
    model: z.string().regex(modelName, { error: "must be the id of a model" }),
    region: Region.optional(),
    baseUrl: z.string().optional(),
    secret: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, { error: "must be the name of a secret in Secrets Manager" })
      .optional(),
    price: Price.optional(),
    facts: StatedFacts.default({}),
    contextTokens: z.int().positive().optional(),
    supports: z.array(Capability).optional(),
    limits: section({
      concurrency: z.int().positive().max(1000).default(100),
      ...rateLimits,
    }).prefault({}),
    defaultMaxOutputTokens: z.int().positive().optional(),
    // Twice the slowest call, and some, must fit a worker's 300 seconds.
    timeoutSeconds: z.int().positive().max(135).default(60),
  },
  ["batch", "weight", "share"],
);
export type DeploymentInput = z.infer<typeof DeploymentInput>;

const TierEntryInput = z.preprocess(
  (entry) => (typeof entry === "string" ? { use: entry } : entry),
  section({ use: z.string(), when: z.string().optional(), weight: z.number().positive().max(1000).optional() }),
);
const TierInput = section(
  {
    chain: z.array(TierEntryInput).min(1, { error: "list at least one deployment" }),
    order: TierOrder.default("listed"),
  },
  ["escalate"],
);

const DataClassInput = section(
  {
    zone: Zone.optional(),
    require: Facts.default({}),
    quarantine: z.boolean().default(false),
    redact: z.boolean().default(false),
  },
  ["detect", "retention"],
);

const ResidencyInput = section({
  regions: z.array(Region).min(1, { error: "list at least one region" }),
  inferenceProfiles: z.array(z.string()).default(["in-region"]),
  facts: Facts.default({}),
});

const DetectInput = section({
  raiseTo: section(
    Object.fromEntries(findingTypes.map((type) => [type, z.string().optional()])) satisfies Partial<
      Record<FindingType, z.ZodType>
    >,
  ),
  phoneRegions: z
    .array(z.string().regex(/^[A-Z]{2}$/, { error: "must be a country in two capital letters, such as DE" }))
    .default([...defaultPhoneRegions]),
  minConfidence: z.number().positive().max(1).default(0.2),
  comprehend: section({ language: z.enum(["en", "es"]).default("en") }).optional(),
});

const TenantInput = section({
  uploads: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\/$/, { error: 'must be a prefix that ends in "/", such as acme/' })
    .optional(),
  senders: z
    .array(
      z.string().regex(/^[A-Z0-9]{16,128}$/, { error: "must be the unique id of an IAM user or role, such as AROA…" }),
    )
    .default([]),
  dataClass: z.string().optional(),
  limits: section(rateLimits).optional(),
});

const BudgetInput = section({
  usd: z.number().positive().max(1_000_000),
  per: z.enum(["day", "month", "batch"], { error: "must be day, month or batch" }),
  deployment: z.string().optional(),
  tenant: z.string().min(1).max(128).optional(),
  over: z.enum(["cheaper", "wait", "fail"], { error: "must be cheaper, wait or fail" }),
  share: named(regionName, "a region", z.number().positive().max(1)).optional(),
});

const RuleInput = section({
  name: z.string().regex(simpleName, { error: `must match ${simpleName.source}` }),
  when: z.string(),
  tier: Tier,
});

const CooldownInput = section({
  windowSeconds: z.int().positive().default(60),
  failureRate: z.number().positive().max(1).default(0.5),
  minAttempts: z.int().positive().default(5),
  baseSeconds: z.int().positive().default(5),
  maxSeconds: section({
    overload: z.int().positive().default(20),
    auth: z.int().positive().default(900),
  }).prefault({}),
});

const longestDeadlineMs = 7 * 24 * 3_600_000;
const Deadline = z
  .string({ error: "must be a duration, such as 24h" })
  .refine((text) => (parseDuration(text) ?? Number.POSITIVE_INFINITY) <= longestDeadlineMs, {
    error: "must be a duration of at most 7d, such as 30s, 15m or 24h",
  });

const CacheInput = section({
  ttl: Deadline.default("24h"),
  classes: z.array(z.string()).min(1, { error: "list the data classes whose answers may be given again" }),
});

/** `switchyard.yaml` as people write it; `compile` fills in and checks the rest. */
export const ConfigurationInput = section(
  {
    version: z.literal(1, { error: "must be 1" }),
    regions: z.array(Region).min(1, { error: "list at least one region" }),
    network: z.enum(networks, { error: `must be one of ${networks.join(", ")}` }).default("open"),
    deployments: named(deploymentName, "a deployment's name", DeploymentInput),
    tiers: section({ lightweight: TierInput, standard: TierInput, capable: TierInput }),
    aliases: named(modelName, "an alias", z.enum(tiers, { error: `must be a tier: ${tiers.join(", ")}` })).default({}),
    unknownModel: z.enum(["error", "auto"]).default("error"),
    dataClasses: named(simpleName, "a data class's name", DataClassInput.nullable()),
    untagged: z.string(),
    detect: DetectInput.optional(),
    tenants: named(simpleName, "a tenant's name", TenantInput).default({}),
    residencies: named(simpleName, "a residency's name", ResidencyInput).default({}),
    budgets: named(simpleName, "a budget's name", BudgetInput).default({}),
    routing: section(
      {
        rules: z.array(RuleInput).default([]),
        // biome-ignore lint/suspicious/noThenProperty: the configuration's own word; a list, so nothing awaits it
        then: z.array(z.string()).default(["complexity"]),
        default: Tier.default("standard"),
      },
      ["semantic", "learned", "experiments"],
    ).prefault({}),
    cooldown: CooldownInput.prefault({}),
    cache: CacheInput.optional(),
    highPriorityQueues: z.boolean().default(false),
    deadline: Deadline.default("24h"),
    maxRounds: z.int().positive().max(20).default(5),
    maxLineBytes: z
      .int()
      .positive()
      .max(8 * 1024 * 1024)
      .default(8 * 1024 * 1024),
    replyQueues: z
      .array(z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, { error: "must be the name of a standard queue" }))
      .default([]),
  },
  ["escalate", "redact", "limits", "share", "batch", "order", "semantic", "learned"],
);
export type ConfigurationInput = z.infer<typeof ConfigurationInput>;
