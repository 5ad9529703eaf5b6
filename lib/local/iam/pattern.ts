/** Whether a text matches what it was compiled from. */
export type Pattern = (text: string) => boolean;

/** `*` for any characters and `?` for exactly one, over the whole text. Case matters unless said otherwise. */
export function glob(pattern: string, { ignoreCase = false } = {}): Pattern {
  if (pattern === "*") return () => true;
  if (!/[*?]/.test(pattern) && !ignoreCase) return (text) => text === pattern;
  return expression(wildcards(pattern, ".*", "."), ignoreCase);
}

/**
 * An ARN in a `Resource` element. A wildcard stays within its part, unless it ends the part: then it matches beyond.
 * Source: IAM User Guide, "Resource" element, "Using wildcards in resource ARNs".
 */
export function resourcePattern(pattern: string): Pattern {
  if (!/[*?]/.test(pattern)) return (arn) => arn === pattern;
  const parts = arnParts(pattern);
  const compiled = parts.map((part, index) => {
    if (index === arnLength - 1) return wildcards(part, ".*", ".");
    if (!part.endsWith("*")) return wildcards(part, "[^:]*", "[^:]");
    return `${wildcards(part.slice(0, -1), "[^:]*", "[^:]")}.*`;
  });
  return expression(compiled.join(":"), false);
}

/**
 * An ARN in a condition: each of the six parts is compared on its own; undefined for what is no ARN.
 * Source: IAM User Guide, "Amazon Resource Name (ARN) condition operators".
 */
export function arnPattern(pattern: string): Pattern | undefined {
  const patterns = arnParts(pattern).map((part) => glob(part));
  if (patterns.length < arnLength) return undefined;
  return (arn) => {
    const parts = arnParts(arn);
    return parts.length === arnLength && patterns.every((matches, index) => matches(parts[index] ?? ""));
  };
}

/** `arn:partition:service:region:account:resource`; the resource may have colons of its own. */
const arnLength = 6;

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [
    ...parts.slice(0, arnLength - 1),
    ...(parts.length < arnLength ? [] : [parts.slice(arnLength - 1).join(":")]),
  ];
}

function wildcards(pattern: string, any: string, one: string): string {
  return pattern.replaceAll(/[.+^${}()|[\]\\*?]/g, (character) =>
    character === "*" ? any : character === "?" ? one : `\\${character}`,
  );
}

function expression(source: string, ignoreCase: boolean): Pattern {
  const compiled = new RegExp(`^${source}$`, ignoreCase ? "is" : "s");
  return (text) => compiled.test(text);
}
