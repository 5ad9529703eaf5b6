import { runClock } from "./clock.ts";
import { contention } from "./contention.ts";
import { readOptions } from "./options.ts";

const read = readOptions(process.argv.slice(2), process.env, contention);
if (read.kind === "wrong") {
  process.stderr.write(`${read.message}\n`);
  process.exitCode = 2;
} else {
  const { options } = read;
  const startMs = Date.now();
  // Before anything that might keep the real one.
  runClock({ startMs, speed: options.speed, skewMs: 0 });
  const { run } = await import("./run.ts");
  const { tableOf } = await import("./report.ts");
  const report = await run(options, { startMs, progress: (text) => process.stderr.write(`chaos: ${text}\n`) });
  process.stdout.write(`${options.json ? JSON.stringify(report, undefined, 2) : tableOf(report)}\n`);
  process.exit(report.passed ? 0 : 1);
}
