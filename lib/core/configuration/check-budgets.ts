import { reservedAnswerTokens } from "../cost-limit.ts";
import type { Policy } from "./document.ts";
import type { Report } from "./problem.ts";

/** Warns of deployments whose answers nobody limits: one that is longer than what is reserved for it overruns its budget. */
export function checkBudgets({ budgets = {}, deployments }: Policy, warn: Report): void {
  const open = Object.values(deployments).filter(({ name, defaultMaxOutputTokens }) => {
    const isBudgeted = Object.values(budgets).some(({ deployment = name }) => deployment === name);
    return isBudgeted && defaultMaxOutputTokens === undefined;
  });
  for (const { name } of open)
    warn(
      ["deployments", name],
      `a request that does not limit its answer can overrun a budget: ${reservedAnswerTokens} tokens are reserved for it; add defaultMaxOutputTokens.`,
    );
}
