import type { Deployment } from "../configuration/document.ts";
import { reservedNanoUsd } from "../cost-limit.ts";
import type { Clock } from "../ports.ts";
import type { Payload, PayloadJob, PayloadRoute } from "../protocol/payload.ts";
import type { Budgets, Grant, Wanted } from "./budgets.ts";
import type { Hop } from "./hop.ts";
import { endOverBudget } from "./over-budget.ts";
import { claimOf, type Owned, spenderOf } from "./owner.ts";
import type { JobEnd } from "./run-job.ts";

type Work = Owned & {
  payload: Payload;
  deployment: Deployment;
  hop: Hop;
  /** By line, jobs that call nobody. */
  known: ReadonlyMap<number, unknown>;
};

/** Reserves what a wave's shards may cost; those that got all of it first: they wait for nobody. */
export async function withGrants<Some extends Work>(
  works: readonly Some[],
  budgets: Budgets,
): Promise<(Some & { grant: Grant })[]> {
  const grants = await budgets.reserve(works.map(wantedOf));
  const granted = works.flatMap((work, index) => {
    const grant = grants[index];
    return grant === undefined ? [] : [{ ...work, grant }];
  });
  return granted.toSorted((a, b) => Number(b.grant.isWhole) - Number(a.grant.isWhole));
}

/** Runs a job on what its shard has reserved; without enough for it, it is not called. */
export async function runWithin(
  { grant, shard, deployment, hop }: Work & { grant: Grant },
  job: PayloadJob,
  route: PayloadRoute,
  { clock, isCancelled }: { clock: Clock; isCancelled: () => Promise<boolean> },
  run: () => Promise<JobEnd>,
): Promise<JobEnd> {
  const { purse, refusal } = grant;
  if (refusal === undefined) return run();
  const most = reservedNanoUsd(job, deployment);
  if (!(await purse.take(most))) {
    // That it cannot be known now stops no job.
    if (await isCancelled().catch(() => false)) return { kind: "done", attempts: [], result: { kind: "cancelled" } };
    return endOverBudget(job, route, deployment, refusal, { shard, hop, nowMs: clock() });
  }
  let spentNanoUsd = 0;
  try {
    const end = await run();
    spentNanoUsd = end.attempts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    return end;
  } finally {
    purse.giveBack(most, spentNanoUsd);
  }
}

function wantedOf({ payload, deployment, known, ...owned }: Work): Wanted {
  const called = payload.jobs.filter(({ line }) => !known.has(line));
  const costsNanoUsd = called.map((job) => reservedNanoUsd(job, deployment));
  return { claim: claimOf(owned), spender: spenderOf(owned), costsNanoUsd };
}
