import { type ASTNode, Environment, EvaluationError, ParseError, TypeError as TypeFault } from "@marcbachmann/cel-js";
import { didYouMean } from "./configuration/nearest-name.ts";
import type { Features } from "./features.ts";
import type { Tier } from "./names.ts";

/** What a condition can name: the features, the complexity, and what the job says of itself (empty where it says nothing). */
export type ConditionInput = Features & {
  complexity: Tier;
  dataClass: string;
  residency: string;
  tenant: string;
  priority: string;
  tags: Readonly<Record<string, string>>;
};

/** The values of a `ConditionInput` as CEL wants them: integers as bigint. Made once a job, for all conditions. */
export type ConditionValues = Readonly<Record<string, unknown>>;

const variables: Readonly<Record<keyof ConditionInput, "int" | "bool" | "string" | "map<string, string>">> = {
  inputTokens: "int",
  maxOutputTokens: "int",
  turns: "int",
  messages: "int",
  hasSystem: "bool",
  hasTools: "bool",
  hasImages: "bool",
  responseFormat: "string",
  language: "string",
  hasCode: "bool",
  hasMath: "bool",
  numbers: "int",
  questionWords: "int",
  questions: "int",
  reasoningWords: "int",
  sentences: "int",
  characters: "int",
  complexity: "string",
  dataClass: "string",
  residency: "string",
  tenant: "string",
  priority: "string",
  tags: "map<string, string>",
};

/** A `when`: true or false for a job; undefined when it cannot be evaluated, as when it reads a tag that is not there. */
export type Condition = (values: ConditionValues) => boolean | undefined;

export type CompiledCondition =
  | { kind: "compiled"; condition: Condition }
  /** `offset`: the character of the expression where the fault is. */
  | { kind: "invalid"; message: string; offset: number };

const environment = Object.entries(variables).reduce(
  (so, [name, type]) => so.registerVariable(name, type),
  new Environment({ limits: { maxAstNodes: 500, maxDepth: 50 } }),
);

/** Compiles a CEL expression. It must be bool, may name only a job's variables, and may not call `matches()`. */
export function compileCondition(expression: string): CompiledCondition {
  const checked = environment.check(expression);
  if (!checked.valid) return invalid(explain(checked.error, expression), checked.error?.range?.start ?? 0);
  if (checked.type !== "bool") return invalid(`must be true or false, but is ${checked.type}.`, 0);
  const evaluate = environment.parse(expression);
  const regex = findCall(evaluate.ast, "matches");
  // It backtracks: one expression over one long text could hold a worker for minutes.
  if (regex !== undefined)
    return invalid("matches() is not available; use contains(), startsWith() or endsWith().", regex.start);
  const condition: Condition = (values) => {
    try {
      const value: unknown = evaluate({ ...values });
      return typeof value === "boolean" ? value : undefined;
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof TypeFault || error instanceof ParseError)
        return undefined;
      throw error;
    }
  };
  return { kind: "compiled", condition };
}

export function conditionValues(input: ConditionInput): ConditionValues {
  return {
    ...input,
    inputTokens: BigInt(input.inputTokens),
    maxOutputTokens: BigInt(input.maxOutputTokens),
    turns: BigInt(input.turns),
    messages: BigInt(input.messages),
    numbers: BigInt(input.numbers),
    questionWords: BigInt(input.questionWords),
    questions: BigInt(input.questions),
    reasoningWords: BigInt(input.reasoningWords),
    sentences: BigInt(input.sentences),
    characters: BigInt(input.characters),
  };
}

function explain(error: ParseError | TypeFault | undefined, expression: string): string {
  const names = Object.keys(variables);
  if (error?.code === "unknown_variable") {
    const { start, end } = error.range ?? { start: 0, end: 0 };
    const typed = expression.slice(start, end);
    return `unknown name "${typed}"${didYouMean(typed, names)}; there are ${names.join(", ")}.`;
  }
  return `${error?.summary ?? "cannot be read as CEL"}.`;
}

/** The first call of a function or method by a name, anywhere in an expression. */
function findCall(node: ASTNode, name: string): ASTNode | undefined {
  if ((node.op === "call" || node.op === "rcall") && node.args[0] === name) return node;
  for (const child of childrenOf(node.args)) {
    const found = findCall(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childrenOf(args: unknown): ASTNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(childrenOf) : [];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function invalid(message: string, offset: number): CompiledCondition {
  return { kind: "invalid", message, offset };
}
