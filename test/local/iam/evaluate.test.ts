import { describe, expect, it } from "vitest";
import { evaluate, type IamRequest } from "../../../lib/local/iam/evaluate.ts";
import { compilePolicy } from "../../../lib/local/iam/iam-policy.ts";

const account = "000000000000";
const role = `arn:aws:iam::${account}:role/team/worker`;
const queue = `arn:aws:sqs:eu-west-1:${account}:jobs`;
const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue };
const deny = { ...allow, Effect: "Deny" };

type Case = { identity?: unknown; resourcePolicy?: unknown; delegated?: boolean } & Partial<IamRequest>;

function ask({ identity = [], resourcePolicy, delegated = false, ...request }: Case): string {
  const { kind } = evaluate(
    {
      principal: { arn: role, account },
      action: "sqs:SendMessage",
      resource: queue,
      context: {},
      ...request,
    },
    {
      identity: [compilePolicy({ Statement: identity }, { name: "role", kind: "identity" })],
      resource:
        resourcePolicy === undefined
          ? undefined
          : compilePolicy({ Statement: resourcePolicy }, { name: "queue", kind: "resource" }),
      delegated,
    },
  );
  return kind;
}

describe("evaluate", () => {
  it.each<[string, Case, "allowed" | "denied"]>([
    ["nothing says anything", {}, "denied"],
    ["the identity's policy allows it", { identity: allow }, "allowed"],
    [
      "one of several statements allows it",
      { identity: [{ ...allow, Action: "sqs:ReceiveMessage" }, allow] },
      "allowed",
    ],
    ["the identity's policy allows and denies it", { identity: [allow, deny] }, "denied"],
    [
      "the resource's policy denies it to everyone",
      { identity: allow, resourcePolicy: { ...deny, Principal: "*" } },
      "denied",
    ],
    [
      "the resource's policy denies it to the account",
      { identity: allow, resourcePolicy: { ...deny, Principal: { AWS: account } } },
      "denied",
    ],
    [
      "the resource's policy denies it to another role",
      { identity: allow, resourcePolicy: { ...deny, Principal: { AWS: `${role}-2` } } },
      "allowed",
    ],
    [
      "only the resource's policy allows it, to the role",
      { resourcePolicy: { ...allow, Principal: { AWS: [role] } } },
      "allowed",
    ],
    [
      "only the resource's policy allows it, to everyone",
      { resourcePolicy: { ...allow, Principal: { AWS: "*" } } },
      "allowed",
    ],
    [
      "only the resource's policy allows it, to the account",
      { resourcePolicy: { ...allow, Principal: { AWS: `arn:aws:iam::${account}:root` } } },
      "denied",
    ],
    [
      "only the resource's policy allows it, to a service",
      { resourcePolicy: { ...allow, Principal: { Service: "events.amazonaws.com" } } },
      "denied",
    ],
    [
      "a service asks, which the resource's policy allows",
      {
        principal: { service: "events.amazonaws.com" },
        resourcePolicy: { ...allow, Principal: { Service: "events.amazonaws.com" } },
      },
      "allowed",
    ],
    [
      "another service asks",
      {
        principal: { service: "sns.amazonaws.com" },
        resourcePolicy: { ...allow, Principal: { Service: "events.amazonaws.com" } },
      },
      "denied",
    ],
    [
      "a service asks, and only an identity's policy allows",
      { principal: { service: "sns.amazonaws.com" }, identity: allow },
      "denied",
    ],
    [
      "everyone but one role is denied, and it is that role",
      { identity: allow, resourcePolicy: { ...deny, NotPrincipal: { AWS: role } } },
      "allowed",
    ],
    [
      "everyone but one role is denied, and it is another",
      { identity: allow, resourcePolicy: { ...deny, NotPrincipal: { AWS: `${role}-2` } } },
      "denied",
    ],
    ["a key's policy says nothing", { identity: allow, delegated: true, resourcePolicy: [] }, "denied"],
    [
      "a key's policy leaves it to the account",
      { identity: allow, delegated: true, resourcePolicy: { ...allow, Principal: { AWS: account } } },
      "allowed",
    ],
    [
      "a key's policy leaves it to another account",
      { identity: allow, delegated: true, resourcePolicy: { ...allow, Principal: { AWS: "111111111111" } } },
      "denied",
    ],
    [
      "a key's policy leaves another action to the account",
      {
        identity: allow,
        delegated: true,
        resourcePolicy: { ...allow, Action: "sqs:Receive*", Principal: { AWS: account } },
      },
      "denied",
    ],
    [
      "a key's policy leaves it to the account, and no identity policy allows it",
      { delegated: true, resourcePolicy: { ...allow, Principal: { AWS: account } } },
      "denied",
    ],
    [
      "a key's policy names the role",
      { delegated: true, resourcePolicy: { ...allow, Principal: { AWS: role } } },
      "allowed",
    ],
  ])("when %s", (_when, request, expected) => {
    expect(ask(request)).toBe(expected);
  });

  it.each<[string, object, "allowed" | "denied"]>([
    ["an action in another case", { Action: "SQS:sendmessage" }, "allowed"],
    ["an action pattern", { Action: "sqs:Send*" }, "allowed"],
    ["an action pattern with ?", { Action: "sqs:SendMessag?" }, "allowed"],
    ["an action pattern that is too short", { Action: "sqs:SendMessage?" }, "denied"],
    ["every action", { Action: "*" }, "allowed"],
    ["all actions but another", { Action: undefined, NotAction: "sqs:DeleteMessage" }, "allowed"],
    ["all actions but a pattern of it", { Action: undefined, NotAction: ["iam:*", "sqs:*"] }, "denied"],
    ["every resource", { Resource: "*" }, "allowed"],
    ["a resource in another case", { Resource: queue.toUpperCase() }, "denied"],
    ["a resource pattern that ends early", { Resource: "arn:aws:sqs:*" }, "allowed"],
    ["a resource pattern in each part", { Resource: "arn:aws:sqs:eu-*:*:j?bs" }, "allowed"],
    ["a resource pattern that would have to cross a part", { Resource: "arn:aws:s*1:000000000000:jobs" }, "denied"],
    ["a resource pattern of another region", { Resource: "arn:aws:sqs:us-*:*:jobs" }, "denied"],
    ["a dot, which is no wildcard", { Resource: queue.replace("jobs", "j.bs") }, "denied"],
    ["all resources but another", { Resource: undefined, NotResource: `${queue}-2` }, "allowed"],
    ["all resources but a pattern of it", { Resource: undefined, NotResource: [`${queue}*`] }, "denied"],
    ["one of several resources", { Resource: [`${queue}-2`, queue] }, "allowed"],
  ])("allows the request by %s or not", (_what, statement, expected) => {
    expect(ask({ identity: { ...allow, ...statement } })).toBe(expected);
  });

  it.each<[string, object, Record<string, string | string[]>, boolean]>([
    ["StringEquals", { StringEquals: { k: "a" } }, { k: "a" }, true],
    ["StringEquals of one of several values", { StringEquals: { k: ["b", "a"] } }, { k: "a" }, true],
    ["StringEquals in another case", { StringEquals: { k: "a" } }, { k: "A" }, false],
    ["StringEquals of a star, which is no wildcard", { StringEquals: { k: "*" } }, { k: "a" }, false],
    ["StringEquals without the key", { StringEquals: { k: "a" } }, {}, false],
    [
      "StringEquals of a key in another case",
      { StringEquals: { "aws:SourceArn": "a" } },
      { "AWS:sourcearn": "a" },
      true,
    ],
    ["StringEqualsIgnoreCase", { StringEqualsIgnoreCase: { k: "a" } }, { k: "A" }, true],
    ["StringNotEqualsIgnoreCase", { StringNotEqualsIgnoreCase: { k: "a" } }, { k: "A" }, false],
    ["StringNotEquals of another", { StringNotEquals: { k: "a" } }, { k: "b" }, true],
    ["StringNotEquals of one of several", { StringNotEquals: { k: ["a", "b"] } }, { k: "b" }, false],
    ["StringNotEquals without the key", { StringNotEquals: { k: "a" } }, {}, true],
    ["StringEqualsIfExists without the key", { StringEqualsIfExists: { k: "a" } }, {}, true],
    ["StringEqualsIfExists with another", { StringEqualsIfExists: { k: "a" } }, { k: "b" }, false],
    ["StringLike", { StringLike: { k: "a?c*" } }, { k: "abcd" }, true],
    ["StringLike over the whole value only", { StringLike: { k: "b" } }, { k: "abc" }, false],
    ["StringNotLike", { StringNotLike: { k: "a*" } }, { k: "abc" }, false],
    ["ArnLike", { ArnLike: { k: "arn:aws:sqs:*:*:x-*" } }, { k: "arn:aws:sqs:r:1:x-y" }, true],
    [
      "ArnEquals with a wildcard",
      { ArnEquals: { k: "arn:aws:iam::1:role/a/*" } },
      { k: "arn:aws:iam::1:role/a/b/c" },
      true,
    ],
    [
      "ArnLike that would have to cross a part",
      { ArnLike: { k: "arn:aws:s*:r:1:q" } },
      { k: "arn:aws:sqs:x:r:1:q" },
      false,
    ],
    ["ArnLike of what is no ARN", { ArnLike: { k: "arn:*:*:*:*:*" } }, { k: "x" }, false],
    ["ArnNotLike", { ArnNotLike: { k: "arn:aws:iam::1:role/a/*" } }, { k: "arn:aws:iam::1:role/b/c" }, true],
    ["ArnNotEquals without the key", { ArnNotEquals: { k: "arn:aws:iam::1:role/a" } }, {}, true],
    ["Null of an absent key", { Null: { k: "true" } }, {}, true],
    ["Null of a present key", { Null: { k: true } }, { k: "a" }, false],
    ["Null false of a present key", { Null: { k: "false" } }, { k: "a" }, true],
    ["Bool", { Bool: { k: false } }, { k: "false" }, true],
    ["Bool of the other", { Bool: { k: "true" } }, { k: "false" }, false],
    ["Bool without the key", { Bool: { k: "false" } }, {}, false],
    ["BoolIfExists without the key", { BoolIfExists: { k: "false" } }, {}, true],
    ["NumericLessThan", { NumericLessThan: { k: 1.2 } }, { k: "1.1" }, true],
    ["NumericLessThan of the same", { NumericLessThan: { k: "1.2" } }, { k: "1.2" }, false],
    ["NumericLessThanEquals of the same", { NumericLessThanEquals: { k: "1.2" } }, { k: "1.2" }, true],
    ["NumericGreaterThan of no number", { NumericGreaterThan: { k: "0" } }, { k: "x" }, false],
    ["NumericNotEquals", { NumericNotEquals: { k: "1" } }, { k: "2" }, true],
    ["ForAnyValue with one of them", { "ForAnyValue:StringEquals": { k: ["a", "z"] } }, { k: ["a", "b"] }, true],
    ["ForAnyValue with none of them", { "ForAnyValue:StringEquals": { k: "z" } }, { k: ["a", "b"] }, false],
    ["ForAnyValue without the key", { "ForAnyValue:StringNotEquals": { k: "z" } }, {}, false],
    [
      "ForAnyValue negated with another value besides",
      { "ForAnyValue:StringNotEquals": { k: "a" } },
      { k: ["a", "b"] },
      true,
    ],
    ["ForAllValues with all of them", { "ForAllValues:StringLike": { k: ["a*", "b"] } }, { k: ["aa", "b"] }, true],
    ["ForAllValues with one too many", { "ForAllValues:StringLike": { k: ["a*"] } }, { k: ["aa", "b"] }, false],
    ["ForAllValues without the key", { "ForAllValues:StringEquals": { k: "a" } }, {}, true],
    [
      "two operators, one of which fails",
      { StringEquals: { k: "a" }, StringLike: { l: "x*" } },
      { k: "a", l: "y" },
      false,
    ],
    ["two keys, one of which fails", { StringEquals: { k: "a", l: "b" } }, { k: "a", l: "c" }, false],
    ["the principal's own ARN", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/team/*` } }, {}, true],
    ["the principal's account", { StringEquals: { "aws:PrincipalAccount": account } }, {}, true],
  ])("holds a condition to %s", (_what, condition, context, holds) => {
    expect(ask({ identity: { ...allow, Condition: condition }, context })).toBe(holds ? "allowed" : "denied");
  });

  it("says which statement denied it", () => {
    const policy = compilePolicy({ Statement: [allow, { ...deny, Sid: "Never" }] }, { name: "role", kind: "identity" });
    const request = { principal: { arn: role, account }, action: "sqs:SendMessage", resource: queue, context: {} };

    const verdict = evaluate(request, { identity: [policy] });

    expect(verdict).toEqual({ kind: "denied", because: { kind: "explicit-deny", statement: "role, Never" } });
  });

  it("refuses to compare a key of several values with one", () => {
    const identity = { ...allow, Condition: { StringEquals: { k: "a" } } };

    expect(() => ask({ identity, context: { k: ["a", "b"] } })).toThrow("ForAnyValue");
  });
});

describe("compilePolicy", () => {
  it.each<[string, "identity" | "resource" | "trust", unknown, RegExp]>([
    [
      "an unknown operator",
      "identity",
      { ...allow, Condition: { StringMatches: { k: "a" } } },
      /StringMatches is not understood.*Understood: Null, StringEquals/,
    ],
    [
      "an operator that only looks known",
      "identity",
      { ...allow, Condition: { toString: { k: "a" } } },
      /toString is not understood/,
    ],
    ["an unknown element", "identity", { ...allow, Conditions: {} }, /Conditions/],
    ["an unknown effect", "identity", { ...allow, Effect: "allow" }, /Effect/],
    [
      "a policy variable",
      "identity",
      { ...allow, Resource: ["arn:aws:s3:::b/$", "{aws:username}"].join("") },
      /variables are not understood/,
    ],
    ["no action", "identity", { Effect: "Allow", Resource: "*" }, /needs Action or NotAction/],
    ["an action and its opposite", "identity", { ...allow, NotAction: "*" }, /needs Action or NotAction/],
    ["no resource", "resource", { Effect: "Allow", Principal: "*", Action: "*" }, /needs Resource or NotResource/],
    ["a principal in an identity's policy", "identity", { ...allow, Principal: "*" }, /names no principal/],
    ["no principal in a resource's policy", "resource", allow, /Principal/],
    ["everyone but some being allowed", "resource", { ...allow, NotPrincipal: { AWS: account } }, /NotPrincipal/],
    [
      "a pattern of principals",
      "resource",
      { ...allow, Principal: { AWS: `arn:aws:iam::${account}:role/*` } },
      /written out/,
    ],
    [
      "a federated principal",
      "trust",
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Federated: "x" } },
      /Federated/,
    ],
    ["what is no ARN in an ARN condition", "identity", { ...allow, Condition: { ArnLike: { k: "role/x" } } }, /no ARN/],
    [
      "what is no number in a numeric condition",
      "identity",
      { ...allow, Condition: { NumericLessThan: { k: "x" } } },
      /no number/,
    ],
    [
      "what is no boolean in a boolean condition",
      "identity",
      { ...allow, Condition: { Bool: { k: "yes" } } },
      /neither true nor false/,
    ],
  ])("refuses %s, and says where", (_what, kind, statement, message) => {
    const compile = () =>
      compilePolicy({ Statement: [allow, statement].slice(kind === "identity" ? 0 : 1) }, { name: "P", kind });

    expect(compile).toThrow(message);
    expect(compile).toThrow(/^P/);
  });

  it("reads a role's trust, which names no resource", () => {
    const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };

    const resource = compilePolicy({ Version: "2012-10-17", Statement: trust }, { name: "role", kind: "trust" });

    const request = { action: "sts:AssumeRole", resource: role, context: {} };
    expect(
      evaluate({ principal: { service: "lambda.amazonaws.com" }, ...request }, { identity: [], resource }),
    ).toEqual({ kind: "allowed" });
  });
});
