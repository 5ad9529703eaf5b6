import type { Attempt } from "../attempt.ts";
import { isoTime } from "../day.ts";
import type { Decision } from "../decision.ts";
import { cancelledError } from "../failure.ts";
import type { JobResult } from "../protocol/segment.ts";

/** All that is known of a job that ended. */
export type EndedJob = {
  /** Names the result: batch and line. */
  resultId: string;
  line: number;
  customId: string | undefined;
  decision: Decision;
  policyVersion: string;
  /** What its line asks for, as `requestHash` names it. */
  request?: string;
  /** The line that ran for this one too: the result is its, the attempts and their cost are not. */
  duplicateOf?: number;
  attempts: readonly Attempt[];
  result: JobResult;
};

/** The line of `output.jsonl` or `errors.jsonl` of a job: OpenAI's batch output, plus what Switchyard did. */
export function resultLine(job: EndedJob): { file: "output" | "errors"; line: Record<string, unknown> } {
  const common = { id: job.resultId, custom_id: job.customId ?? null };
  const switchyard = switchyardOf(job);
  if (job.result.kind === "succeeded") {
    const response = { status_code: 200, request_id: job.resultId, body: job.result.response };
    return { file: "output", line: { ...common, response, error: null, switchyard } };
  }
  const error = job.result.kind === "failed" ? job.result.error : cancelledError;
  return { file: "errors", line: { ...common, response: null, error, switchyard } };
}

function switchyardOf(job: EndedJob): Record<string, unknown> {
  const { decision } = job;
  return {
    line: job.line,
    ...(job.duplicateOf === undefined ? {} : { duplicateOf: job.duplicateOf }),
    deployment: job.result.kind === "succeeded" ? job.result.deployment : null,
    ...cachedOf(job.result),
    tier: decision.tier ?? null,
    complexity: decision.complexity ?? null,
    dataClass: decision.dataClass ?? null,
    dataClassReason: decision.dataClassReason ?? null,
    ...(decision.residency === undefined ? {} : { residency: decision.residency }),
    policyVersion: job.policyVersion,
    ...(job.request === undefined ? {} : { request: job.request }),
    decision: {
      strategy: decision.strategy ?? null,
      reason: decision.reason ?? null,
      ...(decision.kind === "routed" && decision.order !== undefined ? { order: decision.order } : {}),
      rejected: decision.rejected,
    },
    attempts: job.attempts.map(
      ({ deployment, outcome, latencyMs, inputTokens, outputTokens, costNanoUsd, count, detail, redacted }) => ({
        deployment,
        outcome,
        latencyMs,
        inputTokens,
        outputTokens,
        costUsd: usd(costNanoUsd),
        ...(count === undefined ? {} : { count }),
        ...(detail === undefined ? {} : { detail }),
        ...(redacted === undefined ? {} : { redacted }),
      }),
    ),
    costUsd: usd(job.attempts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)),
  };
}

function cachedOf(result: JobResult): Record<string, unknown> {
  if (result.kind !== "succeeded" || result.cached === undefined) return {};
  const { result: from, atMs, savedNanoUsd } = result.cached;
  return { cached: { result: from, at: isoTime(atMs), savedUsd: usd(savedNanoUsd) } };
}

/** Nano-dollars as dollars. */
export function usd(nanoUsd: number): number {
  return nanoUsd / 1e9;
}
