import type * as z from "zod";
import { wrongUse } from "./errors.ts";

/** The flags as the parser left them, as a command's schema wants them. Throws CommandError that names the flag. */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, parsed: unknown): z.infer<Schema> {
  const read = schema.safeParse(parsed);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const name = String(issue?.path[0] ?? "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw wrongUse(`--${name}: ${issue?.message ?? "not valid"}`);
}
