import type { PolicyChange } from "../../core/configuration/compare-policies.ts";
import type { Io } from "../io.ts";
import { printTable } from "../output.ts";

/** Differences as JSON has them: what is not there is null. */
export function changesJson(
  changes: readonly PolicyChange[],
): { path: string; before: string | null; after: string | null }[] {
  return changes.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null }));
}

export function printChanges(io: Io, changes: readonly PolicyChange[]): void {
  printTable(
    io.stdout,
    [{ title: "Where" }, { title: "Was" }, { title: "Is" }],
    changes.map(({ path, before = "–", after = "–" }) => [path, before, after]),
  );
}
