import type * as z from "zod";

/** What a value must be, by zod's name of its type. */
const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/**
 * What is wrong with a value of the configuration, where its schema does not say it in words of its own; undefined
 * leaves it to zod.
 */
export function schemaMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type": {
      const kind = kinds[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `is missing; it must be ${kind}.` : `must be ${kind}.`;
    }
    case "invalid_value": {
      const [only, ...more] = issue.values.map(String);
      return more.length === 0 ? `must be ${only}.` : `must be one of ${[only, ...more].join(", ")}.`;
    }
    case "too_small":
      return bound(issue.origin, issue.inclusive === false ? "above" : "at least", issue.minimum);
    case "too_big":
      return bound(issue.origin, issue.inclusive === false ? "below" : "at most", issue.maximum);
    default:
      return undefined;
  }
}

function bound(origin: string, how: string, limit: number | bigint): string {
  switch (origin) {
    case "string":
      return `must have ${how} ${limit} ${Number(limit) === 1 ? "character" : "characters"}.`;
    case "array":
      return `must have ${how} ${limit} ${Number(limit) === 1 ? "entry" : "entries"}.`;
    default:
      return `must be ${how} ${limit}.`;
  }
}
