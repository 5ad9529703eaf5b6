import * as z from "zod";
import { type Condition, compileCondition, type Facts } from "./condition.ts";
import { glob, type Pattern, resourcePattern } from "./pattern.ts";
import { PolicyError } from "./policy-error.ts";
import { compilePrincipals, type Naming, type PrincipalMatcher } from "./principal.ts";

const Strings = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Values = z.union([Scalar, z.array(Scalar)]).transform((value) => [value].flat());
const Principals = z.union([z.string(), z.record(z.string(), Strings)]);
const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: Principals.optional(),
  NotPrincipal: Principals.optional(),
  Action: Strings.optional(),
  NotAction: Strings.optional(),
  Resource: Strings.optional(),
  NotResource: Strings.optional(),
  Condition: z.record(z.string(), z.record(z.string(), Values)).default({}),
});
const Document = z.strictObject({
  Version: z.enum(["2012-10-17", "2008-10-17"]).optional(),
  Id: z.string().optional(),
  Statement: z.preprocess((value) => [value].flat(), z.array(Statement)),
});

/** Whose policy it is: an identity's, a resource's, or a role's own, which says who may assume it. */
export type PolicyKind = "identity" | "resource" | "trust";

export type IamStatement = {
  /** Its policy, and its Sid or place in it. */
  name: string;
  effect: "Allow" | "Deny";
  /** How it means who asks; in an identity's policy that is always the identity. */
  principal: PrincipalMatcher;
  action: Pattern;
  resource: Pattern;
  conditions: (facts: Facts) => boolean;
};
/** A policy, ready to be asked. */
export type IamPolicy = { name: string; statements: readonly IamStatement[] };

/**
 * Compiles a policy document as CloudFormation resolves it. Throws PolicyError, naming the policy and the statement, for
 * whatever it does not understand.
 */
export function compilePolicy(document: unknown, { name, kind }: { name: string; kind: PolicyKind }): IamPolicy {
  const parsed = Document.safeParse(document);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new PolicyError(`${name}: ${faults.join("; ")}.`);
  }
  const statements = parsed.data.Statement.map((statement, index) =>
    compileStatement(statement, `${name}, ${statement.Sid ?? `statement ${index + 1}`}`, kind),
  );
  return { name, statements };
}

function compileStatement(statement: z.output<typeof Statement>, name: string, kind: PolicyKind): IamStatement {
  const { Effect, Action, NotAction, Resource, NotResource } = statement;
  const conditions = Object.entries(statement.Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]): Condition => {
      for (const value of values) refuseVariable(value, name);
      return compileCondition(operator, key, values, name);
    }),
  );
  return {
    name,
    effect: Effect,
    principal: principals(statement, name, kind),
    action: oneOf(Action, NotAction, "Action", name, (pattern) => glob(pattern, { ignoreCase: true })),
    resource:
      kind === "trust" && Resource === undefined && NotResource === undefined
        ? () => true
        : oneOf(Resource, NotResource, "Resource", name, (pattern) => {
            refuseVariable(pattern, name);
            return resourcePattern(pattern);
          }),
    conditions: (facts) => conditions.every((holds) => holds(facts)),
  };
}

function principals(statement: z.output<typeof Statement>, name: string, kind: PolicyKind): PrincipalMatcher {
  const { Effect, Principal, NotPrincipal } = statement;
  if (kind === "identity") {
    if (Principal === undefined && NotPrincipal === undefined) return () => "named";
    throw new PolicyError(`${name}: an identity's policy names no principal.`);
  }
  if (Principal !== undefined && NotPrincipal === undefined) return compilePrincipals(Principal, name);
  if (NotPrincipal === undefined || Principal !== undefined || Effect === "Allow") {
    throw new PolicyError(`${name}: a resource's policy has either a Principal or, when it denies, a NotPrincipal.`);
  }
  const excepted = compilePrincipals(NotPrincipal, name);
  // Whether an exception by account reaches its roles is not said plainly: a denial that may not apply does not count.
  return (principal): Naming => (excepted(principal) === "not" ? "named" : "not");
}

function oneOf(
  yes: string[] | undefined,
  no: string[] | undefined,
  element: string,
  name: string,
  compile: (pattern: string) => Pattern,
): Pattern {
  if ((yes === undefined) === (no === undefined)) {
    throw new PolicyError(`${name}: it needs ${element} or Not${element}, and not both.`);
  }
  const patterns = (yes ?? no ?? []).map(compile);
  const wanted = yes !== undefined;
  return (text) => patterns.some((matches) => matches(text)) === wanted;
}

function refuseVariable(value: string, name: string): void {
  if (value.includes("${")) throw new PolicyError(`${name}: policy variables are not understood: ${value}.`);
}
