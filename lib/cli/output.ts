import Table from "cli-table3";
import type { Io, Sink } from "./io.ts";

export type Column = { title: string; align?: "left" | "right" };

/** One JSON document on stdout, indented for a person's terminal and on one line for a program. */
export function printJson(io: Io, document: unknown): void {
  io.stdout.write(`${JSON.stringify(document, null, io.stdout.terminal === undefined ? undefined : 2)}\n`);
}

/** One JSON document on a line of its own. */
export function printJsonLine(io: Io, document: unknown): void {
  io.stdout.write(`${JSON.stringify(document)}\n`);
}

export function printTable(sink: Sink, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const table = new Table({
    head: columns.map(({ title }) => sink.style("bold", title)),
    colAligns: columns.map(({ align }) => align ?? "left"),
    // The library's own colours do not look at the stream.
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  sink.write(`${table.toString()}\n`);
}
