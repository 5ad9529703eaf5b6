import { attribute, levelOf } from "../names/attributes.ts";
import { gap, shape } from "../names/tokens.ts";
import { role, rolesOf } from "./address-words.ts";
import { isHouseNumber, isNext, type Site, type Stretch } from "./street.ts";

function lowerAt({ text, tokens }: Site, at: number): string {
  return at < 0 ? "" : text.slice(tokens.start[at], tokens.end[at]).toLowerCase();
}

/** P.O. Box 12, Postfach 12 34, Casella postale 5. */
export function postBox(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  const word = lowerAt(site, at);
  if (!isNext(site, at + 1) || tokens.shape[at + 1] !== shape.number) return undefined;
  const before = lowerAt(site, at - 1);
  if (word === "box") {
    if (before === "po") return { first: at - 1, last: at + 1, confidence: 0.95 };
    if (before === "o" && lowerAt(site, at - 2) === "p") return { first: at - 2, last: at + 1, confidence: 0.95 };
    return undefined;
  }
  const isBox =
    word === "postale"
      ? before === "boîte" || before === "boite" || before === "casella"
      : word === "postal" && before === "caixa";
  return isBox ? { first: at - 1, last: at + 1, confidence: 0.9 } : { first: at, last: at + 1, confidence: 0.85 };
}

/** PSC 12, Box 34; Unit 12 Box 34; APO AE 09001. */
export function military(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  const word = lowerAt(site, at);
  if (word === "psc" || word === "unit") {
    const isBox =
      tokens.shape[at + 1] === shape.number && lowerAt(site, at + 2) === "box" && tokens.shape[at + 3] === shape.number;
    return isBox ? { first: at, last: at + 3, confidence: 0.95 } : undefined;
  }
  const region = lowerAt(site, at + 1);
  if (region !== "aa" && region !== "ae" && region !== "ap") return undefined;
  const last = tokens.shape[at + 2] === shape.number ? at + 2 : at + 1;
  // The line above is the ship or the unit.
  const ship = lowerAt(site, at - 2);
  const first = ship === "uss" || ship === "usns" || ship === "usnv" || ship === "usn" ? at - 2 : at;
  return { first, last, confidence: 0.9 };
}

/** Apt. 12, Suite 4B. */
export function unit(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  if (!isNext(site, at + 1) || !isHouseNumber(site, at + 1)) return undefined;
  const word = lowerAt(site, at);
  const sure = word === "apt" || word === "apartment" || word === "suite" || word === "ste";
  const apart = (tokens.gap[at] ?? 0) & (gap.comma | gap.newline);
  return {
    first: at,
    last: at + 1,
    confidence: sure ? (tokens.shape[at] === shape.lower ? 0.3 : 0.55) : apart ? 0.25 : 0.04,
  };
}

/** Springfield, IL 62704; 28013 Madrid; SW1A 2AA; K1A 0B6. */
export function postcode(site: Site, at: number): Stretch | undefined {
  const { text, tokens } = site;
  const word = text.slice(tokens.start[at], tokens.end[at]);
  const roles = rolesOf(tokens.hash[at - 1] ?? 0);
  if (/^\d{5}$/.test(word)) {
    if (
      at > 1 &&
      roles & role.state &&
      tokens.shape[at - 1] === shape.upper &&
      tokens.gap[at] === gap.space &&
      (tokens.gap[at - 1] ?? 0) & gap.comma
    )
      return { first: at - 2, last: at, confidence: 0.75 };
  }
  if (/^\d{4,5}$/.test(word) && tokens.gap[at + 1] === gap.space && tokens.shape[at + 1] !== shape.lower) {
    const place = levelOf(tokens.attributes[at + 1] ?? 0, attribute.place);
    if (place > 0 && !/^(?:1[5-9]|20)\d\d$/.test(word))
      return { first: at, last: at + 1, confidence: word.length === 5 ? 0.55 : 0.15 };
  }
  const isBritish = /^[A-Z]{1,2}\d[A-Z\d]?$/.test(word) && tokens.gap[at + 1] === gap.space;
  const isCanadian = /^[A-Z]\d[A-Z]$/.test(word) && tokens.gap[at + 1] === gap.space;
  if (!isBritish && !isCanadian) return undefined;
  const second = text.slice(tokens.start[at + 1], tokens.end[at + 1]);
  return (isBritish && /^\d[A-Z]{2}$/.test(second)) || (isCanadian && /^\d[A-Z]\d$/.test(second))
    ? { first: at, last: at + 1, confidence: 0.7 }
    : undefined;
}
