import { TemplateError } from "../template/template.ts";

/** Says whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

type Test = (value: unknown) => boolean;

const operators: Record<string, (operand: string) => Test> = {
  prefix: (operand) => (value) => typeof value === "string" && value.startsWith(operand),
  suffix: (operand) => (value) => typeof value === "string" && value.endsWith(operand),
  wildcard: (operand) => {
    const expression = new RegExp(`^${operand.split("*").map(escapeExpression).join(".*")}$`, "s");
    return (value) => typeof value === "string" && expression.test(value);
  },
};

/**
 * Compiles EventBridge's event pattern: exact values, `prefix`, `suffix` and `wildcard`, at any depth.
 * Throws TemplateError for another operator; a rule that matched differently here than on AWS would be worse than none.
 */
export function compilePattern(pattern: Record<string, unknown>, logicalId: string): EventPattern {
  const fields = Object.entries(pattern).map(([name, expected]): [string, EventPattern] => {
    if (Array.isArray(expected)) {
      const tests = expected.map((alternative) => compileTest(alternative, logicalId));
      // An array in the event matches when one of its values does.
      return [name, (value) => [value].flat().some((single) => tests.some((test) => test(single)))];
    }
    if (isRecord(expected)) return [name, compilePattern(expected, logicalId)];
    throw new TemplateError(
      `${logicalId}: the event pattern's ${name} needs a list of values, and got ${JSON.stringify(expected)}.`,
    );
  });
  return (event) => isRecord(event) && fields.every(([name, matches]) => name in event && matches(event[name]));
}

function compileTest(alternative: unknown, logicalId: string): Test {
  if (!isRecord(alternative)) return (value) => value === alternative;
  const [[operator = "", operand] = [], ...others] = Object.entries(alternative);
  const compile = operators[operator];
  if (compile !== undefined && others.length === 0 && typeof operand === "string") return compile(operand);
  throw new TemplateError(
    `${logicalId}: the event pattern ${JSON.stringify(alternative)} is not understood by the local engine. ` +
      `Understood: exact values, ${Object.keys(operators).join(", ")} with a text.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
