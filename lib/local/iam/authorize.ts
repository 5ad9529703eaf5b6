import { type Account, guardOf } from "./account.ts";
import { evaluate, type IamRequest, type Refusal } from "./evaluate.ts";
import type { Principal } from "./principal.ts";
import { type Call, requirementsOf } from "./requirements.ts";

/** A role by its ARN, or an AWS service that acts by itself. */
export type Caller = { role: string } | { service: string };

export type Authorization =
  | { kind: "allowed" }
  /** The first thing that is missing: the call itself, or what the service needs besides, the use of a key for example. */
  | { kind: "denied"; action: string; resource: string; because: Refusal };

/** Whether a call succeeds: everything that it needs is allowed to the caller. */
export function authorize({ context, ...call }: Caller & Call, account: Account): Authorization {
  const principal = principalOf(call, account);
  for (const { action, resource, context: needed } of requirementsOf({ ...call, context }, account)) {
    const verdict = mayDo({ principal, action, resource, context: needed }, account);
    if (verdict.kind === "denied") return { kind: "denied", action, resource, because: verdict.because };
  }
  return { kind: "allowed" };
}

/** Whether one request alone is allowed, by all policies of the account. */
export function mayDo(request: IamRequest, account: Account): ReturnType<typeof evaluate> {
  const { policy, delegated } = guardOf(account, request.resource);
  const role = "arn" in request.principal ? account.roles.get(request.principal.arn) : undefined;
  return evaluate(request, { identity: role?.policies ?? [], resource: policy, delegated });
}

function principalOf(caller: Caller, account: Account): Principal {
  return "role" in caller ? { arn: caller.role, account: account.id } : { service: caller.service };
}
