import { parseArgs } from "node:util";

/** How many decisions to make at least, and the seed of the first scenarios. */
export type ProofOptions = { kind: "options"; decisions: number; seed: number };

const usage = "Use: npm run prove:decisions -- [--decisions 1000000] [--seed N]";

/** Reads the command line; `anySeed` is taken where none is given. */
export function readProofOptions(args: string[], anySeed: number): ProofOptions | { kind: "wrong"; message: string } {
  const wrong = (what: string) => ({ kind: "wrong" as const, message: `${what} ${usage}` });
  try {
    const { values } = parseArgs({
      args,
      options: { decisions: { type: "string", default: "1000000" }, seed: { type: "string" } },
    });
    const decisions = Number(values.decisions);
    if (!Number.isSafeInteger(decisions) || decisions < 1)
      return wrong(`--decisions ${values.decisions} is not a whole number above 0.`);
    const seed = Number(values.seed ?? anySeed);
    if (!Number.isSafeInteger(seed)) return wrong(`--seed ${values.seed} is not a whole number.`);
    return { kind: "options", decisions, seed };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
