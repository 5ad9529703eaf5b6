import fc from "fast-check";
import type { ChatBody } from "../../../lib/core/chat.ts";
import type { Detection } from "../../../lib/core/detect/detection.ts";
import { findingTypes } from "../../../lib/core/detect/finding.ts";
import { FailureKind } from "../../../lib/core/failure.ts";
import { features } from "../../../lib/core/features.ts";
import type { BatchDefaults, JobOptions } from "../../../lib/core/job.ts";
import { Priority, tiers } from "../../../lib/core/names.ts";
import { classesOf } from "./oracle.ts";
import type { Written } from "./written.ts";

/** A name that is chosen from those of the configuration, or one that it may not have. */
type Choice = number | "unknown";

function choice(unknown = 1): fc.Arbitrary<Choice> {
  return fc.oneof(
    { weight: 40, arbitrary: fc.nat(11) },
    { weight: unknown, arbitrary: fc.constant("unknown" as const) },
  );
}

function chosen(from: readonly string[], which: Choice | undefined): string | undefined {
  if (which === undefined) return undefined;
  return which === "unknown" || from.length === 0 ? "nobody-knows" : from[which % from.length];
}

/** Stated in so many of a hundred cases. */
function stated<T>(percent: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary });
}

const found: fc.Arbitrary<Detection> = fc
  .array(fc.tuple(fc.nat(3), fc.subarray([...findingTypes], { minLength: 1, maxLength: 2 })), { maxLength: 2 })
  .map((parts) => ({
    kind: "found",
    parts: parts.map(([message, types]) => ({
      part: `messages[${message}].content`,
      findings: types.map((type) => ({ type, start: 0, end: 5, confidence: 0.9 })),
    })),
  }));

/** One job, with what will be found in it, who sent it, and what its providers will do. */
export const jobDrafts = fc.record({
  model: fc.oneof({ weight: 3, arbitrary: fc.constant("auto" as const) }, { weight: 3, arbitrary: choice(3) }),
  tier: stated(30, fc.constantFrom(...tiers)),
  dataClass: stated(60, choice()),
  residency: stated(25, choice()),
  tenant: stated(40, choice()),
  told: stated(90, choice()),
  kind: stated(70, fc.constantFrom("report", "letter")),
  priority: stated(50, fc.constantFrom(...Priority.options)),
  content: fc.constantFrom(
    "Hello",
    "Where is my parcel?",
    "Prove that there are infinitely many primes, derive a bound, explain each step and compare two proofs.",
  ),
  tools: fc.nat(5),
  images: fc.nat(7),
  format: stated(30, fc.constantFrom("json_object", "json_schema", "text")),
  /** The longest answer, or what fills a context with the request up to so many tokens. */
  maxTokens: stated(40, fc.constantFrom(20, 50, 1500, 1500, 150_000, { upTo: 100 }, { upTo: 101 })),
  detection: fc.oneof(
    { weight: 8, arbitrary: found },
    { weight: 1, arbitrary: fc.constant({ kind: "failed" as const }) },
  ),
  raise: fc.record({
    by: fc.constantFrom("tag" as const, "batch" as const, "found" as const, "failed" as const, "tenant" as const),
    to: fc.nat(4),
  }),
  /** What each call of it ends in; it never succeeds. */
  failures: fc.array(fc.constantFrom(...FailureKind.options), { minLength: 1, maxLength: 4 }),
  /** How long each hop is after the one before, milliseconds. */
  hopsMs: fc.constantFrom(0, 1, 60_000, 86_400_000, 20 * 86_400_000),
});
export type JobDraft = typeof jobDrafts extends fc.Arbitrary<infer Draft> ? Draft : never;

export const batchDrafts = fc.record({
  dataClass: stated(40, choice()),
  residency: stated(15, choice()),
  tenant: stated(50, choice()),
});
export type BatchDraft = typeof batchDrafts extends fc.Arbitrary<infer Draft> ? Draft : never;

export function optionsOf(draft: JobDraft, written: Written): JobOptions {
  const { tier, kind, priority } = draft;
  const dataClass = chosen(classesOf(written), draft.dataClass);
  const residency = chosen(Object.keys(written.residencies ?? {}), residencyOf(draft.residency, written));
  const tenant = chosen(tenantsOf(written), rarely(draft.tenant, written));
  return {
    ...(tier !== undefined && { tier }),
    ...(kind !== undefined && { tags: { kind } }),
    ...(priority !== undefined && { priority }),
    ...(dataClass !== undefined && { dataClass }),
    ...(residency !== undefined && { residency }),
    ...(tenant !== undefined && { tenant }),
  };
}

export function defaultsOf(draft: BatchDraft, written: Written): BatchDefaults {
  const dataClass = chosen(classesOf(written), draft.dataClass);
  const residency = chosen(Object.keys(written.residencies ?? {}), residencyOf(draft.residency, written));
  const tenant = chosen(tenantsOf(written), draft.tenant);
  return {
    ...(dataClass !== undefined && { dataClass }),
    ...(residency !== undefined && { residency }),
    ...(tenant !== undefined && { tenant }),
  };
}

/** Who sent it, where that is known of the line. */
export function toldOf(draft: JobDraft, written: Written): string | undefined {
  return chosen(tenantsOf(written), draft.told);
}

export function bodyOf(draft: JobDraft, written: Written): ChatBody {
  const { content, tools, images, format, maxTokens, model } = draft;
  const text = { type: "text" as const, text: content };
  const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } };
  const named = [...tiers, ...Object.keys(written.aliases ?? {}), ...Object.keys(written.deployments)];
  const body: ChatBody = {
    model: model === "auto" ? model : (chosen(named, model) ?? "auto"),
    messages: [{ role: "user", content: images === 0 ? [text, image] : content }],
    ...(tools === 0 && { tools: [{ type: "function", function: { name: "look" } }] }),
    ...(format !== undefined && { response_format: { type: format } }),
  };
  if (maxTokens === undefined) return body;
  if (typeof maxTokens === "number") return { ...body, max_tokens: maxTokens };
  return { ...body, max_tokens: Math.max(1, maxTokens.upTo - features(body).inputTokens) };
}

/** Most jobs of a configuration without residencies ask for none, else nothing would be routed. */
function residencyOf(which: Choice | undefined, written: Written): Choice | undefined {
  return Object.keys(written.residencies ?? {}).length === 0 && which !== "unknown" ? undefined : which;
}

/** Most lines leave it to who sent them. */
function rarely(which: Choice | undefined, written: Written): Choice | undefined {
  return written.tenants !== undefined && typeof which === "number" && which % 4 !== 0 ? undefined : which;
}

function tenantsOf(written: Written): string[] {
  const names = Object.keys(written.tenants ?? {});
  return names.length === 0 ? ["acme", "umbrella"] : names;
}
