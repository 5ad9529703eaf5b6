import { latinLanguages } from "./words.ts";

/** What a scan found of a text's scripts and of its function words. */
export type LanguageEvidence = {
  /** Letters by script; `latin` with its marks. */
  scripts: Record<Script, number>;
  /** Points by language of `latinLanguages`: two for a function word of it alone, one for a shared one. */
  functionWords: Uint32Array;
  /** Letters that only Ukrainian has, and that only Persian has. */
  ukrainian: number;
  persian: number;
};

export type Script =
  | "latin"
  | "cyrillic"
  | "greek"
  | "hebrew"
  | "arabic"
  | "devanagari"
  | "thai"
  | "kana"
  | "han"
  | "hangul";

/** Points below which a guess among Latin languages is no better than none. */
const enoughPoints = 2;

/** ISO 639-1 code of the language of a text; `und` when its script and function words do not tell. */
export function languageOf(evidence: LanguageEvidence): string {
  const { scripts } = evidence;
  // Han stands for two letters of an alphabet or more; Japanese mixes it with kana.
  const cjk = 2 * (scripts.han + scripts.kana + scripts.hangul);
  const alphabets = ["latin", "cyrillic", "greek", "hebrew", "arabic", "devanagari", "thai"] as const;
  const most = alphabets.reduce((best, script) => (scripts[script] > scripts[best] ? script : best));
  if (cjk > 0 && cjk >= scripts[most]) {
    if (scripts.hangul > scripts.han + scripts.kana) return "ko";
    return scripts.kana * 5 > scripts.han ? "ja" : "zh";
  }
  switch (most) {
    case "cyrillic":
      return evidence.ukrainian > 0 ? "uk" : "ru";
    case "greek":
      return "el";
    case "hebrew":
      return "he";
    case "arabic":
      return evidence.persian > 0 ? "fa" : "ar";
    case "devanagari":
      return "hi";
    case "thai":
      return "th";
    case "latin":
      return latinLanguageOf(evidence.functionWords);
  }
}

function latinLanguageOf(points: Uint32Array): string {
  let best = 0;
  let tied = false;
  for (let index = 1; index < points.length; index++) {
    const difference = (points[index] ?? 0) - (points[best] ?? 0);
    tied = difference === 0 || (tied && difference < 0);
    if (difference > 0) best = index;
  }
  return tied || (points[best] ?? 0) < enoughPoints ? "und" : (latinLanguages[best] ?? "und");
}
