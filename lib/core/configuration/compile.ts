import type * as z from "zod";
import { defined } from "../defined.ts";
import { parseDuration } from "../duration.ts";
import { tiers } from "../names.ts";
import { canonicalJson } from "./canonical-json.ts";
import { checkBudgets } from "./check-budgets.ts";
import { checkCache } from "./check-cache.ts";
import { checkCollisions } from "./check-collisions.ts";
import { checkConditions } from "./check-conditions.ts";
import { checkCoverage } from "./check-coverage.ts";
import { checkDetection } from "./check-detection.ts";
import { checkFacts } from "./check-facts.ts";
import { checkNames } from "./check-names.ts";
import { checkNetwork } from "./check-network.ts";
import { checkResidencies } from "./check-residencies.ts";
import { checkTenants } from "./check-tenants.ts";
import { compileBudgets } from "./compile-budgets.ts";
import { compileDataClasses } from "./compile-data-classes.ts";
import { compileDeployment, type FindDefaultPrice } from "./compile-deployment.ts";
import { compileLimits, compileRateLimits } from "./compile-limits.ts";
import type { Deployment, DetectPolicy, Policy, PolicyDocument, Tenant } from "./document.ts";
import type { Problem, Report } from "./problem.ts";
import type { ProviderDescriptor } from "./provider-descriptor.ts";
import { ConfigurationInput } from "./schema.ts";
import { schemaMessage } from "./schema-message.ts";
import { readYaml, type YamlSource } from "./yaml-source.ts";

export type CompileDeps = {
  providers: Readonly<Record<string, ProviderDescriptor>>;
  defaultPrice: FindDefaultPrice;
  /** SHA-256 of a text, in lower-case hexadecimal digits. */
  hash: (text: string) => string;
  /** When it is compiled, Unix milliseconds: a fact that has ended by then satisfies nothing. */
  nowMs: number;
};

/** `warnings` and `problems` are in the order of the file. */
export type Compiled =
  | { kind: "compiled"; document: PolicyDocument; warnings: Problem[] }
  | { kind: "invalid"; problems: Problem[] };

/**
 * Compiles the text of `switchyard.yaml` to a policy document with every default filled in and every name resolved.
 * Reports all problems that it can find at once, each with its path, line and column.
 */
export function compile(text: string, deps: CompileDeps): Compiled {
  const read = readYaml(text);
  if (read.kind === "invalid") return read;
  const { source } = read;
  const parsed = ConfigurationInput.safeParse(source.value, { error: schemaMessage });
  if (!parsed.success) return { kind: "invalid", problems: inOrder(schemaProblems(parsed.error, source)) };

  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const report: Report = (path, message, offset) => problems.push(source.problem(path, message, offset));
  const policy = resolve(parsed.data, deps, report);
  // What follows would only repeat the faults of what could not be resolved.
  const warn: Report = (path, message) => warnings.push(source.problem(path, message));
  if (policy !== undefined) {
    checkFacts(policy, deps.nowMs, warn);
    checkCoverage(policy, deps.nowMs, report, warn);
    checkNetwork(policy, report, warn);
    checkBudgets(policy, warn);
  }
  if (policy === undefined || problems.length > 0) return { kind: "invalid", problems: inOrder(problems) };
  const version = deps.hash(canonicalJson(policy)).slice(0, 16);
  return { kind: "compiled", document: { version, policy }, warnings: inOrder(warnings) };
}

function resolve(input: ConfigurationInput, deps: CompileDeps, report: Report): Policy | undefined {
  let faults = 0;
  const counted: Report = (path, message, offset) => {
    faults += 1;
    report(path, message, offset);
  };
  checkNames(input, counted);
  checkConditions(input, counted);
  checkResidencies(input, counted);
  checkDetection(input, counted);
  checkTenants(input, counted);
  checkCache(input, counted);
  const deployments: Record<string, Deployment> = {};
  for (const [name, stated] of Object.entries(input.deployments)) {
    const deployment = compileDeployment(name, stated, deps.providers, deps.defaultPrice, counted);
    const descriptor = deployment === undefined ? undefined : deps.providers[deployment.provider];
    if (deployment !== undefined && descriptor !== undefined)
      deployments[name] = { ...deployment, ...compileLimits(name, stated, descriptor, input.regions, counted) };
  }
  checkCollisions(Object.values(deployments), counted);
  const budgets = compileBudgets(input, counted);
  const tenants = tenantsOf(input, counted);
  const dataClasses = compileDataClasses(input.dataClasses, counted);
  const deadlineMs = parseDuration(input.deadline);
  if (faults > 0 || deadlineMs === undefined) return undefined;
  return {
    regions: input.regions,
    ...(input.network !== "open" && { network: input.network }),
    deployments,
    tiers: {
      lightweight: input.tiers.lightweight.chain.map(entry),
      standard: input.tiers.standard.chain.map(entry),
      capable: input.tiers.capable.chain.map(entry),
    },
    ...ordersOf(input.tiers),
    aliases: input.aliases,
    unknownModel: input.unknownModel,
    dataClasses,
    untagged: input.untagged,
    residencies: input.residencies,
    ...(input.detect !== undefined && { detect: detectionOf(input.detect) }),
    ...(Object.keys(input.tenants).length > 0 && { tenants }),
    ...(budgets !== undefined && { budgets }),
    routing: input.routing,
    cooldown: input.cooldown,
    ...(input.cache !== undefined && { cache: cacheOf(input.cache) }),
    ...(input.highPriorityQueues && { highPriorityQueues: true }),
    deadlineSeconds: deadlineMs / 1000,
    maxRounds: input.maxRounds,
    maxLineBytes: input.maxLineBytes,
    replyQueues: input.replyQueues,
  };
}

function entry({
  use,
  ...stated
}: ConfigurationInput["tiers"]["capable"]["chain"][number]): Policy["tiers"]["capable"][number] {
  return { use, ...defined(stated) };
}

function ordersOf(input: ConfigurationInput["tiers"]): Pick<Policy, "orders"> {
  const orders = tiers.flatMap((tier) => (input[tier].order === "listed" ? [] : [[tier, input[tier].order] as const]));
  return orders.length === 0 ? {} : { orders: Object.fromEntries(orders) };
}

function detectionOf({ raiseTo, comprehend, ...rest }: NonNullable<ConfigurationInput["detect"]>): DetectPolicy {
  return { ...rest, raiseTo: defined(raiseTo), ...(comprehend !== undefined && { comprehend }) };
}

function cacheOf({ ttl, classes }: NonNullable<ConfigurationInput["cache"]>): Policy["cache"] {
  return { ttlSeconds: (parseDuration(ttl) ?? 0) / 1000, classes };
}

function tenantsOf({ tenants, regions }: ConfigurationInput, report: Report): Record<string, Tenant> {
  return Object.fromEntries(
    Object.entries(tenants).map(([name, { senders, limits = {}, ...stated }]) => {
      const compiled = compileRateLimits(limits, regions, ["tenants", name, "limits"], report);
      return [name, { senders, ...defined(stated), ...(compiled !== undefined && { limits: compiled }) }];
    }),
  );
}

function schemaProblems(error: z.ZodError, source: YamlSource): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    if (issue.code === "unrecognized_keys") {
      const messages = issue.message.split("\n");
      return issue.keys.map((key, index) => source.problem([...path, key], messages[index] ?? issue.message));
    }
    const key = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
    return [source.problem(path, key ?? issue.message)];
  });
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0));
}
