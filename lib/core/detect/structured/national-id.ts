import type { Finding } from "../finding.ts";
import { type Context, distanceTo, isAbout } from "./context.ts";
import type { NationalIdFormat } from "./national-id/format.ts";
import { nationalIdFormats } from "./national-id-formats.ts";
import { continuesNumber, followsNumber, type NumberSite, precedesNumber } from "./number-site.ts";

const formatsByShape = new Map<string, { format: NationalIdFormat; alone: number }[]>();
for (const format of nationalIdFormats) {
  for (const [shape, alone] of Object.entries(format.written)) {
    formatsByShape.set(shape, [...(formatsByShape.get(shape) ?? []), { format, alone }]);
  }
}

/** China's. */
const mostDigits = 18;

const lettered = ["other", "phone", "account", "medical"] as const;
/** Of what is digits alone, a card may be meant as well. */
const rivals = [...lettered, "card"] as const;

/** From here on a form says what it is whatever stands near. */
const certain = 0.85;

/** Where a word near is the number's own name. */
const named = 0.98;

/** A national identification number at the site: its shape, its check digits, and the words near it. */
export function findNationalId(site: NumberSite): Finding | undefined {
  const { text, start, groups } = site;
  for (let last = groups.length - 1; last >= 0; last -= 1) {
    const group = groups[last];
    if (group === undefined || !group.closed || group.digits > mostDigits) continue;
    const formats = formatsByShape.get(group.shape);
    if (formats === undefined) continue;
    // Groups in a row of numbers are no grouping, unless their own name or their check digits say so.
    const isParted = group.shape.includes(" ");
    const inRow = isParted && (continuesNumber(site) || precedesNumber(text, group.end));
    const isRest = isParted && followsNumber(text, start);
    const written = text.slice(start, group.end).toUpperCase();
    let confidence = 0;
    for (const { format, alone } of formats) {
      // The words first: a validator takes microseconds, and many formats share a shape.
      const bare = site.overLines || (inRow && alone < certain) ? 0 : alone;
      const known = confidenceIn(site.context(), format.id, group.shape, isRest, bare);
      if (known > confidence && (format.isValid(written) || (known === named && format.isNamed === true)))
        confidence = known;
    }
    // Hong Kong's check digit stands in brackets.
    const end = group.shape.includes("(") && text.charAt(group.end) === ")" ? group.end + 1 : group.end;
    if (confidence > 0) return { type: "nationalId", start, end, confidence };
  }
  return undefined;
}

function confidenceIn(context: Context, id: string, shape: string, isRest: boolean, alone: number): number {
  const others = shape.includes("A") ? lettered : rivals;
  if (isAbout(`id:${id}`, context, others)) return named;
  if (!isRest && isAbout("identity", context, others)) return 0.9;
  if (alone >= certain) return alone;
  return others.every((rival) => distanceTo(rival, context) === Number.POSITIVE_INFINITY) ? alone : 0;
}
