import * as z from "zod";
import { didYouMean } from "./nearest-name.ts";

/**
 * A strict map of the configuration. A key that it does not know is an error that says what is allowed; one of
 * `notYet` is refused as a capability that this version does not have, never ignored.
 */
export function section<Shape extends z.ZodRawShape>(shape: Shape, notYet: readonly string[] = []) {
  const allowed = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? issue.keys.map(explain).join("\n") : undefined),
  });

  function explain(key: string): string {
    if (notYet.includes(key)) return `"${key}" is not available yet; remove it.`;
    return `unknown key "${key}"${didYouMean(key, allowed)}; allowed: ${allowed.join(", ")}.`;
  }
}

/** A map from names to one kind of value. `what` names the thing whose names these are. */
export function named<Value extends z.ZodType>(name: RegExp, what: string, value: Value) {
  const key = z.string().regex(name, { error: `${what} must match ${name.source}` });
  return z.record(key, value);
}
