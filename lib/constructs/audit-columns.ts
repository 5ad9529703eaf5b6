/** One field of an audit record and what Athena reads it as. */
export type AuditColumn = {
  /** As the record writes it. Glue's column is the same in lower case, which the SerDe matches. */
  field: string;
  /** Hive's type; names inside a struct as the record writes them. */
  type: string;
  comment: string;
};

/** The fields of an audit record, one record a line: a job's decision, or one hop of it after that. */
export const auditColumns: readonly AuditColumn[] = [
  { field: "kind", type: "string", comment: "decision, or hop: what a lane or the fallback did" },
  { field: "at", type: "string", comment: "ISO 8601 time, UTC" },
  { field: "batch", type: "string", comment: "id of the batch" },
  { field: "chunk", type: "string", comment: "id of the chunk" },
  { field: "shard", type: "string", comment: "id of the shard" },
  { field: "line", type: "bigint", comment: "line of the job in its batch, from 1" },
  { field: "zone", type: "string", comment: "general or restricted" },
  { field: "tenant", type: "string", comment: "whose job it is, where tenancy is configured" },
  { field: "policyVersion", type: "string", comment: "policy that the job was planned under" },
  { field: "dataClass", type: "string", comment: "effective class" },
  { field: "dataClassReason", type: "string", comment: "what made it this class" },
  { field: "detection", type: "string", comment: "done, or failed; absent when nothing was looked for" },
  { field: "residency", type: "string", comment: "where the job may be processed" },
  {
    field: "findings",
    type: "array<struct<type:string,part:string,start:bigint,end:bigint,confidence:double>>",
    comment: "what detection found: where, never the text",
  },
  { field: "tier", type: "string", comment: "tier of the route" },
  { field: "complexity", type: "string", comment: "what the job needs" },
  { field: "strategy", type: "string", comment: "what chose the tier" },
  { field: "reason", type: "string", comment: "why it chose it" },
  { field: "order", type: "string", comment: "order of the tier, where it is not the listed one" },
  { field: "chain", type: "array<string>", comment: "eligible deployments, in order" },
  {
    field: "rejected",
    type: "array<struct<deployment:string,reason:string>>",
    comment: "deployments of the tier that may not see the job",
  },
  { field: "message", type: "string", comment: "why policy denied the job" },
  { field: "code", type: "string", comment: "error code, where the job failed" },
  {
    field: "attempts",
    type: "array<struct<deployment:string,outcome:string,startedAt:string,latencyMs:bigint,inputTokens:bigint,outputTokens:bigint,costNanoUsd:bigint,count:bigint,detail:string,redacted:boolean>>",
    comment: "calls of this hop",
  },
  {
    field: "refused",
    type: "array<struct<deployment:string,reason:string>>",
    comment: "deployments that were no longer eligible at this hop",
  },
  { field: "policyVersions", type: "array<string>", comment: "policies that this hop was checked against" },
  { field: "result", type: "string", comment: "what became of the job at this hop" },
  { field: "deployment", type: "string", comment: "who answered, or where the job was moved" },
  { field: "cachedFrom", type: "string", comment: "id of the earlier result whose answer was given again" },
  { field: "cachedAt", type: "string", comment: "ISO 8601 time of that answer, UTC" },
];
