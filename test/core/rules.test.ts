import { describe, expect, it } from "vitest";
import { features } from "../../lib/core/features.ts";
import { type ConditionInput, compileCondition, conditionValues } from "../../lib/core/rules.ts";

const input: ConditionInput = {
  ...features({ model: "auto", messages: [{ role: "user", content: "Where is my card?" }] }),
  complexity: "lightweight",
  dataClass: "pii",
  residency: "",
  tenant: "",
  priority: "",
  tags: { kind: "report" },
};

function evaluate(expression: string, more: Partial<ConditionInput> = {}): boolean | undefined {
  const compiled = compileCondition(expression);
  if (compiled.kind === "invalid") throw new Error(compiled.message);
  return compiled.condition(conditionValues({ ...input, ...more }));
}

describe("a condition", () => {
  it.each([
    ["inputTokens < 300 && turns == 1", true],
    ["inputTokens > 30000 || (inputTokens > 4000 && responseFormat == 'json_schema')", false],
    ["hasTools", false],
    ["complexity == 'lightweight' && dataClass == 'pii'", true],
    ["residency == ''", true],
    ["language in ['en', 'de']", true],
    ["tags.kind == 'report'", true],
    ["has(tags.team) && tags.team == 'a'", false],
    ["'kind' in tags", true],
  ])("evaluates %j to %j", (expression, value) => {
    expect(evaluate(expression)).toBe(value);
  });

  it("cannot be evaluated when it reads what is not there", () => {
    expect(evaluate("tags.team == 'a'")).toBeUndefined();
    expect(evaluate("tags.constructor == 'a'")).toBeUndefined();
    expect(evaluate("1 / numbers == 1")).toBeUndefined();
  });

  it.each([
    ["", /./, 0],
    ["inputTokens >", /Unexpected token/, 13],
    ["inputToken > 3", /unknown name "inputToken"; did you mean "inputTokens"\?/, 0],
    ["hasTools && foo", /unknown name "foo"; there are inputTokens/, 12],
    ["language == 3", /string == int/, 0],
    ["inputTokens + 1", /must be true or false, but is int/, 0],
    ["tags", /must be true or false/, 0],
    ["dyn(true)", /must be true or false/, 0],
    ["hasTools || language.matches('^(a+)+$')", /matches\(\) is not available/, 12],
    ["hasTools.foo", /./, 0],
  ])("refuses %j", (expression, message, offset) => {
    const compiled = compileCondition(expression);

    expect(compiled).toMatchObject({ kind: "invalid", message: expect.stringMatching(message) });
    if (offset > 0) expect(compiled).toMatchObject({ offset });
  });

  it("refuses one that is too large", () => {
    expect(compileCondition(Array.from({ length: 600 }, () => "hasTools").join(" || ")).kind).toBe("invalid");
  });
});
