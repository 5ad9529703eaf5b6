import type { Finding } from "../finding.ts";
import { isGlue } from "./character-class.ts";
import { isAbout } from "./context.ts";
import type { NumberSite } from "./number-site.ts";

const v4 = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\w.]*\d*\.?\d)/y;
const longestV6 = 39;
const shortestV6 = 7;

/** An IPv4 address of some machine at the site; not the unspecified one, localhost, a network or a netmask. */
export function findIpv4(site: NumberSite): Finding | undefined {
  const { text, start, groups } = site;
  if (!(groups[3]?.shape.startsWith(`${groups[0]?.shape}.`) ?? false)) return undefined;
  v4.lastIndex = start;
  const match = v4.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1);
  if (octets.some((octet) => Number(octet) > 255 || (octet.length > 1 && octet.startsWith("0")))) return undefined;
  const [first, , third, fourth] = octets.map(Number);
  const address = match[0];
  if (address === "127.0.0.1" || first === 0 || address.startsWith("255.255.") || (third === 0 && fourth === 0))
    return undefined;
  const end = start + address.length;
  const context = site.context();
  if (isAbout("version", context, ["ip"])) return undefined;
  const inContext = isAbout("ip", context, ["version"]);
  // Four small numbers are as often a section or a version as an address.
  const small = octets.every((octet) => octet.length === 1) || octets.join("").length < 6;
  if (small && !inContext) return undefined;
  return { type: "ipAddress", start, end, confidence: inContext ? 0.98 : 0.85 };
}

/** An IPv6 address of which the letters and digits from `start` to `end` are a part. */
export function findIpv6(text: string, start: number, end: number): Finding | undefined {
  if (text.charAt(end) !== ":" && text.charAt(start - 1) !== ":") return undefined;
  const first = edge(text, start, -1);
  const last = edge(text, start, 1);
  if (first < 0 || last < 0 || last - first < shortestV6 || last - first > longestV6 + 2) return undefined;
  const begin = text.charAt(first) === ":" && text.charAt(first + 1) !== ":" ? first + 1 : first;
  const stop = text.charAt(last - 1) === ":" && text.charAt(last - 2) !== ":" ? last - 1 : last;
  if ((begin > 0 && isGlue(text.charCodeAt(begin - 1))) || isGlue(text.charCodeAt(stop))) return undefined;
  return isV6(text.slice(begin, stop)) ? { type: "ipAddress", start: begin, end: stop, confidence: 0.95 } : undefined;
}

/** By UTF-16 unit: hexadecimal digits and the colon. */
const isV6Character = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9a-fA-F:]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Where hexadecimal digits and colons end, in one direction; -1 if they go on for longer than an address. */
function edge(text: string, from: number, step: 1 | -1): number {
  const offset = step === 1 ? 0 : -1;
  for (let at = from; Math.abs(at - from) <= longestV6 + 1; at += step) {
    if (isV6Character[text.charCodeAt(at + offset)] !== 1) return at;
  }
  return -1;
}

/**
 * RFC 4291, 2.2, without an embedded IPv4 address. Of the shortened ones only those that look like nothing else: `a::b`
 * is a name in C++ and `1::2` a slice in Python.
 */
function isV6(candidate: string): boolean {
  const halves = candidate.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (groups.some((group) => group.length < 1 || group.length > 4)) return false;
  if (halves.length === 1) return groups.length === 8;
  return (
    groups.length < 8 &&
    groups.length >= 2 &&
    groups.join("").length >= 5 &&
    /\d/.test(candidate) &&
    /^[0-9a-fA-F]{3}/.test(candidate)
  );
}
