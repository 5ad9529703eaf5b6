import type { Finding } from "../finding.ts";
import { style } from "../names/style.ts";
import { gap, shape, type Tokens } from "../names/tokens.ts";
import { role, rolesOf } from "./address-words.ts";
import { military, postBox, postcode, unit } from "./post.ts";
import {
  amidName,
  beforeName,
  behindName,
  isHouseNumber,
  isNameWord,
  oneWord,
  type Site,
  type Stretch,
  unnamedKind,
} from "./street.ts";

/** How many words before a stretch may announce it. */
const reach = 7;

/** The surest of what begins, ends or turns at a word. */
function stretchAt(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  if (tokens.shape[at] === shape.number) return surest(postcode(site, at), unnamedKind(site, at));
  const roles = rolesOf(tokens.hash[at] ?? 0);
  const capital = tokens.shape[at] !== shape.lower;
  let found: Stretch | undefined;
  if (roles & (role.suffix | role.looseSuffix)) found = behindName(site, at, roles);
  if (site.text.charCodeAt(tokens.end[at] ?? 0) === 0x2f && isCalle(site, at))
    found = surest(found, beforeName(site, at));
  const numbered = isHouseNumber(site, at - 1);
  if (roles & role.prefix || (roles & role.capitalPrefix && (capital || numbered || site.style === style.lower)))
    found = surest(found, beforeName(site, at));
  if (roles & role.middle) found = surest(found, amidName(site, at));
  if (roles & role.unit) found = surest(found, unit(site, at), military(site, at));
  if (roles & role.military) found = surest(found, military(site, at));
  if (roles & role.box || isBoxWord(site, at)) found = surest(found, postBox(site, at));
  if ((tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) > 5) found = surest(found, oneWord(site, at));
  return found;
}

// "box", "postale" and "postal" stand behind another word, and are no addresses without it.
function isBoxWord({ text, tokens }: Site, at: number): boolean {
  if (tokens.shape[at + 1] !== shape.number) return false;
  const length = (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0);
  if (length !== 3 && length !== 6 && length !== 7) return false;
  const word = text.slice(tokens.start[at], tokens.end[at]).toLowerCase();
  return word === "box" || word === "postale" || word === "postal";
}

/** C/ Mayor, 5. */
function isCalle({ text, tokens }: Site, at: number): boolean {
  return (
    (text.charCodeAt(tokens.start[at] ?? 0) | 32) === 0x63 && (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) === 1
  );
}

function surest(...found: Array<Stretch | undefined>): Stretch | undefined {
  let best: Stretch | undefined;
  for (const stretch of found)
    if (stretch !== undefined && (best === undefined || stretch.confidence > best.confidence)) best = stretch;
  return best;
}

/** Whether a word within reach before says that an address follows; sentences end its reach. */
function isAnnounced({ tokens }: Site, first: number): boolean {
  for (let at = first - 1; at >= 0 && first - at <= reach; at--) {
    if (rolesOf(tokens.hash[at] ?? 0) & role.announces) return true;
    if ((tokens.gap[at] ?? 0) & gap.stop) return false;
  }
  return false;
}

/** Also half of a postcode: BS1 4RW. */
function isShortNumber({ tokens }: Site, at: number): boolean {
  return tokens.shape[at] === shape.number && (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) <= 7;
}

/** Where the lines of unit, town, state, country and postcode behind a stretch end. */
function extend(site: Site, from: number): number {
  const { tokens } = site;
  let last = from;
  let words = 0;
  for (let at = from + 1; at < tokens.count && at - from <= 16; at++) {
    const between = tokens.gap[at] ?? 0;
    if (between & (gap.stop | gap.colon | gap.quote | gap.bracket | gap.other)) break;
    const roles = rolesOf(tokens.hash[at] ?? 0);
    const strong =
      isShortNumber(site, at) ||
      (roles & role.unit && isHouseNumber(site, at + 1)) ||
      (tokens.shape[at] === shape.upper && roles & role.state);
    if (between & gap.period && !strong && !(rolesOf(tokens.hash[at - 1] ?? 0) & (role.unit | role.suffix))) break;
    if (strong) {
      last = at;
      words = 0;
    } else if (isNameWord(site, at) && words < 4) words++;
    else break;
  }
  return last;
}

/** The number of a house or a flat may stand before the number of the street: 12 4 Baker Street. */
function leadingNumber(site: Site, first: number): number {
  return site.tokens.gap[first] === gap.space && isHouseNumber(site, first - 1) ? first - 1 : first;
}

/** Finds postal addresses and parts of them that are enough to find a house or a box. Linear in the text's length. */
export function findAddresses(text: string, tokens: Tokens, textStyle: number, leastConfidence: number): Finding[] {
  const site: Site = { text, tokens, style: textStyle };
  const findings: Finding[] = [];
  for (let at = 0; at < tokens.count; at++) {
    const stretch = stretchAt(site, at);
    if (stretch === undefined) continue;
    const announced = isAnnounced(site, stretch.first);
    const confidence = announced ? Math.min(0.97, stretch.confidence + 0.45) : stretch.confidence;
    if (confidence < leastConfidence) continue;
    const last = extend(site, stretch.last);
    const start = tokens.start[leadingNumber(site, stretch.first)] ?? 0;
    const end = tokens.end[last] ?? start;
    const before = findings.at(-1);
    if (before !== undefined && before.end >= start) {
      before.start = Math.min(before.start, start);
      before.end = Math.max(before.end, end);
      before.confidence = Math.max(before.confidence, confidence);
    } else findings.push({ type: "address", start, end, confidence });
    at = Math.max(at, stretch.last);
  }
  return findings;
}
