import * as z from "zod";
import { didYouMean } from "../../core/configuration/nearest-name.ts";
import type { Path, Problem } from "../../core/configuration/problem.ts";
import { section } from "../../core/configuration/section.ts";
import { readYaml, type YamlSource } from "../../core/configuration/yaml-source.ts";
import { parseDuration } from "../../core/duration.ts";
import { Latencies } from "./latency.ts";

/** What a provider can be ordered to do wrong. */
const faultKinds = [
  /** 429, with `Retry-After` if `retryAfterSeconds` says so. */
  "rate-limited",
  /** 429 above `limitPerMinute` calls in any 60 seconds, with the true `Retry-After`. */
  "limit",
  "overloaded",
  "server-error",
  "auth",
  "not-found",
  "quota-exceeded",
  "context-too-long",
  "invalid-request",
  /** Never answers. */
  "hang",
  /** Closes the connection in the middle of the answer. */
  "cut",
  /** A complete answer that is not JSON. */
  "malformed",
  /** A complete answer that breaks off in the middle of its JSON. */
  "truncated",
  /** Answers properly, after `latencyMs`. */
  "slow",
  /** The model declines; the call is charged. */
  "refuse",
  /** The answer is withheld; the call is charged. */
  "content-filtered",
] as const;
export type FaultKind = (typeof faultKinds)[number];

const Duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === undefined) context.addIssue({ code: "custom", message: "must be a duration such as 10s or 2m" });
  return ms ?? 0;
});

const Fault = section({
  /** A deployment's name, or `*` for all. */
  deployment: z.string().min(1),
  kind: z.enum(faultKinds),
  /** Share of calls that it hits. @default 1 */
  rate: z.number().min(0).max(1).default(1),
  /** Outage by schedule, from the start of the server. @default at once */
  from: Duration.optional(),
  /** @default never ends */
  until: Duration.optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
  limitPerMinute: z.int().positive().optional(),
  /** Time before the faulty answer; errors come at once, the rest as late as a good answer, unless given. */
  latencyMs: z.number().nonnegative().optional(),
}).superRefine((fault, context) => {
  const wrong = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (fault.kind === "limit" && fault.limitPerMinute === undefined)
    wrong("limitPerMinute", 'a fault of kind "limit" needs it: calls allowed in any 60 seconds');
  if (fault.kind !== "limit" && fault.limitPerMinute !== undefined)
    wrong("limitPerMinute", 'is for faults of kind "limit" only');
  if (fault.kind === "slow" && fault.latencyMs === undefined)
    wrong("latencyMs", 'a fault of kind "slow" needs it: milliseconds before the answer');
  if (fault.until !== undefined && fault.until <= (fault.from ?? 0)) wrong("until", "must be later than from");
});
export type Fault = z.infer<typeof Fault>;

/** Faults to order. For each call the first fault in the list that hits it is the one that it meets. */
export const FaultPlan = section({ latency: Latencies.optional(), faults: z.array(Fault).default([]) });
export type FaultPlan = z.infer<typeof FaultPlan>;

export type ParsedFaults = { kind: "valid"; plan: FaultPlan } | { kind: "invalid"; problems: Problem[] };

/** Reads a plan from YAML or JSON. With the deployments' names given, a fault must name one of them, or `*`. */
export function parseFaults(text: string, deployments?: readonly string[]): ParsedFaults {
  const read = readYaml(text, "The fault plan must be a map with `faults`, `latency` or both.");
  if (read.kind === "invalid") return read;
  const parsed = FaultPlan.safeParse(read.source.value);
  if (!parsed.success) return { kind: "invalid", problems: schemaProblems(parsed.error, read.source) };
  const problems = deployments === undefined ? [] : unknownNames(parsed.data, deployments, read.source);
  return problems.length === 0 ? { kind: "valid", plan: parsed.data } : { kind: "invalid", problems };
}

function schemaProblems(error: z.ZodError, source: YamlSource): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
    if (issue.code !== "unrecognized_keys") return [source.problem(path, issue.message)];
    // `section` explains each key on a line of its own.
    const messages = issue.message.split("\n");
    return issue.keys.map((key, index) => source.problem([...path, key], messages[index] ?? issue.message));
  });
}

function unknownNames({ faults, latency }: FaultPlan, known: readonly string[], source: YamlSource): Problem[] {
  const named: { name: string; path: Path }[] = [
    ...Object.keys(latency?.deployments ?? {}).map((name) => ({ name, path: ["latency", "deployments", name] })),
    ...faults.map(({ deployment }, index) => ({ name: deployment, path: ["faults", index, "deployment"] })),
  ];
  return named
    .filter(({ name }) => name !== "*" && !known.includes(name))
    .map(({ name, path }) =>
      source.problem(
        path,
        `no deployment is called "${name}"${didYouMean(name, known)}; there are ${known.join(", ")}`,
      ),
    );
}
