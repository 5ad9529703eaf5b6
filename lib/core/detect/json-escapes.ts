const backslash = 0x5c;
const letters = new Map([
  ['"', '"'],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const hex = /^[0-9a-fA-F]{4}$/;

/** A text with the JSON escapes in it resolved. */
export type Unescaped = {
  text: string;
  /** Where what stands at each offset of `text`, its end included, begins in the text that it was made of. */
  offsets: Uint32Array;
};

/**
 * A text as a reader of the JSON in it would see it, wherever in the text that is and however often it was quoted: any
 * number of backslashes before a letter is one escape. Undefined when the text has no escape. Linear.
 */
export function unescapeAll(raw: string): string | undefined {
  let text = "";
  let from = 0;
  eachEscape(raw, true, (start, end, character) => {
    text += raw.slice(from, start) + character;
    from = end;
  });
  return from === 0 ? undefined : text + raw.slice(from);
}

/** As `unescapeAll`, with the way back to the text's own offsets. */
export function unescapeWithOffsets(raw: string): Unescaped {
  return resolve(raw, true);
}

/** The content of one JSON string literal, without its quotes; undefined when it is none. */
export function decodeLiteral(raw: string): Unescaped | undefined {
  const { text, offsets } = resolve(raw, false);
  try {
    return JSON.parse(`"${raw}"`) === text ? { text, offsets } : undefined;
  } catch {
    return undefined;
  }
}

function resolve(raw: string, anyDepth: boolean): Unescaped {
  const offsets = new Uint32Array(raw.length + 1);
  let text = "";
  let from = 0;
  const copy = (to: number) => {
    for (let at = from; at < to; at += 1) offsets[text.length + at - from] = at;
    text += raw.slice(from, to);
  };
  eachEscape(raw, anyDepth, (start, end, character) => {
    copy(start);
    offsets[text.length] = start;
    text += character;
    from = end;
  });
  copy(raw.length);
  offsets[text.length] = raw.length;
  return { text, offsets: offsets.subarray(0, text.length + 1) };
}

/** Calls `found` for each escape, in order. With `anyDepth` a run of backslashes is one escape, else two of them are. */
function eachEscape(
  raw: string,
  anyDepth: boolean,
  found: (start: number, end: number, character: string) => void,
): void {
  let at = raw.indexOf("\\");
  while (at !== -1) {
    const start = at;
    at += 1;
    if (anyDepth) while (raw.charCodeAt(at) === backslash) at += 1;
    const next = raw.charAt(at);
    const digits = next === "u" ? raw.slice(at + 1, at + 5) : "";
    const character = hex.test(digits)
      ? String.fromCharCode(Number.parseInt(digits, 16))
      : !anyDepth && next === "\\"
        ? "\\"
        : letters.get(next);
    if (character !== undefined) {
      at += digits === "" ? 1 : 5;
      found(start, at, character);
    }
    at = raw.indexOf("\\", at);
  }
}
