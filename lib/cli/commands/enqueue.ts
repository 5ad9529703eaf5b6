import * as z from "zod";
import type { Outgoing } from "../../core/ports.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { countOf } from "../format.ts";
import { jobMessage, maxMessageBytes } from "../job-message.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { openInput, requestLines } from "../request-lines.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** Jobs sent at once: several full requests, on their way beside each other. */
const jobsAtOnce = 40;

/** `enqueue FILE|-`: sends each line to the jobs queue as a job of its own. */
export const enqueue: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("enqueue")
    .description("send each line to the jobs queue as a job of its own, and print the ids of what was sent")
    .argument(
      "<file>",
      'job messages {"id", "body", "switchyard"} or OpenAI batch lines, one a line; - for standard input',
    )
    .option("--json", "print {ids, refused: [{line, message}]} as JSON")
    .addHelpText(
      "after",
      "\nLines that are not jobs are refused, with the reason, and the others are sent;\nexit code 1 if any was refused.",
    );
  addConnectionOptions(command).action(async (given: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const input = await openInput(given, io);
    const shown = given === "-" ? "standard input" : given;
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, ["jobsQueueUrl"]);
    const ids: string[] = [];
    const refused: { line: number; message: string }[] = [];
    try {
      const queue = connection.jobsQueue();
      let held: { id: string; outgoing: Outgoing }[] = [];
      const flush = async () => {
        const sending = held;
        held = [];
        await queue.send(sending.map(({ outgoing }) => outgoing));
        ids.push(...sending.map(({ id }) => id));
        if (!options.json) for (const { id } of sending) io.stdout.write(`${id}\n`);
      };
      for await (const line of requestLines(input, 2 * maxMessageBytes)) {
        const made =
          line.kind === "unreadable" ? { kind: "refused" as const, message: line.message } : jobMessage(line.text);
        if (made.kind === "refused") {
          refused.push({ line: line.number, message: made.message });
          io.stderr.write(`${shown}:${line.number}  ${made.message}\n`);
          continue;
        }
        const { id, body, group } = made;
        held.push({ id, outgoing: { body, ...(group === undefined ? {} : { group }) } });
        if (held.length >= jobsAtOnce) await flush();
      }
      await flush();
      if (options.json) printJson(io, { ids, refused });
      else if (ids.length > 0)
        io.stderr.write(`${countOf(ids.length, "job")} sent. "npx switchyard result ID" fetches a result.\n`);
      if (ids.length === 0 && refused.length === 0) io.stderr.write(`${shown} holds no jobs.\n`);
      done(refused.length > 0 || ids.length === 0 ? 1 : 0);
    } finally {
      connection.close();
    }
  });
};
