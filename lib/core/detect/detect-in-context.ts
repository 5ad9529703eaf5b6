import type { DetectText, Finding } from "./finding.ts";
import type { TextPart } from "./text-parts.ts";

/** As far as the words before a text may be about what is in it. */
const reach = 200;

/**
 * Findings in a text, and those at its beginning that only what stands before it gives away: `ssn: ` before `123456789`.
 * What is found without it is found with it.
 */
export function detectInContext(detect: DetectText, { text, context }: TextPart): Finding[] {
  const found = detect(text);
  if (context === undefined) return found;
  const beginning = text.slice(0, reach);
  const isCut = beginning.length < text.length;
  for (const finding of detect(context + beginning)) {
    const start = Math.max(0, finding.start - context.length);
    const end = finding.end - context.length;
    // What touches the cut may go on behind it, and is found whole without the context.
    if (end > start && !(isCut && end === reach)) found.push({ ...finding, start, end });
  }
  return found;
}
