import type { ChatBody } from "../chat.ts";

/** A container of the body, and the key or index in it. */
export type Holder = Readonly<Record<string, unknown>> | readonly unknown[];

/** Takes one text of a body: its path, the text, and where it is. `ofKey`: the text is the key itself, not the value. */
export type VisitText = (path: string, text: string, holder: Holder, key: string | number, ofKey: boolean) => void;

/** Keys of OpenAI's requests, and of JSON schemas in them, which a path may name. */
const known = new Set(
  (
    "messages content text name refusal role type tool_calls tool_call_id function_call function arguments id tools " +
    "functions tool_choice description parameters properties items enum const default examples title required pattern " +
    "anyOf oneOf allOf additionalProperties $defs definitions format response_format json_schema schema strict " +
    "image_url url detail user metadata prediction stop max_tokens max_completion_tokens temperature top_p n seed " +
    "presence_penalty frequency_penalty logit_bias logprobs top_logprobs reasoning_effort service_tier store stream " +
    "stream_options parallel_tool_calls safety_identifier prompt_cache_key verbosity modalities web_search_options"
  ).split(" "),
);

/** Words of the wire format: a text that is exactly one of them tells nothing of a person. */
const inert = new Set(
  (
    "system developer user assistant tool function text image_url refusal json_object json_schema object array string " +
    "number integer boolean null auto none required low medium high minimal default content"
  ).split(" "),
);

/** Nothing shorter is personal data by itself. */
const shortest = 3;

/** A number from here on may be a card, a telephone or an account. */
const smallestNumber = 1_000_000;

/**
 * Visits every text of a request that can hold personal data, in one fixed order: all strings wherever they are, known
 * keys or not, long numbers, and keys that are more than names of fields. Left out: the body's own `model`, which is not
 * sent; words of the wire format; numbers under `seed`; images in base64, whose text no detector here can read.
 * A path has names of the wire format and positions only (`messages[0].content`, `metadata.?2`, `metadata.?2@key`):
 * nothing of the user's.
 */
export function visitTexts(body: ChatBody, visit: VisitText): void {
  const keys = Object.keys(body);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    if (key !== "model") visitKey(body, key, index, "", visit);
  }
}

function visitKey(
  holder: Readonly<Record<string, unknown>>,
  key: string,
  index: number,
  path: string,
  visit: VisitText,
): void {
  const isKnown = known.has(key);
  const value = holder[key];
  if (isKnown && typeof value === "string" && inert.has(value)) return;
  const name = isKnown ? key : `?${index}`;
  const place = path === "" ? name : `${path}.${name}`;
  if (!isKnown && !isPlainName(key)) visit(`${place}@key`, key, holder, key, true);
  visitValue(value, place, holder, key, visit);
}

function visitValue(value: unknown, path: string, holder: Holder, key: string | number, visit: VisitText): void {
  if (typeof value === "string") {
    if (value.length >= shortest && !inert.has(value) && !isBase64Data(value)) visit(path, value, holder, key, false);
  } else if (typeof value === "number") {
    if (Math.abs(value) >= smallestNumber && key !== "seed") visit(path, String(value), holder, key, false);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      visitValue(value[index], `${path}[${index}]`, value, index, visit);
  } else if (isObject(value)) {
    const keys = Object.keys(value);
    for (let index = 0; index < keys.length; index += 1) visitKey(value, keys[index] ?? "", index, path, visit);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The name of a field, as programs write them: no blank, no sign but `_ - $`, hardly a digit. */
function isPlainName(key: string): boolean {
  return key.length < shortest || (key.length <= 40 && /^[A-Za-z_$][A-Za-z_$-]*\d{0,3}[A-Za-z_$-]*$/.test(key));
}

const notBase64 = /[^A-Za-z0-9+/=_-]/;

function isBase64Data(text: string): boolean {
  if (!text.startsWith("data:")) return false;
  const head = text.slice(0, 128).indexOf(";base64,");
  return head !== -1 && !notBase64.test(text.slice(head + 8));
}
