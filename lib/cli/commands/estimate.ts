import * as z from "zod";
import { usualOutputTokens } from "../../core/limits/counted-tokens.ts";
import type { CliCommand } from "../command.ts";
import { addDecideOptions, DecideOptions, decideLines } from "../decide-lines.ts";
import { wrongUse } from "../errors.ts";
import type { Estimate } from "../estimate/estimate.ts";
import { count, countOf, usd, usdOfNano } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...DecideOptions.shape, json: z.boolean().default(false) });

/** `estimate FILE|-`: what a batch would cost, before anything is called. */
export const estimate: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("estimate")
    .description("say what a batch would cost, and on which deployments; calls nothing");
  addDecideOptions(command)
    .option("--json", "print {lines, refused, tiers, deployments, expectedUsd, mostUsd, unlimitedLines} as JSON")
    .addHelpText("after", "\nWhat AWS services cost comes on top: see the README.")
    .action(async (given: string, parsed: unknown) => {
      const options = parseOptions(Options, parsed);
      const { loaded, lines } = await decideLines(given, options, io);
      const { estimateLines } = await import("../estimate/estimate.ts");
      const estimated = await estimateLines(lines, loaded.document.policy.deployments);
      if (estimated.lines === 0) throw wrongUse(`${given === "-" ? "Standard input" : given} holds no requests.`);
      if (options.json) printJson(io, jsonOf(estimated));
      else printEstimate(io, estimated, loaded.shown);
      done(0);
    });
};

function jsonOf({ lines, refused, tiers, deployments, expectedNanoUsd, mostNanoUsd, unlimited }: Estimate) {
  return {
    lines,
    refused: Object.fromEntries(refused),
    tiers: Object.fromEntries(tiers),
    deployments: Object.fromEntries(
      [...deployments].map(([name, { expectedNanoUsd: nanoUsd, ...sum }]) => [
        name,
        { ...sum, expectedUsd: usdOfNano(nanoUsd) },
      ]),
    ),
    expectedUsd: usdOfNano(expectedNanoUsd),
    mostUsd: usdOfNano(mostNanoUsd),
    unlimitedLines: unlimited,
  };
}

function printEstimate(io: Io, estimated: Estimate, shown: string): void {
  const { lines, refused, tiers, deployments, expectedNanoUsd, mostNanoUsd, unlimited } = estimated;
  const routed = [...tiers.values()].reduce((sum, more) => sum + more, 0);
  const right = (title: string) => ({ title, align: "right" as const });
  io.stdout.write(`${countOf(lines, "line")}, decided by ${shown}: ${countOf(routed, "line")} would run`);
  io.stdout.write(routed === 0 ? ".\n" : ` (${listOf(tiers)}).\n`);
  if (refused.size > 0)
    io.stdout.write(`Not run, and not charged: ${listOf(refused)}; "npx switchyard explain" says which and why.\n`);
  if (routed === 0) return;
  printTable(
    io.stdout,
    [{ title: "Deployment" }, ...["Lines", "Input tokens", "Output tokens", "Expected cost"].map(right)],
    [...deployments]
      .toSorted(([, one], [, other]) => other.expectedNanoUsd - one.expectedNanoUsd)
      .map(([name, sum]) => [
        name,
        count(sum.lines),
        count(sum.inputTokens),
        count(sum.outputTokens),
        usd(usdOfNano(sum.expectedNanoUsd)),
      ]),
  );
  io.stdout.write(
    `Expected: ${io.stdout.style("bold", usd(usdOfNano(expectedNanoUsd)))}, if the first deployment of each chain ` +
      `answers. Input is estimated without the provider's tokenizer; of answers ${count(usualOutputTokens)} tokens are reckoned with, or what ` +
      `the line allows, if that is less.\n`,
  );
  io.stdout.write(
    `At most: ${usd(usdOfNano(mostNanoUsd))}, if each line is answered once, by the dearest of its chain, at the ` +
      `length that it allows. Failed attempts that a provider charges come on top.\n`,
  );
  if (unlimited > 0)
    io.stdout.write(
      `${countOf(unlimited, "line")} set no limit on the answer, and may cost more than that: give max_tokens, or ` +
        `defaultMaxOutputTokens on the deployments.\n`,
    );
}

function listOf(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, number]) => `${count(number)} ${name}`).join(", ");
}
