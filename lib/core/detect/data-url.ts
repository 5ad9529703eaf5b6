/** What a data URL holds. `text`: its payload, decoded. `unread`: what no detector here can read. */
export type DataUrl = {
  payloadAt: number;
  /** The payload as it is written hides nothing that its decoded text does not show, and is not read itself. */
  isOpaque: boolean;
} & ({ kind: "text"; text: string } | { kind: "unread" });

const head = /^\s*data:([\w.+-]+\/[\w.+-]+)?((?:;[\w.+-]+=(?:[\w.+-]+|"[^"]{0,100}"))*)(;base64)?,/i;
const textual = /^(?:text\/.*|application\/(?:json|xml|javascript|yaml|x-yaml|x-ndjson|sql)|.*\+(?:json|xml|yaml))?$/i;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Images as providers take them, in base64. Their heads are few words, which tell nothing of a person. */
const image = /^data:image\/(?:png|jpe?g|gif|webp|bmp|tiff|heic|heif|avif);base64,[A-Za-z0-9+/_-]*={0,2}$/;

/** A payload that is not longer is read as it is written as well: it may be no base64 at all. */
const shortPayload = 1_000;

/** Whether a text is an image and nothing else. */
export function isImageData(text: string): boolean {
  return image.test(text);
}

/** Reads a text that is a data URL as a whole; undefined where it is none. Source: RFC 2397. */
export function readDataUrl(url: string): DataUrl | undefined {
  const found = head.exec(url);
  if (found === null) return undefined;
  const [whole, type = "", , encoded] = found;
  const payloadAt = whole.length;
  const payload = url.slice(payloadAt);
  const text = textual.test(type) ? decode(payload, encoded !== undefined) : undefined;
  const isOpaque = encoded !== undefined && payload.length > shortPayload && base64.test(payload);
  return text === undefined ? { kind: "unread", payloadAt, isOpaque } : { kind: "text", payloadAt, isOpaque, text };
}

/** Undefined for what is not UTF-8, or not in base64 where it says so. */
function decode(payload: string, isBase64: boolean): string | undefined {
  try {
    if (!isBase64) return decodeURIComponent(payload);
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
