import type { AuditRecord, DecisionRecord, HopRecord } from "../../core/work/audit-record.ts";
import { usd } from "../format.ts";
import type { Io } from "../io.ts";
import { printTable } from "../output.ts";

/** All that was recorded of one line. */
export type LineAudit = { line: number; decision: DecisionRecord | undefined; hops: HopRecord[] };

/** Records as they come, ascending by line, put together a line. */
export async function* byLine(records: AsyncIterable<AuditRecord> | Iterable<AuditRecord>): AsyncGenerator<LineAudit> {
  let current: LineAudit | undefined;
  for await (const record of records) {
    if (current?.line !== record.line) {
      if (current !== undefined) yield current;
      current = { line: record.line, decision: undefined, hops: [] };
    }
    if (record.kind === "decision") current.decision = record;
    else current.hops.push(record);
  }
  if (current !== undefined) yield current;
}

const columns = ["Line", "Class", "Because", "Residency", "Tier", "Allowed, in order", "What became of it"];

/** A row a line. */
export function printAuditTable(io: Io, audits: readonly LineAudit[]): void {
  printTable(
    io.stdout,
    columns.map((title) => ({ title })),
    audits.map(({ line, decision, hops }) => [
      String(line),
      decision?.dataClass ?? "–",
      decision?.dataClassReason ?? "–",
      decision?.residency ?? "–",
      decision?.tier ?? "–",
      decision?.chain.join(" → ") ?? "",
      outcomeOf(decision, hops),
    ]),
  );
}

/** Everything about one line, in words. */
export function printLineAudit(io: Io, { line, decision, hops }: LineAudit): void {
  const write = (text: string) => io.stdout.write(`${text}\n`);
  write(io.stdout.style("bold", `Line ${line}: ${outcomeOf(decision, hops)}`));
  if (decision !== undefined) {
    const { dataClass = "unknown", dataClassReason = "–", zone, at, policyVersion, tenant, residency } = decision;
    write(`  ${at}  decided under policy ${policyVersion}${tenant === undefined ? "" : `, tenant ${tenant}`}`);
    write(`  class      ${dataClass} (${dataClassReason}); ${zone} zone`);
    if (residency !== undefined) write(`  residency  ${residency}`);
    if (decision.detection === "failed") write("  detection  failed");
    if (decision.detection === "partial")
      write("  detection  partial: there is a file or a recording in it, which nobody read");
    for (const { type, part, start, end, confidence } of decision.findings)
      write(`  found      ${type} in ${part}, characters ${start} to ${end}, confidence ${confidence}`);
    if (decision.tier !== undefined)
      write(`  tier       ${decision.tier}, by ${decision.strategy}: ${decision.reason}`);
    if (decision.order !== undefined) write(`  order      ${decision.order}`);
    if (decision.chain.length > 0) write(`  allowed    ${decision.chain.join(" → ")}`);
    for (const { deployment, reason } of decision.rejected) write(`  rejected   ${deployment}: ${reason}`);
    if (decision.code !== undefined)
      write(`  denied     ${decision.code}${decision.message === undefined ? "" : `: ${decision.message}`}`);
  }
  for (const { at, attempts, refused, result, deployment, code, policyVersions, cachedFrom, cachedAt } of hops) {
    const to = deployment === undefined ? "" : result === "goes-on" ? ` to ${deployment}` : ` by ${deployment}`;
    const under = policyVersions.length > 1 ? `, under policies ${policyVersions.join(" and ")}` : "";
    write(`  ${at}  ${result}${to}${code === undefined ? "" : ` (${code})`}${under}`);
    for (const attempt of attempts)
      write(
        `    called     ${attempt.deployment}: ${attempt.outcome}, ${attempt.latencyMs} ms, ${usd(attempt.costNanoUsd / 1e9)}${attempt.redacted === true ? ", redacted" : ""}`,
      );
    if (cachedFrom !== undefined)
      write(`    cached     the answer of ${cachedFrom}, given ${cachedAt}; nobody was called`);
    for (const { deployment: name, reason } of refused) write(`    forbidden  ${name}: ${reason}`);
  }
}

function outcomeOf(decision: DecisionRecord | undefined, hops: readonly HopRecord[]): string {
  const last = hops.findLast(({ result }) => result !== "goes-on");
  if (last?.result === "succeeded") return `answered by ${last.deployment}`;
  if (last !== undefined) return last.code ?? last.result;
  return decision?.code ?? "not over yet";
}
