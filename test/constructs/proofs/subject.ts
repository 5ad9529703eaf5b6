import * as z from "zod";
import type { Account, AccountRole } from "../../../lib/local/iam/account.ts";
import type { Principal } from "../../../lib/local/iam/principal.ts";
import type { ResolvedResource } from "../../../lib/local/template/interpret.ts";

/** Someone who might ask for something: a function's role, someone who holds a managed policy, a stranger, a service. */
export type Subject = {
  /** `plan`, `lane bedrock-us-east-1-general`, `fallback restricted`, `holder of AccessReader…` */
  name: string;
  kind: "plan" | "classify" | "collect" | "sweep" | "lane" | "fallback" | "holder" | "other" | "service";
  /** What a lane's or fallback's function is told: not the role's path, which might be wrong. */
  zone: string | undefined;
  /** A lane's name. */
  lane: string | undefined;
  principal: Principal;
  environment: Record<string, string>;
};

const FunctionProperties = z.looseObject({
  Role: z.string(),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.string()) }),
});

/** Services that may ask in their own name, and one that has no business here. */
const services = ["events", "cloudwatch", "logging.s3", "delivery.logs", "lambda", "sns", "s3", "bedrock", "codebuild"];

/** Everyone: each role of the stack, holders of its managed policies, a role without any, another account, services. */
export function subjectsOf(account: Account, resources: readonly ResolvedResource[]): Subject[] {
  const functions = resources
    .filter(({ type }) => type === "AWS::Lambda::Function")
    .map(({ logicalId, properties }) => ({ logicalId, ...FunctionProperties.parse(properties) }));
  const plain = { zone: undefined, lane: undefined, environment: {} };
  const roles = [...account.roles.values()].map((role): Subject => {
    const principal = { arn: role.arn, account: account.id };
    const holder = holderOf(role);
    if (holder !== undefined) return { ...plain, name: `holder of ${holder}`, kind: "holder", principal };
    const found = functions.find(({ Role }) => Role === role.arn);
    if (found === undefined) return { ...plain, name: `role ${role.logicalId}`, kind: "other", principal };
    const environment = found.Environment.Variables;
    return {
      ...identify(found.logicalId, environment),
      zone: environment.ZONE,
      lane: environment.LANE,
      principal,
      environment,
    };
  });
  const strangers = [account.id, "999999999999"].map((id): Subject => {
    const principal = { arn: `arn:aws:iam::${id}:role/stranger`, account: id };
    return { ...plain, name: `a role of account ${id} without a policy`, kind: "other", principal };
  });
  return [
    ...roles,
    ...strangers,
    ...services.map((service): Subject => {
      const principal = { service: `${service}.amazonaws.com` };
      return { ...plain, name: principal.service, kind: "service", principal };
    }),
  ];
}

const holderPath = ":role/holder/";

/** The account with a role for each managed policy, which someone may hold. */
export function withHolders(account: Account): Account {
  const holders = [...account.managedPolicies].map(([policyArn, policy]): [string, AccountRole] => {
    const arn = policyArn.replace(":policy/", holderPath);
    return [
      arn,
      { arn, logicalId: policy.name, policies: [policy], trust: { name: `${policy.name}/trust`, statements: [] } },
    ];
  });
  return { ...account, roles: new Map([...account.roles, ...holders]) };
}

function holderOf({ arn, logicalId }: AccountRole): string | undefined {
  return arn.includes(holderPath) ? logicalId : undefined;
}

function identify(logicalId: string, { LANE, ZONE }: Record<string, string>): Pick<Subject, "name" | "kind"> {
  if (LANE !== undefined) return { name: `lane ${LANE}`, kind: "lane" };
  if (ZONE !== undefined) return { name: `fallback ${ZONE}`, kind: "fallback" };
  const kind = z
    .enum(["plan", "classify", "collect", "sweep"])
    .safeParse(/^(Plan|Classify|Collect|Sweep)/.exec(logicalId)?.[1]?.toLowerCase());
  return kind.success ? { name: kind.data, kind: kind.data } : { name: `function ${logicalId}`, kind: "other" };
}
