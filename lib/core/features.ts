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
  hasCode: boolean;
  hasMath: boolean;
  /** How many numbers the user's text holds. */
  numbers: number;
  /** How many question words (what, why, how …) the user's text holds. */
  questionWords: number;
  questions: number;
  /** Words that ask for reasoning or composition (prove, derive, compare, design …). */
  reasoningWords: number;
  sentences: number;
  characters: number;
};
