import * as z from "zod";

const Row = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  text: z.string(),
  spans: z.array(z.object({ type: z.string(), start: z.int(), end: z.int() })).optional(),
});
export type Row = z.infer<typeof Row> & { line: number };

/** Reads JSON lines of `{id, text, spans: [{type, start, end}]}` or `{text}`; throws with the line of what is wrong. */
export function readRows(jsonLines: string): Row[] {
  const rows: Row[] = [];
  for (const [at, line] of jsonLines.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      rows.push({ ...Row.parse(JSON.parse(line)), line: at + 1 });
    } catch (error) {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      throw new Error(`Line ${at + 1} is not {id, text, spans: [{type, start, end}]} or {text}: ${message}`);
    }
  }
  return rows;
}
