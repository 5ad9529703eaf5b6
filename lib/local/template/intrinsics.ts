import { TemplateError } from "./template.ts";

/** What an expression may refer to. `where` is the logical id and path for error messages. */
export type Scope = {
  reference(name: string, where: string): unknown;
  attribute(logicalId: string, attribute: string, where: string): unknown;
  condition(name: string, where: string): boolean;
};

/** What `AWS::NoValue` resolves to: the property or list entry that holds it is left out. */
export const noValue = Symbol("AWS::NoValue");

type Intrinsic = (argument: unknown, scope: Scope, where: string) => unknown;

const intrinsics: Record<string, Intrinsic> = {
  Ref: (argument, scope, where) => scope.reference(text(argument, "Ref", where), where),
  "Fn::GetAtt": (argument, scope, where) => {
    const [logicalId, attribute] = list(argument, "Fn::GetAtt", where);
    return scope.attribute(text(logicalId, "Fn::GetAtt", where), text(attribute, "Fn::GetAtt", where), where);
  },
  "Fn::Join": (argument, scope, where) => {
    const [separator, values] = list(argument, "Fn::Join", where);
    const parts = list(resolve(values, scope, where), "Fn::Join", where);
    return parts.map((part) => text(part, "Fn::Join", where)).join(text(separator, "Fn::Join", where));
  },
  "Fn::Split": (argument, scope, where) => {
    const [separator, value] = list(argument, "Fn::Split", where);
    return text(resolve(value, scope, where), "Fn::Split", where).split(text(separator, "Fn::Split", where));
  },
  "Fn::Select": (argument, scope, where) => {
    const [index, values] = list(argument, "Fn::Select", where);
    const chosen = list(resolve(values, scope, where), "Fn::Select", where)[Number(resolve(index, scope, where))];
    if (chosen === undefined) throw new TemplateError(`${where}: Fn::Select has no entry ${JSON.stringify(index)}.`);
    return chosen;
  },
  "Fn::Sub": substitute,
  "Fn::If": (argument, scope, where) => {
    const [name, whenTrue, whenFalse] = list(argument, "Fn::If", where);
    return resolve(scope.condition(text(name, "Fn::If", where), where) ? whenTrue : whenFalse, scope, where);
  },
};

const conditions: Record<string, Intrinsic> = {
  "Fn::Equals": (argument, scope, where) => {
    const [left, right] = list(resolve(argument, scope, where), "Fn::Equals", where);
    return String(left) === String(right);
  },
  "Fn::And": (argument, scope, where) =>
    list(argument, "Fn::And", where).every((part) => evaluateCondition(part, scope, where)),
  "Fn::Or": (argument, scope, where) =>
    list(argument, "Fn::Or", where).some((part) => evaluateCondition(part, scope, where)),
  "Fn::Not": (argument, scope, where) => !evaluateCondition(list(argument, "Fn::Not", where)[0], scope, where),
};

/** The value with every intrinsic replaced by what it stands for; throws TemplateError for one it does not know. */
export function resolve(value: unknown, scope: Scope, where: string): unknown {
  if (Array.isArray(value)) {
    return value
      .map((entry, index) => resolve(entry, scope, `${where}[${index}]`))
      .filter((entry) => entry !== noValue);
  }
  if (typeof value !== "object" || value === null) return value;
  const call = intrinsicCall(value);
  if (call !== undefined) {
    const intrinsic = intrinsics[call.name];
    if (intrinsic === undefined) throw unknownIntrinsic(call.name, Object.keys(intrinsics), where);
    return intrinsic(call.argument, scope, where);
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const part = resolve(entry, scope, `${where}.${key}`);
    if (part !== noValue) resolved[key] = part;
  }
  return resolved;
}

/** Whether a condition expression holds. */
export function evaluateCondition(expression: unknown, scope: Scope, where: string): boolean {
  if (typeof expression !== "object" || expression === null) {
    throw unknownIntrinsic(JSON.stringify(expression), Object.keys(conditions), where);
  }
  if ("Condition" in expression) return scope.condition(text(expression.Condition, "Condition", where), where);
  const call = intrinsicCall(expression);
  const condition = call === undefined ? undefined : conditions[call.name];
  if (call === undefined || condition === undefined) {
    throw unknownIntrinsic(call?.name ?? JSON.stringify(expression), Object.keys(conditions), where);
  }
  return condition(call.argument, scope, where) === true;
}

/** Every logical id, parameter and pseudo-parameter that the value refers to. */
export function referencesOf(value: unknown): Set<string> {
  const found = new Set<string>();
  function visit(part: unknown): void {
    if (typeof part !== "object" || part === null) return;
    const call = intrinsicCall(part);
    if (call?.name === "Ref") found.add(String(call.argument));
    if (call?.name === "Fn::GetAtt" && Array.isArray(call.argument)) found.add(String(call.argument[0]));
    if (call?.name === "Fn::Sub") {
      const template = Array.isArray(call.argument) ? call.argument[0] : call.argument;
      for (const [, name = ""] of String(template).matchAll(placeholder)) found.add(name.split(".")[0] ?? name);
    }
    Object.values(part).forEach(visit);
  }
  visit(value);
  return found;
}

const placeholder = /\$\{(?!!)([^}]+)\}/g;

function substitute(argument: unknown, scope: Scope, where: string): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = new Map(Object.entries(given ?? {}));
  return text(template, "Fn::Sub", where)
    .replace(placeholder, (_match, name: string) => {
      if (variables.has(name)) return text(resolve(variables.get(name), scope, where), "Fn::Sub", where);
      const [logicalId = "", ...attribute] = name.split(".");
      const value =
        attribute.length > 0
          ? scope.attribute(logicalId, attribute.join("."), where)
          : scope.reference(logicalId, where);
      return text(value, "Fn::Sub", where);
    })
    .replace(/\$\{!([^}]+)\}/g, (_match, literal: string) => `\${${literal}}`);
}

function intrinsicCall(value: object): { name: string; argument: unknown } | undefined {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  const [name, argument] = entry;
  return name === "Ref" || name.startsWith("Fn::") ? { name, argument } : undefined;
}

function unknownIntrinsic(name: string, known: string[], where: string): TemplateError {
  return new TemplateError(
    `${where}: ${name} is not understood by the local engine. Understood here: ${known.join(", ")}.`,
  );
}

function text(value: unknown, intrinsic: string, where: string): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TemplateError(`${where}: ${intrinsic} needs text, and got ${JSON.stringify(value)}.`);
}

function list(value: unknown, intrinsic: string, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${where}: ${intrinsic} needs a list, and got ${JSON.stringify(value)}.`);
}
