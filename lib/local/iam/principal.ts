import { PolicyError } from "./policy-error.ts";

/** Who asks: a role or user of an account, or an AWS service by itself. */
export type Principal = { arn: string; account: string } | { service: string };

/**
 * How a `Principal` element means a principal. `account`: only as one of its account, to which a resource policy leaves
 * the decision when it allows, and all of which it means when it denies.
 */
export type Naming = "named" | "account" | "not";
export type PrincipalMatcher = (principal: Principal) => Naming;

/** Compiles the element: `*`, or lists under `AWS` and `Service`. Throws PolicyError for other kinds and for patterns. */
export function compilePrincipals(
  element: string | Record<string, readonly string[]>,
  where: string,
): PrincipalMatcher {
  if (element === "*") return () => "named";
  if (typeof element === "string")
    throw new PolicyError(`${where}: ${element} is no Principal. Use "*", AWS or Service.`);
  const matchers = Object.entries(element).flatMap(([kind, names]) =>
    names.map((name) => compileOne(kind, name, where)),
  );
  return (principal) => {
    const namings = matchers.map((matcher) => matcher(principal));
    return namings.find((naming) => naming === "named") ?? namings.find((naming) => naming === "account") ?? "not";
  };
}

function compileOne(kind: string, name: string, where: string): PrincipalMatcher {
  if (kind === "Service")
    return (principal) => ("service" in principal && principal.service === name ? "named" : "not");
  if (kind !== "AWS")
    throw new PolicyError(`${where}: principals of kind ${kind} are not understood. Use AWS or Service.`);
  // The same as "*" without a kind.
  if (name === "*") return () => "named";
  const [, account] = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name) ?? [];
  if (account !== undefined) {
    return (principal) => ("account" in principal && principal.account === account ? "account" : "not");
  }
  if (!name.startsWith("arn:") || /[*?]/.test(name)) {
    throw new PolicyError(
      `${where}: ${name} is no principal: an ARN is written out, and an account has twelve digits.`,
    );
  }
  return (principal) => ("arn" in principal && principal.arn === name ? "named" : "not");
}
