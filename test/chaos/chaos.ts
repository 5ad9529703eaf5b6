import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const checkout = fileURLToPath(new URL("../../", import.meta.url));

const Report = z.looseObject({
  seed: z.number(),
  jobs: z.number(),
  faults: z.object({ total: z.number(), kinds: z.number(), byKind: z.record(z.string(), z.number()) }),
  findings: z.record(z.string(), z.number()),
  examples: z.array(z.string()),
  charges: z.looseObject({ charged: z.number(), recorded: z.number(), cutOff: z.number(), givenUp: z.number() }),
  killPoints: z.looseObject({ kills: z.number(), unlisted: z.array(z.string()) }),
  passed: z.boolean(),
});

/** Runs the harness in a process of its own, as `npm run chaos` does, and reads its report. */
export async function chaos(args: readonly string[]): Promise<{ code: number | null; report: z.infer<typeof Report> }> {
  const environment: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME };
  const child = spawn(process.execPath, [`${checkout}chaos/main.ts`, "--json", ...args], {
    cwd: checkout,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (piece: Buffer) => {
    stdout += piece.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, report: Report.parse(JSON.parse(stdout)) };
}
