import type { Account } from "../iam/account.ts";
import { type Authorization, authorize } from "../iam/authorize.ts";
import type { Call } from "../iam/requirements.ts";
import { type Denial, reasonOf, sessionArn, whyOf } from "./denial.ts";

/** A function as IAM sees it. */
export type FunctionIdentity = { functionName: string; roleArn: string };

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
  functions: ReadonlyMap<string, FunctionIdentity>;
  /** Told of each denied call. */
  onDenied: (denial: Denial) => void;
}): Guard {
  const { account, functions, onDenied } = options;
  const cache = new Map<string, Authorization>();

  /** Policies do not change while the engine runs. */
  function decide(role: string, call: Call): Authorization {
    const { action, resource, context = {}, multipart = false } = call;
    const key = [role, action, resource, multipart, ...Object.entries(context).flat()].join("\n");
    const known = cache.get(key);
    if (known !== undefined) return known;
    const decision = authorize({ role, ...call }, account);
    if (cache.size >= maxCached) cache.clear();
    cache.set(key, decision);
    return decision;
  }

  function firstDenial({ functionName, roleArn }: FunctionIdentity, call: string, asked: readonly Call[]) {
    for (const each of asked) {
      const decision = decide(roleArn, each);
      if (decision.kind === "allowed") continue;
      const { action, resource, because } = decision;
      const role = account.roles.get(roleArn);
      const user = sessionArn(roleArn, functionName, account);
      const reason = reasonOf(because, action, role);
      const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
      return { functionName, call, action, resource, why: whyOf(because, role), message };
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
