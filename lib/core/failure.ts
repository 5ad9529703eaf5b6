import * as z from "zod";

/** What kind of failure a provider call ended in; the design's failure table says what each does. */
export const FailureKind = z.enum([
  "rate-limited",
  "overloaded",
  "server-error",
  "network",
  "timeout",
  "auth",
  "not-found",
  "quota-exceeded",
  "context-too-long",
  "content-filtered",
  "invalid-request",
  "invalid-output",
  "worker-lost",
]);
export type FailureKind = z.infer<typeof FailureKind>;

/** Codes of `error.code` in `errors.jsonl`. */
export const ErrorCode = z.enum([
  "invalid-line",
  "duplicate-id",
  "unknown-model",
  "unknown-data-class",
  "unknown-residency",
  "policy-denied",
  "context-too-long",
  "content-filtered",
  "invalid-request",
  "invalid-output",
  "deadline-exceeded",
  "budget-exceeded",
  "cancelled",
  "exhausted",
  "internal",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** Why a job ended without an answer: a code from the list above and a sentence that helps its owner. */
export const JobError = z.strictObject({ code: ErrorCode, message: z.string() });
export type JobError = z.infer<typeof JobError>;

/** What is said of a job that its batch's cancellation kept from running. */
export const cancelledError: JobError = {
  code: "cancelled",
  message: "The batch was cancelled before this job had an answer.",
};
