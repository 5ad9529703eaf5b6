import type { UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Condition, Path, Update } from "../../core/protocol/update.ts";

type Expressions = Pick<
  UpdateCommandInput,
  "ConditionExpression" | "UpdateExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/**
 * An `Update` in DynamoDB's words. Every name and value is a placeholder, and short: an expression may have 4 KB, and a
 * commit may name 200 children. Source: DynamoDB quotas, "Expression parameters".
 */
export function updateExpression(update: Update): Expressions {
  const names = new Map<string, string>();
  const values = new Map<string, unknown>();
  const nameOf = (key: string): string => {
    const known = names.get(key) ?? `#${names.size.toString(36)}`;
    names.set(key, known);
    return known;
  };
  const holding = (value: unknown): string => {
    const placeholder = `:${values.size.toString(36)}`;
    values.set(placeholder, value);
    return placeholder;
  };
  const at = (path: Path): string => path.map(nameOf).join(".");

  const conditions = update.conditions.map((condition) => conditionExpression(condition, at, holding));
  const sets: string[] = [];
  const inserts: string[] = [];
  const removes: string[] = [];
  let zero: string | undefined;
  for (const change of update.changes) {
    switch (change.kind) {
      case "set":
        sets.push(`${at(change.path)}=${holding(change.value)}`);
        break;
      case "add":
        zero ??= holding(0);
        sets.push(`${at(change.path)}=if_not_exists(${at(change.path)},${zero})+${holding(change.by)}`);
        break;
      case "copy":
        sets.push(`${at(change.path)}=${at(change.from)}`);
        break;
      case "insert":
        inserts.push(`${at(change.path)} ${holding(new Set([change.member]))}`);
        break;
      case "remove":
        removes.push(at(change.path));
        break;
    }
  }

  const clauses = [clause("SET", sets), clause("ADD", inserts), clause("REMOVE", removes)].filter(
    (text) => text !== "",
  );
  return {
    UpdateExpression: clauses.join(" "),
    ...(conditions.length === 0 ? {} : { ConditionExpression: conditions.join(" AND ") }),
    ExpressionAttributeNames: Object.fromEntries([...names].map(([key, placeholder]) => [placeholder, key])),
    ...(values.size === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}

function conditionExpression(
  condition: Condition,
  at: (path: Path) => string,
  holding: (value: unknown) => string,
): string {
  const place = at(condition.path);
  switch (condition.kind) {
    case "absent":
      return `attribute_not_exists(${place})`;
    case "exists":
      return `attribute_exists(${place})`;
    case "equals":
      return `${place}=${holding(condition.value)}`;
    case "at-most":
      return `${place}<=${holding(condition.value)}`;
    case "lacks":
      return `(attribute_not_exists(${place}) OR NOT contains(${place},${holding(condition.value)}))`;
  }
}

function clause(verb: string, parts: readonly string[]): string {
  return parts.length === 0 ? "" : `${verb} ${parts.join(",")}`;
}
