import * as z from "zod";

const Schema = z.looseObject({
  type: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  enum: z.array(z.unknown()).optional().catch(undefined),
  const: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional().catch(undefined),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional().catch(undefined),
  oneOf: z.array(z.unknown()).optional().catch(undefined),
});

/** A small value that a JSON schema of everyday kind accepts; its strings are `text`. References are not followed. */
export function instanceOf(schema: unknown, text: string): unknown {
  const parsed = Schema.safeParse(schema);
  if (!parsed.success) return text;
  const { type, enum: values, const: constant, properties, items, anyOf, oneOf } = parsed.data;
  if (constant !== undefined) return constant;
  if (values?.[0] !== undefined) return values[0];
  const choice = anyOf?.[0] ?? oneOf?.[0];
  if (choice !== undefined) return instanceOf(choice, text);
  switch (typeof type === "object" ? type[0] : (type ?? (properties === undefined ? "string" : "object"))) {
    case "object":
      return Object.fromEntries(
        Object.entries(properties ?? {}).map(([name, inner]) => [name, instanceOf(inner, text)]),
      );
    case "array":
      return [instanceOf(items, text)];
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return text;
  }
}
