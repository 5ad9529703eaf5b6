import type { FaultKind } from "./fault-plan.ts";

/** `abandoned`: answered, and charged, but its caller had gone. `rejected`: a request that no provider would take. */
export type ChargeOutcome = "ok" | "abandoned" | "rejected" | FaultKind;

/** One call that a simulated provider saw. Errors are charged nothing. */
export type Charge = {
  deployment: string;
  /** Unix time in milliseconds. */
  atMs: number;
  inputTokens: number;
  outputTokens: number;
  outcome: ChargeOutcome;
  /** Hash of the prompt's texts, the same from every provider: two with one id are one job charged twice. */
  promptId: string;
  /** Who called, where its URL said so; else 0. */
  caller: number;
};

type DeploymentCounts = {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  outcomes: Partial<Record<ChargeOutcome, number>>;
};

export type ChargeLog = {
  add(charge: Charge): void;
  /** The latest calls, in the order they ended. */
  list(): Charge[];
  /** All calls since the start, by deployment, however long the log. */
  counts(): Record<string, DeploymentCounts>;
};

const rowsPerBlock = 65_536;
const maxBlocks = 32;

/** Rows in columns of numbers, 31 bytes a call; above two million calls the oldest are dropped. */
export function createChargeLog(): ChargeLog {
  const deployments = createNames();
  const outcomes = createNames<ChargeOutcome>();
  const blocks: Block[] = [];
  const counts = new Map<string, DeploymentCounts>();
  return {
    add(charge) {
      let block = blocks.at(-1);
      if (block === undefined || block.rows === rowsPerBlock) {
        block = createBlock();
        blocks.push(block);
        if (blocks.length > maxBlocks) blocks.shift();
      }
      const row = block.rows++;
      block.deployment[row] = deployments.indexOf(charge.deployment);
      block.outcome[row] = outcomes.indexOf(charge.outcome);
      block.atMs[row] = charge.atMs;
      block.inputTokens[row] = charge.inputTokens;
      block.outputTokens[row] = charge.outputTokens;
      block.promptId[row] = BigInt(`0x${charge.promptId}`);
      block.caller[row] = charge.caller;
      count(counts, charge);
    },
    list: () =>
      blocks.flatMap((block) =>
        Array.from({ length: block.rows }, (_, row) => ({
          deployment: deployments.at(block.deployment[row] ?? 0),
          atMs: block.atMs[row] ?? 0,
          inputTokens: block.inputTokens[row] ?? 0,
          outputTokens: block.outputTokens[row] ?? 0,
          outcome: outcomes.at(block.outcome[row] ?? 0),
          promptId: (block.promptId[row] ?? 0n).toString(16).padStart(16, "0"),
          caller: block.caller[row] ?? 0,
        })),
      ),
    counts: () => structuredClone(Object.fromEntries(counts)),
  };
}

type Block = ReturnType<typeof createBlock>;

function createBlock() {
  return {
    rows: 0,
    deployment: new Uint16Array(rowsPerBlock),
    outcome: new Uint8Array(rowsPerBlock),
    atMs: new Float64Array(rowsPerBlock),
    inputTokens: new Uint32Array(rowsPerBlock),
    outputTokens: new Uint32Array(rowsPerBlock),
    promptId: new BigUint64Array(rowsPerBlock),
    caller: new Uint32Array(rowsPerBlock),
  };
}

function count(counts: Map<string, DeploymentCounts>, charge: Charge): void {
  const entry = counts.get(charge.deployment) ?? { requests: 0, inputTokens: 0, outputTokens: 0, outcomes: {} };
  entry.requests += 1;
  entry.inputTokens += charge.inputTokens;
  entry.outputTokens += charge.outputTokens;
  entry.outcomes[charge.outcome] = (entry.outcomes[charge.outcome] ?? 0) + 1;
  counts.set(charge.deployment, entry);
}

function createNames<Name extends string>() {
  const names: Name[] = [];
  const indices = new Map<Name, number>();
  return {
    indexOf(name: Name): number {
      const index = indices.get(name) ?? names.push(name) - 1;
      indices.set(name, index);
      return index;
    },
    at(index: number): Name {
      const name = names[index];
      if (name === undefined) throw new RangeError(`no name at ${index}`);
      return name;
    },
  };
}
