import type { Finding } from "../finding.ts";
import { isAlphanumeric, isLetter } from "./character-class.ts";

/** RFC 5321, 4.5.3.1. */
const maximumLocal = 64;
const maximumDomain = 253;

const localSigns = ".!#$&'*+-/=^_`{|}~%";
/** What follows an @ in file names and code; none is a top-level domain. */
const fileEndings = new Set(
  "png|jpg|jpeg|gif|svg|webp|bmp|ico|js|jsx|ts|tsx|mjs|cjs|css|scss|html|htm|json|xml|yaml|yml|txt|pdf|csv|exe|dll|class|php|log|lock|conf".split(
    "|",
  ),
);

/**
 * The e-mail address around the @ at `at`: a dot-atom, and a domain with a top-level domain of letters. Packages with a
 * version, file names, remote repositories, log-ins in URLs and method calls are none.
 */
export function findEmail(text: string, at: number): Finding | undefined {
  const start = localStart(text, at);
  if (start === at) return undefined;
  const end = domainEnd(text, at + 1);
  if (end < 0) return undefined;
  const next = text.charAt(end);
  if (next === "(" || next === "@") return undefined;
  // git@host:path names a repository; //user:word@host a log-in.
  if (next === ":" && text.slice(start, at) === "git") return undefined;
  if (text.slice(Math.max(0, start - 3), start) === "://" || isLogin(text, start)) return undefined;
  return { type: "email", start, end, confidence: 0.98 };
}

function localStart(text: string, at: number): number {
  const floor = Math.max(0, at - maximumLocal);
  let start = at;
  while (start > floor && isLocal(text.charCodeAt(start - 1), text.charAt(start - 1))) start -= 1;
  // Signs that a local part may hold are more often what stands around an address: =, ', /, {…
  while (start < at && !isOpening(text.charCodeAt(start))) start += 1;
  for (let sign = at - 1; sign > start; sign -= 1) {
    if ("=|{}/`".includes(text.charAt(sign))) return firstLetter(text, sign + 1, at);
  }
  return text.charAt(at - 1) === "." ? at : start;
}

function firstLetter(text: string, from: number, at: number): number {
  let start = from;
  while (start < at && !isOpening(text.charCodeAt(start))) start += 1;
  return start;
}

function isLocal(code: number, character: string): boolean {
  return isAlphanumeric(code) || isForeign(code) || localSigns.includes(character);
}

/** Letters beyond ASCII of scripts that part words with blanks: in Chinese or Japanese the sentence would come along. */
function isForeign(code: number): boolean {
  return code > 0xbf && code < 0x2000;
}

function isOpening(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f || isForeign(code);
}

/** The end of the domain that begins at `start`, -1 if there is none. */
function domainEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + maximumDomain);
  let end = start;
  let labelStart = start;
  let good = -1;
  while (end <= limit) {
    const code = text.charCodeAt(end);
    if (isAlphanumeric(code) || code === 0x2d || isForeign(code)) {
      end += 1;
      continue;
    }
    if (end === labelStart) break;
    if (labelStart > start && isTopLevel(text.slice(labelStart, end))) good = end;
    else if (labelStart > start) good = -1;
    if (code !== 0x2e) break;
    end += 1;
    labelStart = end;
  }
  return good;
}

function isTopLevel(label: string): boolean {
  if (label.startsWith("xn--")) return true;
  if (label.length < 2 || label.length > 24 || fileEndings.has(label.toLowerCase())) return false;
  for (let at = 0; at < label.length; at += 1) {
    const code = label.charCodeAt(at);
    if (!isLetter(code) && !isForeign(code)) return false;
  }
  return true;
}

/** Whether `start` stands behind `scheme://user:`. */
function isLogin(text: string, start: number): boolean {
  if (text.charAt(start - 1) !== ":") return false;
  let at = start - 1;
  const floor = Math.max(0, at - 40);
  while (at > floor && (isAlphanumeric(text.charCodeAt(at - 1)) || text.charAt(at - 1) === "_")) at -= 1;
  return text.slice(Math.max(0, at - 2), at) === "//";
}
