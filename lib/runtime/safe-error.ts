import * as z from "zod";

/**
 * An error whose text may be logged. A JSON parser quotes what it cannot read, and a schema's issues can name keys that a
 * user chose: of these only the kind is kept.
 */
export function safeError(error: unknown): Error {
  if (error instanceof SyntaxError) return renamed(error, "Text that should be JSON is not.");
  if (error instanceof z.ZodError) {
    const places = error.issues.map(({ code, path }) => `${code} at ${String(path[0] ?? "the top")}`);
    return renamed(error, `A message or object is not what it should be: ${[...new Set(places)].join(", ")}.`);
  }
  return error instanceof Error ? error : new Error("Something that is not an error was thrown.");
}

/** Keeps where it happened: the stack without its first lines, which repeat the message. */
function renamed(error: Error, message: string): Error {
  const safe = new Error(message);
  safe.name = error.name;
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
  safe.stack = [`${safe.name}: ${message}`, ...frames].join("\n");
  return safe;
}
