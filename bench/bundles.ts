import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { bundleFunctions } from "../lib/bundle/bundle-functions.ts";
import { functionNames } from "../lib/bundle/function-name.ts";
import { configuration } from "./configuration.ts";
import { progress } from "./progress.ts";
import { spreadOf } from "./rounds.ts";

const run = promisify(execFile);

/** Prints how long the import of the module that it is given takes, in milliseconds. */
const importer = "const s = performance.now(); await import(process.argv[1]); console.log(performance.now() - s);";

/** Of every variable that some function demands at its import, a value that is like the stack's. */
const environment = {
  ...Object.fromEntries(
    ["TABLE_NAME", "POLICY_BUCKET", "INTAKE_BUCKET", "GENERAL_BUCKET", "RESTRICTED_BUCKET", "ZONE_BUCKET"].map(
      (name) => [name, "bench"],
    ),
  ),
  ...Object.fromEntries(
    ["CHUNKS", "COLLECT", "UPLOADS", "LANE", "LANE_DEAD"].map((name) => [
      `${name}_QUEUE_URL`,
      "http://127.0.0.1:1/000000000000/bench",
    ]),
  ),
  LANE_QUEUE_URLS: "{}",
  REPLY_QUEUE_URLS: "{}",
  CHUNKS_QUEUE_ARN: "arn:aws:sqs:us-east-1:000000000000:switchyard-chunks",
  JOBS_QUEUE_ARN: "arn:aws:sqs:us-east-1:000000000000:switchyard-jobs",
  TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:switchyard",
  EVENT_BUS_NAME: "default",
  LANE: "bench",
  ZONE: "general",
  LEASE_SECONDS: "150",
  POWERTOOLS_SERVICE_NAME: "switchyard",
  POWERTOOLS_METRICS_NAMESPACE: "Switchyard",
  AWS_REGION: "us-east-1",
  NODE_OPTIONS: "--enable-source-maps",
};

/** Size and import time of each function's bundle, each import in a process of its own, without a compile cache. */
export async function measureBundles(workDirectory: string, { quick }: { quick: boolean }) {
  progress("bundling");
  const { document, generation } = await configuration("configurations/openai.yaml");
  const outDirectory = join(workDirectory, "bundles");
  const { directories } = await bundleFunctions({ outDirectory, document: { ...document, generation } });
  const starts = quick ? 3 : 9;
  const bundles: Record<string, { bytes: number; gzipBytes: number; importMs: ReturnType<typeof spreadOf> }> = {};
  for (const name of functionNames) {
    progress(`importing ${name} ${starts} times`);
    const path = join(directories[name], "index.mjs");
    const code = await readFile(path);
    const times: number[] = [];
    for (let start = 0; start < starts; start++) times.push(await importMs(path));
    bundles[name] = { bytes: code.length, gzipBytes: gzipSync(code, { level: 9 }).length, importMs: spreadOf(times) };
  }
  return bundles;
}

async function importMs(path: string): Promise<number> {
  const args = ["--input-type=module", "--eval", importer, pathToFileURL(path).href];
  const { stdout } = await run(process.execPath, args, { env: environment });
  return Number(stdout);
}
