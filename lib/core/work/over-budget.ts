import type { Account } from "../budgets/accounts.ts";
import type { Deployment } from "../configuration/document.ts";
import { formatUsd } from "../cost.ts";
import { reservedNanoUsd } from "../cost-limit.ts";
import type { ErrorCode } from "../failure.ts";
import { lastTry } from "../fallback.ts";
import type { PayloadJob, PayloadRoute } from "../protocol/payload.ts";
import type { Exclusions, Shard } from "../protocol/shard.ts";
import type { Refusal } from "./budgets.ts";
import type { Hop } from "./hop.ts";
import type { JobEnd } from "./run-job.ts";

/** How soon and how seldom a shard looks again while others hold what is left of a budget, milliseconds. */
const firstLookMs = 1000;
const longestLookMs = 30_000;
/** How seldom one looks whose budget is used up: it may be raised before its period ends. */
const usedUpLookMs = 3_600_000;

type Around = { shard: Pick<Shard, "fence" | "excluded">; hop: Hop; nowMs: number };

/**
 * What becomes of a job for which its budget has nothing left. As long as others hold reservations that they may not use,
 * it waits for these; when what is settled alone leaves too little, what the configuration says happens: the next cheaper
 * deployment of its chain, a wait until the budget's period is over, or an end.
 */
export function endOverBudget(
  job: PayloadJob,
  route: PayloadRoute,
  deployment: Deployment,
  { account, settledNanoUsd }: Refusal,
  { shard, hop, nowMs }: Around,
): JobEnd {
  const { budget, limitNanoUsd, over } = account;
  const { deadlineMs, chain } = route;
  if (nowMs >= deadlineMs) return failed("deadline-exceeded", `The deadline passed before ${named(account)} had room.`);
  const most = reservedNanoUsd(job, deployment);
  if (settledNanoUsd + most <= limitNanoUsd) {
    const waitMs = Math.min(longestLookMs, firstLookMs * 2 ** Math.min(Math.max(0, shard.fence - 1), 10));
    const untilMs = Math.min(nowMs + waitMs, deadlineMs);
    return { kind: "waits", attempts: [], budget, isUsedUp: false, untilMs };
  }
  const left = formatUsd(Math.max(0, limitNanoUsd - settledNanoUsd));
  const state = `Of ${named(account)} ${left} are left, and the job may cost ${formatUsd(most)} on ${deployment.name}`;
  switch (over) {
    case "fail":
      return failed("budget-exceeded", `${state}.`);
    case "wait": {
      const untilMs = Math.min(account.resetsAtMs ?? deadlineMs, nowMs + usedUpLookMs, lastTry(deadlineMs));
      if (untilMs <= nowMs) return failed("deadline-exceeded", `${state}; its deadline is before more is there.`);
      return { kind: "waits", attempts: [], budget, isUsedUp: true, untilMs };
    }
    case "cheaper": {
      const cheaper = chain.filter((name) => {
        const other = hop.deployments[name];
        return other !== undefined && reservedNanoUsd(job, other) < most;
      });
      const possible = cheaper.filter(
        (name) => shard.excluded[name] !== "permanent" && hop.forbidden(route, name) === undefined,
      );
      if (possible.length === 0)
        return failed("budget-exceeded", `${state}; no cheaper deployment of its chain is left.`);
      // The others are out for the round; those that were before stay out as they are.
      const dear = chain.filter((name) => !cheaper.includes(name) && shard.excluded[name] === undefined);
      const exclude: Exclusions = Object.fromEntries(dear.map((name) => [name, "transient"]));
      const refused = [{ deployment: deployment.name, reason: `is over the budget ${budget}` }];
      return { kind: "goes-on", attempts: [], exclude, refused };
    }
  }
}

function named({ budget, limitNanoUsd, isShare, per }: Account): string {
  return `the budget ${budget} (${formatUsd(limitNanoUsd)} a ${per}${isShare === true ? " in this stack" : ""})`;
}

function failed(code: ErrorCode, message: string): JobEnd {
  return { kind: "done", attempts: [], result: { kind: "failed", error: { code, message } } };
}
