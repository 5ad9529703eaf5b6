import type { Connection } from "../../lib/cli/connection/connect.ts";
import { keys } from "../../lib/core/work/keys.ts";
import type { BatchResults } from "./check-batch.ts";
import { Manifest, Result } from "./result.ts";

/** The results of a batch as they lie in the bucket; undefined when there are none. */
export async function readBatch(id: string, connection: Connection): Promise<BatchResults | undefined> {
  const intake = connection.intake();
  const [batch, manifest, output, errors] = await Promise.all([
    connection.batches().read(id),
    intake.get(keys.result(id, "manifest.json")),
    intake.get(keys.result(id, "output.jsonl")),
    intake.get(keys.result(id, "errors.jsonl")),
  ]);
  if (batch === undefined || manifest === undefined) return undefined;
  return {
    batch,
    manifest: Manifest.parse(JSON.parse(manifest)),
    output: resultsIn(output),
    errors: resultsIn(errors),
  };
}

function resultsIn(text = ""): Result[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : [Result.parse(JSON.parse(line))]));
}
