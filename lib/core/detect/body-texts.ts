import type { ChatBody } from "../chat.ts";
import { isImageData } from "./data-url.ts";

/** A container of the body, and the key or index in it. */
export type Holder = Readonly<Record<string, unknown>> | readonly unknown[];

/** One text of a body, and where it is. */
export type BodyText = {
  path: string;
  text: string;
  holder: Holder;
  key: string | number;
  /** The text is the key itself, not the value. */
  ofKey: boolean;
  /** It is a key that only names a field: nothing that anybody looks for, but it may be a value found elsewhere. */
  isFieldName: boolean;
  /** The keys that lead to it and may say what it is, as words; empty where the wire format's alone do. */
  label: string;
};

export type VisitText = (found: BodyText) => void;

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

/** A number from here on may be a card, a telephone or an account; under a key of the user's own, a shorter one. */
const smallestNumber = 1_000_000;
const smallestLabelled = 1_000;

/** Of an OpenAI seed. */
const largestSeed = 2 ** 31;

/** Of the keys that lead to a text, the last so many characters are kept. */
const longestLabel = 60;

/**
 * Visits every text of a request that can hold personal data, in one fixed order: all strings wherever they are, known
 * keys or not, long numbers, and keys that are more than names of fields. Left out: the body's own `model`, which is not
 * sent, and its `seed`; words of the wire format; the images of image parts, whose text no detector here can read.
 * A path has names of the wire format and positions only (`messages[0].content`, `metadata.?2`, `metadata.?2@key`):
 * nothing of the user's.
 */
export function visitTexts(body: ChatBody, visit: VisitText): void {
  const images = imagesOf(body);
  const keys = Object.keys(body);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    if (key !== "model" && !(key === "seed" && isSeed(body[key]))) visitKey(body, key, index, "", "");
  }

  function visitKey(
    holder: Readonly<Record<string, unknown>>,
    key: string,
    index: number,
    path: string,
    above: string,
  ): void {
    const isKnown = known.has(key);
    const value = holder[key];
    if (isKnown && typeof value === "string" && inert.has(value)) return;
    const name = isKnown ? key : `?${index}`;
    const place = path === "" ? name : `${path}.${name}`;
    if (!isKnown) {
      const isFieldName = isPlainName(key) && !isPersonLike(key);
      visit({ path: `${place}@key`, text: key, holder, key, ofKey: true, isFieldName, label: "" });
    }
    visitValue(value, place, holder, key, isKnown && !isOwn(path) ? above : labelled(above, key));
  }

  function visitValue(value: unknown, path: string, holder: Holder, key: string | number, label: string): void {
    if (typeof value === "string") {
      if (value.length < shortest || inert.has(value)) return;
      if (key === "url" && images.has(holder) && isImageData(value)) return;
      visit({ path, text: value, holder, key, ofKey: false, isFieldName: false, label });
    } else if (typeof value === "number") {
      if (Math.abs(value) >= (label === "" ? smallestNumber : smallestLabelled))
        visit({ path, text: String(value), holder, key, ofKey: false, isFieldName: false, label });
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1)
        visitValue(value[index], `${path}[${index}]`, value, index, label);
    } else if (isObject(value)) {
      const names = Object.keys(value);
      for (let index = 0; index < names.length; index += 1) visitKey(value, names[index] ?? "", index, path, label);
    }
  }
}

/** What holds the URL of an image, where the part says that it is one: then the job counts as one with images. */
function imagesOf({ messages }: ChatBody): ReadonlySet<unknown> {
  const images = new Set<unknown>();
  for (const { content } of messages)
    if (Array.isArray(content)) for (const part of content) if (part.type === "image_url") images.add(part.image_url);
  return images;
}

function isSeed(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= largestSeed;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** Whether what is at a path is the user's own, where a word of the wire format is a word like any other. */
function isOwn(path: string): boolean {
  return path.startsWith("metadata") || path.startsWith("?");
}

function labelled(above: string, key: string): string {
  return `${above} ${key.slice(-longestLabel)}`.trim().slice(-longestLabel);
}

/** The name of a field, as programs write them: no blank, no sign but `_ - $`, hardly a digit. */
function isPlainName(key: string): boolean {
  return key.length < shortest || (key.length <= 40 && /^[A-Za-z_$][A-Za-z_$-]*\d{0,3}[A-Za-z_$-]*$/.test(key));
}

/** Jane_Doe: what a person is called where no blank is allowed. */
function isPersonLike(key: string): boolean {
  return /^[A-Z][a-z]+(?:[_-][A-Z][A-Za-z]+)+$/.test(key);
}
