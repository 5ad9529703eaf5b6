import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChaosStack, startChaosStack } from "./chaos-stack.ts";
import { checkAudit } from "./check/check-audit.ts";
import { checkBatch } from "./check/check-batch.ts";
import { checkCharges, type RecordedJob } from "./check/check-charges.ts";
import { checkSingles } from "./check/check-singles.ts";
import { createFindings, type Findings } from "./check/findings.ts";
import { readBatch } from "./check/read-batch.ts";
import { describeOpen } from "./describe-open.ts";
import type { ExpectedBatch, Workload } from "./expected.ts";
import { keepKilling, keepRedriving } from "./operate.ts";
import type { ChaosOptions } from "./options.ts";
import { providerFaultNames } from "./provider-faults.ts";
import { checkReplies, createReplyQueue } from "./replies.ts";
import { type Report, reportOf } from "./report.ts";
import { cancelWhenRunning, sendSingles, upload } from "./send-workload.ts";
import { skewMsOf } from "./skew.ts";
import { wait } from "./wait.ts";
import { createWorkload } from "./workload.ts";

/** A batch on its way. */
type Sent = { expected: ExpectedBatch; id: string };

const lookEveryMs = 5_000;
/** Share of the batches that are over when faults end: the last ones show that what was left is mended. */
const mostBatches = 0.65;
/** Faults end after so many times the minutes that were asked for, whatever is left. */
const mostPatience = 6;
/** How long, in the run's own time, what is left may take once faults have stopped. */
const patienceMs = 4 * 3_600_000;

/** One run: sends the jobs, disturbs everything, waits for the end, holds what there is against what must be. */
export async function run(
  options: ChaosOptions,
  { startMs, progress }: { startMs: number; progress: (text: string) => void },
): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-chaos-"));
  let over = false;
  progress(`seed ${options.seed}: ${options.jobs} jobs, clocks at ${options.speed.toFixed(1)} times the speed`);
  const stack = await startChaosStack(options, { startMs, directory, progress });
  try {
    const workload = createWorkload(options.seed, options.jobs);
    progress(`the stack stands after ${Math.round((Date.now() - startMs) / options.speed / 1000)} s`);
    await createReplyQueue(stack.connection.sqs);
    stack.begin();
    let redriven = 0;
    const operators = [
      keepKilling(stack, { seed: options.seed, everyMs: options.intensity.killEveryMs }),
      keepRedriving(
        stack,
        () => !over,
        (moved) => {
          redriven += moved;
        },
      ),
    ];
    const sent = await send(stack, workload, options);
    await finish(stack, sent, options, progress);
    over = true;
    stack.end();
    progress("checking");
    const findings = createFindings();
    const jobs = await check(stack, workload, sent, findings);
    const log = await stack.providers.chargeLog();
    const world = { deployments: stack.policy.deployments, cut: stack.processes.cut(), maySee: stack.maySee };
    const sums = checkCharges(jobs, log, world, findings);
    for (const { functionName, call } of stack.engine.denials())
      findings.add("policy violations", `${functionName} was denied ${call}`);
    for (const { outcome } of log) {
      const name = providerFaultNames[outcome];
      if (name !== undefined) stack.faults.add(name);
    }
    stack.faults.add("hostile input", workload.hostile);
    stack.faults.add("clock skewed", skewedProcesses(stack, options));
    void operators;
    return reportOf({ options, stack, findings, sums, redriven, jobs: jobsOf(workload), startMs });
  } finally {
    over = true;
    await stack.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Spreads what is sent over half of the time in which faults happen. */
async function send(stack: ChaosStack, workload: Workload, options: ChaosOptions): Promise<Sent[]> {
  const { batches, singles } = workload;
  const everyMs = (0.5 * options.minutes * 60_000) / batches.length;
  const sent: Sent[] = [];
  for (const [index, expected] of batches.entries()) {
    const id = await upload(stack, expected, options.endpoint !== undefined);
    sent.push({ expected, id });
    if (expected.ends === "cancelled") void cancelWhenRunning(stack, id).catch(() => undefined);
    const [from, to] = [index, index + 1].map((part) => Math.floor((singles.length * part) / batches.length));
    await sendSingles(stack, singles.slice(from, to));
    await wait(everyMs);
  }
  return sent;
}

/** Until every batch is announced, no ad-hoc chunk is open and nothing is under way; or until patience ends. */
async function finish(
  stack: ChaosStack,
  sent: Sent[],
  { minutes, verbose }: ChaosOptions,
  progress: (text: string) => void,
): Promise<void> {
  const faultsMs = minutes * 60_000;
  const batches = stack.connection.batches();
  const left = new Set(sent.map(({ id }) => id));
  let told = 0;
  const startedMs = Date.now();
  while (Date.now() < startedMs + patienceMs) {
    await Promise.all(
      [...left].map(async (id) => {
        if ((await batches.read(id))?.announced === true) left.delete(id);
      }),
    );
    const forMs = Date.now() - startedMs;
    const isDue = forMs > faultsMs / 2 && left.size <= sent.length * (1 - mostBatches);
    if (stack.isOn() && (isDue || forMs > faultsMs * mostPatience)) stack.end();
    const open = await openChunks(stack);
    if (left.size === 0 && open === 0 && stack.engine.idle()) return;
    if (Date.now() - told > 180_000) {
      told = Date.now();
      if (verbose) for (const line of await describeOpen(stack)) progress(line);
      progress(
        `${left.size} batches and ${open} chunks are open; ${stack.faults.total()} faults so far` +
          (stack.isOn() ? "" : ", no more to come"),
      );
    }
    await wait(lookEveryMs);
  }
}

/** Ad-hoc chunks that are not done. Markers may outlive what they name: of a chunk whose maker was lost, nothing comes. */
async function openChunks({ connection }: ChaosStack): Promise<number> {
  const chunks = connection.chunks();
  const marked = await Array.fromAsync(connection.open().list());
  const read = await Promise.all(marked.map(({ kind, id }) => (kind === "chunk" ? chunks.read(id) : undefined)));
  return read.filter((chunk) => chunk?.state === "forming" || chunk?.state === "planned").length;
}

async function check(stack: ChaosStack, workload: Workload, sent: Sent[], findings: Findings): Promise<RecordedJob[]> {
  const { connection, maySee } = stack;
  const jobs = await checkSingles(workload.singles, connection, findings);
  await checkReplies(workload.singles, connection.sqs, findings);
  for (const { expected, id } of sent) {
    const results = await readBatch(id, connection);
    if (results === undefined) {
      for (const { line } of expected.jobs) findings.add("lost", `line ${line} of ${expected.name}: it has no results`);
      if (expected.ends === "failed") findings.add("lost", `the end of ${expected.name}`);
      continue;
    }
    if (expected.ends === "failed") {
      if (results.manifest.state !== "failed")
        findings.add("ended wrongly", `${expected.name} is ${results.manifest.state}, not failed`);
      continue;
    }
    checkBatch(expected, results, findings);
    await checkAudit(id, expected, { connection, maySee }, findings);
    const attempts = new Map(
      [...results.output, ...results.errors].map(({ switchyard }) => [switchyard.line, switchyard.attempts]),
    );
    for (const job of expected.jobs)
      jobs.push({
        expected: job,
        where: `line ${job.line} of ${expected.name}`,
        attempts: attempts.get(job.line) ?? [],
      });
  }
  return jobs;
}

function skewedProcesses({ countFiles }: ChaosStack, { seed, intensity }: ChaosOptions): number {
  const { mostSkewMs } = intensity;
  let skewed = 0;
  for (const [file, role] of countFiles) {
    const started = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    for (let number = 1; number <= started; number++)
      if (skewMsOf({ seed, role, number, mostSkewMs }) !== 0) skewed += 1;
  }
  return skewed;
}

function jobsOf({ batches, singles }: Workload): number {
  return batches.reduce((sum, { jobs }) => sum + jobs.length, singles.length);
}
