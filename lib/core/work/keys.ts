/** Where objects are, by the names that commits give them. Each is written once. */
export const keys = {
  /** Intake bucket: the chunks of a batch as plan cut them. */
  chunkIndex: (batch: string) => `plans/${batch}/chunks.jsonl`,
  /** Intake bucket: one try of classify; the chunk's item names the one that counts. */
  plan: (chunk: string, attempt: string) => `plans/${chunk}/${attempt}.json`,
  /** Intake bucket: the messages of an ad-hoc chunk, a line each. */
  jobs: (chunk: string) => `jobs/${chunk}.jsonl`,
  /** Zone bucket: what one claim (or one try of classify) of a shard wrote. */
  segment: (chunk: string, shard: string, name: string) => `segments/${chunk}/${shard}/${name}.jsonl`,
  /** Zone bucket: what makes the names of cached answers the zone's own. */
  cacheSalt: "cache/salt",
  /** Zone bucket: the jobs of a root shard that did not fit its message. */
  payload: (chunk: string, attempt: string, shard: string) => `payloads/${chunk}/${attempt}/${shard}.json`,
  /** Zone bucket: the decision or hop records of a shard, by the day that its chunk was planned. */
  audit: (day: string, chunk: string, shard: string, name: string) =>
    `audit/date=${day}/${chunk}/${shard}/${name}.jsonl`,
  auditOf: (day: string, chunk: string) => `audit/date=${day}/${chunk}/`,
  /** Zone bucket: those of them that policy denied, by the day on which it did. */
  quarantine: (day: string, chunk: string, shard: string, name: string) =>
    `quarantine/date=${day}/${chunk}/${shard}/${name}.jsonl`,
  quarantineOf: (day: string) => `quarantine/date=${day}/`,
  /** Intake bucket. */
  result: (batch: string, file: "output.jsonl" | "errors.jsonl" | "manifest.json") => `results/${batch}/${file}`,
};
