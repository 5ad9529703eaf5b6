import type { Account } from "../iam/account.ts";
import { authorize } from "../iam/authorize.ts";
import type { Call } from "../iam/requirements.ts";
import { type Denial, reasonOf, sessionArn, whyOf } from "./denial.ts";
import { type Network, wayOf } from "./network.ts";

/** A function as IAM sees it. */
export type FunctionIdentity = {
  functionName: string;
  functionArn: string;
  roleArn: string;
  /** None when it runs outside any VPC of the account. */
  subnetIds: readonly string[];
};

type Decision =
  | { kind: "allowed" }
  | ({ kind: "denied"; reason: string } & Pick<Denial, "action" | "resource" | "why">);

/** Checks the calls that functions make. */
export type Guard = {
  /**
   * What a function's call lacks; undefined when it lacks nothing.
   * @param call `service.Operation`
   * @param asked what it asks IAM for; undefined for an operation of which nobody has said
   */
  check(signer: string, call: string, asked: readonly Call[] | undefined): Denial | undefined;
};

/** The same is asked again and again, but objects' keys are new each time: a full cache is emptied. */
const maxCached = 20_000;

/** @param functions by access key id */
export function createGuard(options: {
  account: Account;
  network: Network;
  functions: ReadonlyMap<string, FunctionIdentity>;
  /** Told of each denied call. */
  onDenied: (denial: Denial) => void;
}): Guard {
  const { account, functions, onDenied } = options;
  const cache = new Map<string, Decision>();

  function decide(caller: FunctionIdentity, call: Call): Decision {
    const { action, resource } = call;
    const way = wayOf(caller, call, options);
    if (way.kind === "closed") return { kind: "denied", action, resource, reason: way.reason, why: way.why };
    const context = { "lambda:SourceFunctionArn": caller.functionArn, ...way.context, ...call.context };
    const authorization = authorize({ role: caller.roleArn, ...call, context }, account);
    if (authorization.kind === "allowed") return authorization;
    const { because, ...missing } = authorization;
    const role = account.roles.get(caller.roleArn);
    return { ...missing, reason: reasonOf(because, missing.action, role), why: whyOf(because, role) };
  }

  /** Policies do not change while the engine runs. */
  function decideOnce(caller: FunctionIdentity, call: Call): Decision {
    const { action, resource, context = {}, multipart = false } = call;
    const key = [caller.functionArn, action, resource, multipart, ...Object.entries(context).flat()].join("\n");
    const known = cache.get(key);
    if (known !== undefined) return known;
    const decision = decide(caller, call);
    if (cache.size >= maxCached) cache.clear();
    cache.set(key, decision);
    return decision;
  }

  function firstDenial(caller: FunctionIdentity, call: string, asked: readonly Call[]): Denial | undefined {
    for (const each of asked) {
      const decision = decideOnce(caller, each);
      if (decision.kind === "allowed") continue;
      const { action, resource, reason, why } = decision;
      const user = sessionArn(caller.roleArn, caller.functionName, account);
      const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
      return { functionName: caller.functionName, call, action, resource, why, message };
    }
    return undefined;
  }

  return {
    check(signer, call, asked) {
      const caller = functions.get(signer);
      const denial =
        caller === undefined
          ? notIssued(call)
          : asked === undefined
            ? unknownOperation(call, caller)
            : firstDenial(caller, call, asked);
      if (denial !== undefined) onDenied(denial);
      return denial;
    },
  };
}

function unknownOperation(call: string, { functionName }: FunctionIdentity): Denial {
  const why = `the local engine does not know what ${call} needs; say it in lib/local/access, in the file of its service`;
  return { functionName, call, action: call, resource: "*", why, message: `${call} is not authorized: ${why}` };
}

function notIssued(call: string): Denial {
  const why = "it is signed with an access key that this engine gave to no function";
  return { functionName: "?", call, action: call, resource: "*", why, message: `${call} is not authorized: ${why}` };
}
