import { type ChatBody, maxOutputTokensOf, textOf } from "./chat.ts";
import { languageOf } from "./language.ts";
import { newTally, tallyText } from "./text-tally.ts";
import { estimateTokens } from "./tokens.ts";

/** What the classifier reads off a request. Every field can be named in a rule's `when`. */
export type Features = {
  /** Estimated tokens of all messages and tool definitions. */
  inputTokens: number;
  /** The caller's own limit on the answer; 0 when not given. */
  maxOutputTokens: number;
  /** Messages of the user. */
  turns: number;
  messages: number;
  hasSystem: boolean;
  hasTools: boolean;
  hasImages: boolean;
  responseFormat: "text" | "json_object" | "json_schema";
  /** ISO 639-1 code of the user's text by script and function words; `und` when unsure. */
  language: string;
  /** The user's text holds code, or asks for some in a language that it names. */
  hasCode: boolean;
  /** The user's text holds formulas or words of mathematics, or asks how much of several numbers. */
  hasMath: boolean;
  /** How many numbers the user's text holds, in digits or words. */
  numbers: number;
  /** How many question words (what, why, how …) the user's text holds. */
  questionWords: number;
  questions: number;
  /** Words that ask for reasoning or composition (prove, derive, compare, design …). */
  reasoningWords: number;
  sentences: number;
  characters: number;
};

/** Tokens of an image, whatever its size. Source: OpenAI's figure for 1024 × 1024 in high detail. */
const tokensOfImage = 765;

/** Roles, separators and the like. Source: OpenAI's cookbook, "How to count tokens with tiktoken". */
const tokensOfMessage = 4;

/** From this many signs on, a text is taken for code or for mathematics. */
const enoughCodeSigns = 3;
const enoughMathSigns = 2;

/** Reads a request's features, in time linear in its length. */
export function features(body: ChatBody): Features {
  const tally = newTally();
  let inputTokens = 0;
  let turns = 0;
  let hasSystem = false;
  let hasTools = (body.tools ?? []).length > 0 || isFilled(body.functions);
  let hasImages = false;
  for (const message of body.messages) {
    const text = textOf(message);
    inputTokens += tokensOfMessage + estimateTokens(text);
    if (message.role === "user") {
      turns += 1;
      tallyText(tally, text);
    } else if (message.role === "system" || message.role === "developer") hasSystem = true;
    if (message.role === "tool" || message.role === "function" || isFilled(message.tool_calls)) hasTools = true;
    if (isFilled(message.tool_calls)) inputTokens += estimateTokens(JSON.stringify(message.tool_calls));
    if (Array.isArray(message.content))
      for (const { type } of message.content)
        if (type === "image_url") {
          hasImages = true;
          inputTokens += tokensOfImage;
        }
  }
  for (const definitions of [body.tools, body.functions])
    if (isFilled(definitions)) inputTokens += estimateTokens(JSON.stringify(definitions));
  const format = body.response_format?.type;
  return {
    inputTokens,
    maxOutputTokens: maxOutputTokensOf(body) ?? 0,
    turns,
    messages: body.messages.length,
    hasSystem,
    hasTools,
    hasImages,
    responseFormat: format === "json_object" || format === "json_schema" ? format : "text",
    language: languageOf(tally),
    hasCode: tally.codeSigns >= enoughCodeSigns,
    hasMath: tally.mathSigns >= enoughMathSigns || (tally.asksQuantity && tally.numbers >= 2),
    numbers: tally.numbers,
    questionWords: tally.questionWords,
    questions: tally.questions,
    reasoningWords: tally.reasoningWords,
    sentences: tally.sentences,
    characters: tally.characters,
  };
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}
