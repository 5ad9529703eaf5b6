/**
 * Providers that give "too long" no code of its own say it in these words.
 * Sources: error messages of Bedrock (Claude, Nova, Llama), OpenAI, vLLM, llama.cpp and TGI.
 */
const sayings = [
  /(input|prompt|request|messages?|context)\b.*\btoo long/,
  /too many (input |total |prompt )?tokens/,
  /(input|prompt|requested?) (length|size|tokens?)\b.*\bexceed/,
  /exceeds? .*\b(context|token limit|maximum (input|number of) tokens|model limit)/,
  /maximum context length/,
  /context (window|length|size) .*\bexceed/,
  /expected maxlength/,
  /max_(completion_)?tokens is too large/,
  /must be <= \d+\. given: .*max_new_tokens/,
];

/** Whether a provider's message says that the prompt, or prompt and answer, are more than the model holds. */
export function saysTooLong(message: string): boolean {
  const text = message.slice(0, 2000).toLowerCase();
  return sayings.some((saying) => saying.test(text));
}
