import type { FunctionStats } from "../lib/local/lambda/local-function.ts";
import { below, type Figure, rounded } from "./figure.ts";
import { functionKind, type Outcome } from "./scenario.ts";

const megabyte = 1024 ** 2;

/** What each function did in a run; those that had nothing to do are left out. */
export function describeFunctions(functions: readonly FunctionStats[]) {
  const worked = functions.filter(({ invocations }) => invocations > 0);
  return Object.fromEntries(
    worked.map(({ name, invocations, processesStarted, billedMs, gbSeconds, peakRssBytes }) => [
      functionKind(name),
      {
        invocations,
        processes: processesStarted,
        billedSeconds: rounded(billedMs / 1000),
        gbSeconds: rounded(gbSeconds),
        peakMb: Math.round(peakRssBytes / megabyte),
      },
    ]),
  );
}

/** The most resident memory that a process of each function held in any of the runs, in MB. */
export function peakMemory(outcomes: readonly Outcome[]): Record<string, Figure> {
  const peaks = new Map<string, number>();
  for (const { name, peakRssBytes } of outcomes.flatMap(({ functions }) => functions)) {
    const kind = functionKind(name);
    peaks.set(kind, Math.max(peaks.get(kind) ?? 0, peakRssBytes));
  }
  return Object.fromEntries([...peaks].map(([kind, bytes]) => [kind, below(Math.round(bytes / megabyte), 256)]));
}
