import { arnPattern, glob, type Pattern } from "./pattern.ts";
import { PolicyError } from "./policy-error.ts";

/** Condition keys, in lower case, with the values that the request has for them. */
export type Facts = ReadonlyMap<string, readonly string[]>;
export type Condition = (facts: Facts) => boolean;

/**
 * One operator on one key: `ForAnyValue:StringLikeIfExists`, say. Throws PolicyError for an operator or value that it
 * does not understand. Source: IAM User Guide, "Condition operators" and "Multivalued context keys".
 */
export function compileCondition(operator: string, key: string, wanted: readonly string[], where: string): Condition {
  const [, quantifier, name = "", ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/.exec(operator) ?? [];
  const fact = key.toLowerCase();
  if (name === "Null" && quantifier === undefined && ifExists === undefined) {
    const absences = wanted.map((value) => boolean(value, where) === "true");
    return (facts) => absences.includes((facts.get(fact) ?? []).length === 0);
  }
  const comparison = comparisons.get(name);
  if (comparison === undefined) {
    throw new PolicyError(
      `${where}: the condition operator ${operator} is not understood. Understood: Null, ${[...comparisons.keys()].join(", ")}, ` +
        "the latter also with IfExists, ForAnyValue: and ForAllValues:.",
    );
  }
  const patterns = wanted.map((value) => comparison.compile(value, where));
  const holds = (value: string): boolean => patterns.some((matches) => matches(value)) !== comparison.negated;

  return (facts) => {
    const values = facts.get(fact) ?? [];
    if (quantifier === "ForAllValues") return values.every(holds);
    if (values.length === 0) return ifExists !== undefined || (quantifier === undefined && comparison.negated);
    if (quantifier === "ForAnyValue") return values.some(holds);
    if (values.length === 1) return values.every(holds);
    throw new PolicyError(
      `${where}: ${key} has several values, so its operator must begin with ForAnyValue: or ForAllValues:.`,
    );
  };
}

type Comparison = { negated: boolean; compile: (wanted: string, where: string) => Pattern };

const plain = (compile: Comparison["compile"]): Comparison => ({ negated: false, compile });
const not = (compile: Comparison["compile"]): Comparison => ({ negated: true, compile });

const equal: Comparison["compile"] = (wanted) => (value) => value === wanted;
const equalIgnoringCase: Comparison["compile"] = (wanted) => (value) => value.toLowerCase() === wanted.toLowerCase();
const like: Comparison["compile"] = (wanted) => glob(wanted);
const arn: Comparison["compile"] = (wanted, where) => {
  const pattern = arnPattern(wanted);
  if (pattern === undefined) throw new PolicyError(`${where}: ${wanted} is no ARN of six parts.`);
  return pattern;
};
const number =
  (holds: (value: number, wanted: number) => boolean): Comparison["compile"] =>
  (wanted, where) => {
    const limit = Number(wanted);
    if (wanted === "" || Number.isNaN(limit)) throw new PolicyError(`${where}: ${wanted} is no number.`);
    return (value) => holds(Number(value), limit);
  };

const comparisons = new Map<string, Comparison>(
  Object.entries({
    StringEquals: plain(equal),
    StringNotEquals: not(equal),
    StringEqualsIgnoreCase: plain(equalIgnoringCase),
    StringNotEqualsIgnoreCase: not(equalIgnoringCase),
    StringLike: plain(like),
    StringNotLike: not(like),
    // Both pairs take wildcards.
    ArnEquals: plain(arn),
    ArnNotEquals: not(arn),
    ArnLike: plain(arn),
    ArnNotLike: not(arn),
    Bool: plain((wanted, where) => {
      const value = boolean(wanted, where);
      return (given) => given.toLowerCase() === value;
    }),
    NumericEquals: plain(number((value, wanted) => value === wanted)),
    NumericNotEquals: not(number((value, wanted) => value === wanted)),
    NumericLessThan: plain(number((value, wanted) => value < wanted)),
    NumericLessThanEquals: plain(number((value, wanted) => value <= wanted)),
    NumericGreaterThan: plain(number((value, wanted) => value > wanted)),
    NumericGreaterThanEquals: plain(number((value, wanted) => value >= wanted)),
  }),
);

function boolean(value: string, where: string): "true" | "false" {
  const lower = value.toLowerCase();
  if (lower === "true" || lower === "false") return lower;
  throw new PolicyError(`${where}: ${value} is neither true nor false.`);
}
