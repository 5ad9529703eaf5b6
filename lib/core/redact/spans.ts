import type { FindingType } from "../detect/finding.ts";

/** Where in a text a value of one type is; UTF-16 units, `end` behind the last. */
export type Span = { type: FindingType; start: number; end: number };

/**
 * Findings as spans that do not overlap, in order: those that do become one, of the type of the longest, so that nothing
 * of any is left. No span cuts a character of two units. Throws for a finding that is not within the text: it was made of
 * another one, and what cannot be redacted must not be sent.
 */
export function spansOf(findings: readonly Span[], text: string): Span[] {
  const spans: Span[] = [];
  let longest = 0;
  for (const { type, start, end } of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (!(start >= 0 && start < end && end <= text.length)) throw new Error("A finding is not within its text.");
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) {
      last.end = Math.max(last.end, whole(text, end));
      if (end - start > longest) last.type = type;
      longest = Math.max(longest, end - start);
    } else {
      spans.push({ type, start: isInside(text, start) ? start - 1 : start, end: whole(text, end) });
      longest = end - start;
    }
  }
  return spans;
}

function whole(text: string, end: number): number {
  return isInside(text, end) ? end + 1 : end;
}

/** Whether an offset is between the two units of one character. */
function isInside(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}

/** Findings in a text that was made of another, at that one's offsets. `offsets` ascend, one a unit and one for the end. */
export function toRaw(findings: readonly Span[], offsets: Uint32Array): Span[] {
  return findings.map((span) => ({ ...span, start: offsets[span.start] ?? -1, end: offsets[span.end] ?? -1 }));
}

/** The first unit of a made text that begins at or behind a raw offset. */
export function unitFrom(offsets: Uint32Array, raw: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) < raw) low = middle + 1;
    else high = middle;
  }
  return low;
}
