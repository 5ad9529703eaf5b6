import { type Denial, sessionArn } from "./denial.ts";
import type { Requirement } from "./requirement.ts";

/** A function as IAM sees it. */
export type FunctionIdentity = { functionName: string; roleArn: string };

/** Whether a role may do one thing, with all that the thing entails; `why` ends AWS's own sentence. */
export type Authorize = (request: Requirement & { roleArn: string }) =>
  | { kind: "allowed" }
  | { kind: "denied"; action: string; resource: string; why: string };

/** Checks the calls that functions make. */
export type Guard = {
  /**
   * What the call of a function lacks; undefined when it lacks nothing.
   * @param requirements undefined when nobody has said what the operation needs
   */
  check(signer: string, call: string, requirements: readonly Requirement[] | undefined): Denial | undefined;
};

/** The same things are asked again and again, and objects' keys are new each time: a full cache is emptied. */
const maxCached = 20_000;

/** @param functions by access key id */
export function createGuard(options: {
  functions: ReadonlyMap<string, FunctionIdentity>;
  authorize: Authorize;
  onDenied: (denial: Denial) => void;
}): Guard {
  const { functions, authorize, onDenied } = options;
  const cache = new Map<string, ReturnType<Authorize>>();

  function decide(roleArn: string, { action, resource, context }: Requirement): ReturnType<Authorize> {
    const key = [roleArn, action, resource, ...Object.entries(context).flat()].join("\n");
    const known = cache.get(key);
    if (known !== undefined) return known;
    const decision = authorize({ roleArn, action, resource, context });
    if (cache.size >= maxCached) cache.clear();
    cache.set(key, decision);
    return decision;
  }

  function denied(denial: Denial): Denial {
    onDenied(denial);
    return denial;
  }

  return {
    check(signer, call, requirements) {
      const caller = functions.get(signer);
      if (caller === undefined) return denied(notIssued(call));
      const { functionName, roleArn } = caller;
      if (requirements === undefined) return denied(unknownOperation(call, functionName));
      for (const requirement of requirements) {
        const decision = decide(roleArn, requirement);
        if (decision.kind === "allowed") continue;
        const { action, resource, why } = decision;
        const user = sessionArn(roleArn, functionName);
        const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
        return denied({ functionName, call, action, resource, why, message });
      }
      return undefined;
    },
  };
}

function unknownOperation(call: string, functionName: string): Denial {
  const [service] = call.split(".");
  const why = `because the local engine does not know what ${call} needs: say it in lib/local/access, for the service ${service}`;
  return { functionName, call, action: call, resource: "*", why, message: `${call} is not authorized ${why}` };
}

function notIssued(call: string): Denial {
  const why = "because it is signed with an access key that this engine gave to no function";
  return { functionName: "unknown", call, action: call, resource: "*", why, message: `${call} is not authorized ${why}` };
}
