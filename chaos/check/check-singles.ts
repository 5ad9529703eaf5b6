import type { Connection } from "../../lib/cli/connection/connect.ts";
import { jobKey } from "../../lib/core/batch-id.ts";
import { readEnded, readPlan } from "../../lib/core/work/read-chunk.ts";
import { resultLine } from "../../lib/core/work/result-line.ts";
import { sha256 } from "../../lib/runtime/ids.ts";
import type { ExpectedSingle } from "../expected.ts";
import { checkEnding } from "./check-batch.ts";
import type { RecordedJob } from "./check-charges.ts";
import type { Findings } from "./findings.ts";
import { Result } from "./result.ts";

const readsAtOnce = 32;

/** Every job that was queued singly has one result, found as its owner would: by id, through item, chunk and segment. */
export async function checkSingles(
  singles: readonly ExpectedSingle[],
  connection: Connection,
  findings: Findings,
): Promise<RecordedJob[]> {
  const store = connection.jobs();
  const byChunk = new Map<string, Map<number, ExpectedSingle>>();
  for (let at = 0; at < singles.length; at += readsAtOnce) {
    const some = singles.slice(at, at + readsAtOnce);
    const pointers = await Promise.all(some.map(({ id }) => store.read(jobKey(undefined, id, sha256))));
    some.forEach((single, index) => {
      const pointer = pointers[index];
      if (pointer === undefined) {
        findings.add("lost", `${single.id}: it has no item`);
        return;
      }
      const lines = byChunk.get(pointer.chunk) ?? new Map<number, ExpectedSingle>();
      byChunk.set(pointer.chunk, lines.set(pointer.line, single));
    });
  }
  const recorded: RecordedJob[] = [];
  const deps = { intake: connection.intake(), zones: connection.zones(), chunks: connection.chunks() };
  for (const [id, lines] of byChunk) {
    const chunk = await deps.chunks.read(id);
    if (chunk?.state === "planned")
      for await (const job of readEnded(id, chunk, await readPlan(chunk, deps.intake), deps)) {
        const single = lines.get(job.line);
        if (single === undefined) continue;
        lines.delete(job.line);
        const result = Result.parse(resultLine(job).line);
        checkEnding(single, result, single.id, false, findings);
        recorded.push({ expected: single, where: single.id, attempts: result.switchyard.attempts });
      }
    for (const single of lines.values())
      findings.add("lost", `${single.id}: no result in chunk ${id}, which is ${chunk?.state ?? "not there"}`);
  }
  return recorded;
}
