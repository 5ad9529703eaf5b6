import { createRandom } from "../lib/local/simulated-providers/random.ts";
import { between, paragraph, person, pick, program, type Random, sentence } from "./text.ts";

type Message = { role: "system" | "user" | "assistant"; content: string };
type Request = { messages: Message[]; max_tokens?: number; temperature?: number; response_format?: unknown };

/** How many of a hundred lines each kind has, and one request of it. `number` makes each prompt the only one of its kind. */
const kinds = {
  classification: { share: 34, request: classification },
  extraction: { share: 18, request: extraction },
  question: { share: 14, request: question },
  conversation: { share: 12, request: conversation },
  code: { share: 10, request: code },
  schema: { share: 6, request: schema },
  document: { share: 6, request: document },
} as const;
type Kind = keyof typeof kinds;

export type CorpusOptions = {
  lines: number;
  /** @default 1 */
  seed?: number;
  /** Kinds to leave out. @default none */
  without?: readonly Kind[];
};

type CorpusJob = { id: string; body: Request & { model: string } };

/**
 * Bodies and ids of jobs as people send them, the same for the same options: mostly short classifications and
 * extractions, some questions, conversations and programs, a few answers by schema, and documents of several pages.
 */
export function corpus(options: CorpusOptions): CorpusJob[] {
  return [...jobsOf(options)];
}

function* jobsOf({ lines, seed = 1, without = [] }: CorpusOptions): Generator<CorpusJob> {
  const random = createRandom(seed);
  const left: readonly string[] = without;
  const lots = Object.entries(kinds).flatMap(([name, { share, request }]) =>
    left.includes(name) ? [] : Array.from({ length: share }, () => ({ name, request })),
  );
  for (let number = 0; number < lines; number++) {
    const { name, request } = pick(lots, random);
    yield { id: `${name}-${number}`, body: { model: "auto", ...request(random, number) } };
  }
}

/** The corpus as lines of a batch. */
export function batchLines(options: CorpusOptions): string[] {
  return [...linesOf(options)];
}

/** The same as the bytes of a batch: a large one would not fit into one string. */
export function batchBytes(options: CorpusOptions): Buffer {
  return Buffer.concat(Array.from(linesOf(options), (line) => Buffer.from(`${line}\n`)));
}

function* linesOf(options: CorpusOptions): Generator<string> {
  for (const { id, body } of jobsOf(options))
    yield JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
}

/** The corpus as messages for the jobs queue. */
export function queueMessages(options: CorpusOptions): string[] {
  return corpus(options).map((job) => JSON.stringify(job));
}

function classification(random: Random, number: number): Request {
  const labels = "billing, delivery, returns, account, other";
  return {
    messages: [
      { role: "system", content: `You sort messages of customers. Answer with one of: ${labels}.` },
      { role: "user", content: `Case ${number}: ${paragraph(between(1, 3, random), random)}` },
    ],
    max_tokens: 8,
    temperature: 0,
  };
}

function extraction(random: Random, number: number): Request {
  const letter = `${person(random)} wrote on ${between(1, 28, random)} May about order ${number}: ${paragraph(between(3, 8, random), random)}`;
  const content = `Extract name, date, order number and amount from this letter, one a line.\n\n${letter}\n\nThe amount is ${between(10, 900, random)}.50 EUR.`;
  return { messages: [{ role: "user", content }], max_tokens: 120 };
}

function question(random: Random, number: number): Request {
  const [boxes, price] = [between(3, 40, random), between(2, 90, random)];
  const sum = `Order ${number} has ${boxes} boxes at ${price} euros each, and 3 of them came back. How much is left to pay?`;
  const why = `Compare two ways to answer case ${number} and explain step by step which is better: ${sentence(random)}`;
  return { messages: [{ role: "user", content: random() < 0.5 ? sum : why }], max_tokens: 400 };
}

function conversation(random: Random, number: number): Request {
  const turns = between(2, 5, random);
  const said = Array.from({ length: turns }, (): Message[] => [
    { role: "user", content: `${sentence(random)} What should I do?` },
    { role: "assistant", content: paragraph(2, random) },
  ]).flat();
  return {
    messages: [
      { role: "system", content: "You are a patient assistant of a furniture shop." },
      ...said,
      { role: "user", content: `And case ${number}? ${sentence(random)}` },
    ],
    max_tokens: 300,
  };
}

function code(random: Random, number: number): Request {
  const content = `Find the bug in function ${number} and write a test that shows it.\n\n${program(between(5, 25, random), random)}`;
  return { messages: [{ role: "user", content }], max_tokens: 800 };
}

function schema(random: Random, number: number): Request {
  const properties = {
    topic: { type: "string" },
    urgent: { type: "boolean" },
    amounts: { type: "array", items: { type: "number" } },
  };
  const json = { name: "ticket", schema: { type: "object", properties, required: ["topic", "urgent"] } };
  return {
    messages: [{ role: "user", content: `Fill in the ticket for case ${number}: ${paragraph(4, random)}` }],
    response_format: { type: "json_schema", json_schema: json },
  };
}

function document(random: Random, number: number): Request {
  const pages = Array.from({ length: between(10, 40, random) }, () => paragraph(6, random)).join("\n\n");
  return {
    messages: [
      { role: "system", content: "Summarize the document in five sentences." },
      { role: "user", content: `Document ${number}\n\n${pages}` },
    ],
    max_tokens: 500,
  };
}
