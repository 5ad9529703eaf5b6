import type { Policy } from "../../core/configuration/document.ts";
import { time } from "../format.ts";
import type { Io } from "../io.ts";
import { printTable } from "../output.ts";

/** One fact of a deployment with who answers for it, and who relies on it. */
export type FactEvidence = {
  deployment: string;
  fact: string;
  value: boolean | string;
  by: string | null;
  until: string | null;
  note: string | null;
  /** `no owner`: it holds, and the configuration does not say on whose word. */
  state: "holds" | "ended" | "no owner";
  /** Classes and residencies that require just this value. */
  requiredBy: string[];
};

/** Every fact that the configuration states. */
export function factsOf(policy: Policy, nowMs: number): FactEvidence[] {
  return Object.values(policy.deployments).flatMap(({ name, facts, evidence = {} }) =>
    Object.entries(facts).map(([fact, value]) => {
      const { by, until, untilMs, note } = evidence[fact] ?? {};
      const ended = untilMs !== undefined && untilMs <= nowMs;
      return {
        deployment: name,
        fact,
        value,
        by: by ?? null,
        until: until ?? null,
        note: note ?? null,
        state: ended ? "ended" : by === undefined ? "no owner" : "holds",
        requiredBy: [
          ...policy.dataClasses.filter(({ require }) => require[fact] === value).map((dataClass) => dataClass.name),
          ...Object.entries(policy.residencies)
            .filter(([, residency]) => residency.facts[fact] === value)
            .map(([residency]) => `residency ${residency}`),
        ],
      };
    }),
  );
}

export function printFacts(io: Io, facts: readonly FactEvidence[], policyVersion: string, nowMs: number): void {
  printTable(
    io.stdout,
    ["Deployment", "Fact", "State", "On whose word", "Until", "Note", "Required by"].map((title) => ({ title })),
    facts.map(({ deployment, fact, value, state, by, until, note, requiredBy }) => [
      deployment,
      `${fact}: ${value}`,
      state === "holds" ? state : io.stdout.style(state === "ended" ? "red" : "yellow", state),
      by ?? "–",
      until ?? "–",
      note ?? "",
      requiredBy.join(", "),
    ]),
  );
  io.stdout.write(`Policy version ${policyVersion}, at ${time(nowMs)} UTC. A fact without an owner holds, but the configuration does not say on whose word; one that has ended satisfies nothing.
`);
}
