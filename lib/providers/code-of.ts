const shape = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** A provider's or a socket's error code if it has the shape of one: text never passes as a code. */
export function asCode(value: unknown): string | undefined {
  return typeof value === "string" && shape.test(value) ? value : undefined;
}

/** The `code` of a thrown error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? asCode(error.code) : undefined;
}
