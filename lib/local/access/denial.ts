import type { Account, AccountRole } from "../iam/account.ts";
import type { Refusal } from "../iam/evaluate.ts";

/** A call of a function that IAM refuses on AWS. */
export type Denial = {
  functionName: string;
  /** `service.Operation` */
  call: string;
  /** The IAM action that is not allowed; another service's where that is what is missing, such as the use of a queue's key. */
  action: string;
  /** ARN */
  resource: string;
  /** Which policy is to blame, by its logical id where there is one. */
  why: string;
  /** As AWS says it to the caller. */
  message: string;
  /** As what AWS denies it, where it does not come to the question of rights. @default the service's "access denied" */
  code?: "MissingAuthenticationTokenException" | "UnrecognizedClientException" | "AccessDeniedException";
};

/** What Bedrock answers to whom it does not know. Source: Amazon Bedrock User Guide, "Troubleshooting API error codes". */
export function notAuthenticated(call: string, signer: string | undefined): Denial {
  const common = { functionName: "?", call, action: call, resource: "*" };
  return signer === undefined
    ? {
        ...common,
        code: "MissingAuthenticationTokenException",
        why: "it is not signed",
        message: "Missing Authentication Token",
      }
    : {
        ...common,
        code: "UnrecognizedClientException",
        why: "it is signed with an access key that is neither a function's nor this engine's client's",
        message: "The security token included in the request is invalid.",
      };
}

/** How AWS ends its sentence about a refusal. Source: IAM User Guide, "Troubleshoot access denied error messages". */
export function reasonOf(refusal: Refusal, action: string, role: AccountRole | undefined): string {
  switch (refusal.kind) {
    case "explicit-deny": {
      const own = role?.policies.some(({ statements }) => statements.some(({ name }) => name === refusal.statement));
      return `with an explicit deny in ${own === true ? "an identity-based" : "a resource-based"} policy`;
    }
    case "no-allow":
      return `because no identity-based policy allows the ${action} action`;
    case "not-delegated":
      return `because no resource-based policy allows the ${action} action`;
  }
}

/** What to look at in the stack. */
export function whyOf(refusal: Refusal, role: AccountRole | undefined): string {
  switch (refusal.kind) {
    case "explicit-deny":
      return `${refusal.statement} denies it`;
    case "no-allow":
      return role === undefined ? "its role is not of this stack" : `nothing in ${role.logicalId} allows it`;
    case "not-delegated":
      return `${refusal.policy} does not let the account's policies allow it`;
  }
}

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/FUNCTION`, as which a function is known when it calls. */
export function sessionArn(roleArn: string, functionName: string, { id }: Pick<Account, "id">): string {
  return `arn:aws:sts::${id}:assumed-role/${roleArn.slice(roleArn.lastIndexOf("/") + 1)}/${functionName}`;
}
