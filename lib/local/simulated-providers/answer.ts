import { hash } from "node:crypto";
import { instanceOf } from "./json-instance.ts";
import { createRandom } from "./random.ts";

/** What a simulated model reads of a request, whatever wire it came by. */
export type Prompt = {
  /** Every text that is not blank: system prompts first, then the conversation. */
  texts: string[];
  maxTokens?: number;
  stop: string[];
  /** What the answer must look like. @default text */
  json?: { schema?: unknown };
};

export type Answer = {
  text: string;
  inputTokens: number;
  outputTokens: number;
  finish: "end" | "stop-sequence" | "max-tokens" | "refused" | "filtered";
};

const sentences = [
  "Here is what I can say about it in brief.",
  "The short answer is yes, with two conditions worth checking first.",
  "Start with the simplest case and work outward from there.",
  "Most people find that the second option fits better.",
  "The main point is stated in the first half of your text.",
  "In practice the difference is smaller than it looks.",
  "Please check the figures once more before you rely on them.",
  "If that does not help, the next step is to contact support.",
  "The request is clear and can be handled as described.",
  "It depends on the date, the amount and where you live.",
  "Keep a copy of the confirmation until the change shows up.",
  "Nothing in the message suggests that it is urgent.",
] as const;

/** Tokens of a text by the usual rule of thumb: four characters each. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
const charactersPerToken = 4;
const tokensPerMessage = 3;

/** Tokens that a prompt is charged. */
export function promptTokens({ texts }: Prompt): number {
  return texts.reduce((total, text) => total + countTokens(text) + tokensPerMessage, 0);
}

/** 16 hex digits, the same for the same texts. */
export function promptId({ texts }: Prompt): string {
  return hash("sha256", texts.join("\0"), "hex").slice(0, 16);
}

/** The answer that the same deployment always gives to the same prompt under the same seed; it says that it is simulated. */
export function answer(prompt: Prompt, id: string, deployment: string, seed: number): Answer {
  const whole = prompt.json === undefined ? prose(id, deployment, seed) : json(prompt.json, deployment);
  return finished(prompt, whole);
}

/** What a model says that will not answer. */
export function refusal(prompt: Prompt, deployment: string): Answer {
  return { ...finished(prompt, `[simulated ${deployment}] I cannot help with that.`), finish: "refused" };
}

function prose(id: string, deployment: string, seed: number): string {
  const random = createRandom(Number.parseInt(id.slice(0, 8), 16) ^ seed);
  const count = 1 + Math.floor(random() * 4);
  let text = `[simulated ${deployment}]`;
  for (let index = 0; index < count; index++) text += ` ${sentences[Math.floor(random() * sentences.length)]}`;
  return text;
}

function json({ schema }: { schema?: unknown }, deployment: string): string {
  const mark = `[simulated ${deployment}]`;
  return JSON.stringify(schema === undefined ? { simulated: deployment, answer: mark } : instanceOf(schema, mark));
}

/** As a model ends: at the first stop sequence, which is left out, or at the limit. */
function finished(prompt: Prompt, whole: string): Answer {
  const stops = prompt.stop.map((stop) => whole.indexOf(stop)).filter((at) => at >= 0);
  const stopped = stops.length === 0 ? whole : whole.slice(0, Math.min(...stops));
  const limit = prompt.maxTokens ?? Number.POSITIVE_INFINITY;
  const cut = countTokens(stopped) > limit;
  const text = cut ? stopped.slice(0, limit * charactersPerToken) : stopped;
  return {
    text,
    inputTokens: promptTokens(prompt),
    outputTokens: countTokens(text),
    finish: cut ? "max-tokens" : stops.length > 0 ? "stop-sequence" : "end",
  };
}
