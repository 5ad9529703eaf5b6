import { ComprehendClient, DetectPiiEntitiesCommand, type PiiEntity } from "@aws-sdk/client-comprehend";
import type { Finding } from "../core/detect/finding.ts";
import { findingTypeOf } from "./comprehend-types.ts";
import { cutText } from "./cut-text.ts";

export type ComprehendOptions = {
  client: Pick<ComprehendClient, "send">;
  /**
   * The language that every text is asked as: the service knows personal data in English and Spanish only. A text in
   * another language is asked all the same, and what has the same form in it (numbers, addresses of e-mail) is found.
   */
  language: "en" | "es";
  /** How long one text may take with all its tries, milliseconds. @default 10000 */
  timeoutMs?: number;
};

/** Source: Amazon Comprehend API Reference, DetectPiiEntities: 100 KB of UTF-8; taken as the smaller kilobyte. */
const maxBytes = 100_000;

/** Longer than any name, number or postal address, in UTF-16 units. */
const overlap = 400;

/** A client with a few tries of its own: throttling is a normal answer of the service. */
export function createComprehendClient(region: string): ComprehendClient {
  return new ComprehendClient({ region, maxAttempts: 4, requestHandler: { connectionTimeout: 3000 } });
}

/**
 * Personal data in a text as Amazon Comprehend finds it. A text that is longer than the service takes is asked in pieces
 * that overlap. Rejects when the service fails, is late or answers with what we do not know: the caller then treats
 * the text as the most sensitive.
 */
export function createComprehendDetector({
  client,
  language,
  timeoutMs = 10_000,
}: ComprehendOptions): (text: string) => Promise<Finding[]> {
  async function ask(text: string, abortSignal: AbortSignal): Promise<Finding[]> {
    if (text.trim() === "") return [];
    const { Entities } = await client.send(new DetectPiiEntitiesCommand({ Text: text, LanguageCode: language }), {
      abortSignal,
    });
    if (Entities === undefined) throw new Error("Comprehend answered without entities.");
    return findingsOf(Entities, text);
  }

  return async (text) => {
    // A lone surrogate has no UTF-8; what replaces it is as long.
    const asked = text.toWellFormed();
    const signal = AbortSignal.timeout(timeoutMs);
    const found: Finding[] = [];
    for (const { start, end } of cutText(asked, maxBytes, overlap))
      for (const finding of await ask(asked.slice(start, end), signal))
        found.push({ ...finding, start: finding.start + start, end: finding.end + start });
    return joined(found);
  };
}

/** Entities as findings: the service counts code points, we count UTF-16 units. */
function findingsOf(entities: readonly PiiEntity[], text: string): Finding[] {
  const unitOf = unitsOf(text);
  return entities.flatMap(({ Type, BeginOffset, EndOffset, Score }) => {
    const type = Type === undefined || !Object.hasOwn(findingTypeOf, Type) ? undefined : findingTypeOf[Type];
    if (type === "none") return [];
    const start = unitOf(BeginOffset ?? -1);
    const end = unitOf(EndOffset ?? -1);
    if (type === undefined || start === undefined || end === undefined || start >= end)
      throw new Error("Comprehend answered with an entity that cannot be read.");
    return [{ type, start, end, confidence: Math.min(1, Math.max(0, Score ?? 1)) }];
  });
}

/** Where the code point of a number begins in a text, in UTF-16 units; undefined beyond its end. */
function unitsOf(text: string): (codePoint: number) => number | undefined {
  if (!/[\ud800-\udbff]/.test(text)) return (at) => (at >= 0 && at <= text.length ? at : undefined);
  const units: number[] = [];
  let at = 0;
  for (const character of text) {
    units.push(at);
    at += character.length;
  }
  units.push(at);
  return (codePoint) => units[codePoint];
}

/** In order, and findings of a type that overlap, as two pieces give them of one, made one. */
function joined(findings: readonly Finding[]): Finding[] {
  const last = new Map<Finding["type"], Finding>();
  const result: Finding[] = [];
  for (const finding of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = last.get(finding.type);
    if (before !== undefined && finding.start < before.end) {
      before.end = Math.max(before.end, finding.end);
      before.confidence = Math.max(before.confidence, finding.confidence);
    } else {
      const own = { ...finding };
      last.set(finding.type, own);
      result.push(own);
    }
  }
  return result;
}
