import type { Facts } from "./condition.ts";
import type { IamPolicy, IamStatement } from "./iam-policy.ts";
import type { Naming, Principal } from "./principal.ts";

export type IamRequest = {
  principal: Principal;
  /** `sqs:SendMessage`; its case does not matter. */
  action: string;
  /** An ARN. */
  resource: string;
  /** Condition keys, whose case does not matter; those that follow from the principal need not be given. */
  context: Readonly<Record<string, string | readonly string[]>>;
};

export type IamPolicies = {
  /** The principal's own. */
  identity: readonly IamPolicy[];
  /** The resource's, if it has one. */
  resource?: IamPolicy | undefined;
  /**
   * Identity policies count only where the resource's policy leaves the decision to the account: KMS keys, and roles that
   * are assumed. @default false
   */
  delegated?: boolean;
};

export type Refusal =
  | { kind: "explicit-deny"; statement: string }
  | { kind: "no-allow" }
  /** An identity policy allows it, but the resource's policy does not let identity policies decide. */
  | { kind: "not-delegated"; policy: string };
export type Verdict = { kind: "allowed" } | { kind: "denied"; because: Refusal };

/**
 * Whether IAM lets a principal do one thing to one resource of its own account. An explicit denial wins; otherwise the
 * identity's or the resource's policy must allow it. There are no boundaries, session or organization policies.
 * Source: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies in AWS KMS".
 */
export function evaluate(request: IamRequest, policies: IamPolicies): Verdict {
  const facts = factsOf(request);
  const applying = (policy: IamPolicy): [IamStatement, Naming][] =>
    policy.statements.flatMap((statement): [IamStatement, Naming][] => {
      const naming = statement.principal(request.principal);
      const applies =
        naming !== "not" &&
        statement.action(request.action) &&
        statement.resource(request.resource) &&
        statement.conditions(facts);
      return applies ? [[statement, naming]] : [];
    });
  // A service by itself has no identity policies.
  const identity = "service" in request.principal ? [] : policies.identity.flatMap(applying);
  const resource = policies.resource === undefined ? [] : applying(policies.resource);

  const denial = [...identity, ...resource].find(([{ effect }]) => effect === "Deny");
  if (denial !== undefined) return denied({ kind: "explicit-deny", statement: denial[0].name });
  const allows = ([{ effect }]: [IamStatement, Naming]): boolean => effect === "Allow";
  if (resource.some((each) => allows(each) && each[1] === "named")) return { kind: "allowed" };
  if (!identity.some(allows)) return denied({ kind: "no-allow" });
  if (policies.delegated === true && !resource.some(allows)) {
    return denied({ kind: "not-delegated", policy: policies.resource?.name ?? "no policy" });
  }
  return { kind: "allowed" };
}

function factsOf({ principal, context }: IamRequest): Facts {
  const ofPrincipal =
    "service" in principal
      ? { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal.service }
      : {
          "aws:PrincipalArn": principal.arn,
          "aws:PrincipalAccount": principal.account,
          "aws:PrincipalIsAWSService": "false",
        };
  return new Map(
    Object.entries({ ...ofPrincipal, ...context }).map(([key, values]) => [key.toLowerCase(), [values].flat()]),
  );
}

function denied(because: Refusal): Verdict {
  return { kind: "denied", because };
}
