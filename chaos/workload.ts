import { promptId } from "../lib/local/simulated-providers/answer.ts";
import type { ExpectedBatch, ExpectedJob, ExpectedSingle, Workload } from "./expected.ts";
import { hostileLines } from "./hostile-lines.ts";
import { replyQueue } from "./replies.ts";
import { drawn } from "./seeded.ts";

const questions = [
  "Which of these two orders should be sent first?",
  "Write one sentence that thanks the customer.",
  "Is the following request about billing or about delivery?",
  "Say in a few words what the text is about.",
];
const classes = ["public", "internal", "pii", "phi", "financial"];
/** What detection must find, and the class that it raises a job to. */
const planted = [
  { text: " Please answer to jane.roe@example.com.", raises: "pii" },
  { text: " The card is 4111 1111 1111 1111.", raises: "financial" },
] as const;

type Request = {
  body: Record<string, unknown>;
  options: Record<string, string>;
  job: Omit<ExpectedJob, "line" | "id">;
};

/** A job of its own: no two have the same prompt, so that the providers' log tells them apart. */
function request(seed: number, name: string, floor: string): Request {
  const draw = (what: string): number => drawn(seed, name, what);
  const question = questions[Math.floor(draw("question") * questions.length)] ?? "";
  const add = draw("planted") < 0.05 ? planted[Math.floor(draw("which") * planted.length)] : undefined;
  const content = `Matter ${name} of run ${seed}: ${question}${add?.text ?? ""}`;
  const own = draw("classed") < 0.5 ? classes[Math.floor(draw("class") * classes.length)] : undefined;
  const tier = (["lightweight", "standard", "capable"] as const)[Math.floor(draw("tier") * 3)] ?? "standard";
  const residency = draw("residency") < 0.15 ? "eu" : undefined;
  const model = draw("model") < 0.5 ? "auto" : tier;
  return {
    body: { model, messages: [{ role: "user", content }], max_tokens: 16 },
    options: { ...(own === undefined ? {} : { dataClass: own }), ...(residency === undefined ? {} : { residency }) },
    job: {
      ending: "answered",
      dataClass: mostSensitive([floor, own ?? "internal", add?.raises ?? "public"], own),
      residency,
      promptId: promptId({ texts: [content], stop: [] }),
    },
  };
}

/** A job without a class of its own starts as internal; one with has that, unless batch or detection say more. */
function mostSensitive(of: readonly string[], own: string | undefined): string {
  const ranks = (own === undefined ? [...of, "internal"] : of).map((name) => classes.indexOf(name));
  return classes[Math.max(...ranks)] ?? "financial";
}

function batch(seed: number, name: string, size: number, metadata: Record<string, string>): ExpectedBatch {
  const texts: string[] = [];
  const jobs: ExpectedJob[] = [];
  const floor = metadata["data-class"] ?? "public";
  const hostile = hostileLines(name, floor === "public" ? "internal" : floor);
  for (let made = 0; made < size; made++) {
    const line = texts.length + 1;
    const other = made % 97 === 50 ? hostile[Math.floor(made / 97) % hostile.length] : undefined;
    if (other !== undefined) {
      const { text, job } = other(line, made);
      texts.push(text);
      jobs.push({ ...job, line });
      continue;
    }
    const id = `${name}-${made}`;
    const { body, options, job } = request(seed, id, floor);
    texts.push(
      JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body, switchyard: options }),
    );
    jobs.push({ ...job, id, line });
    // Blank lines are no jobs, and count.
    if (made % 311 === 7) texts.push("   ");
  }
  return { name, text: `${texts.join("\n")}\n`, metadata, jobs, ends: "completed" };
}

/** So many jobs: most in batches, of which one is cancelled and two cannot succeed, and a twentieth queued singly. */
export function createWorkload(seed: number, jobs: number): Workload {
  const singles = Math.floor(jobs / 20);
  const inBatches = jobs - singles;
  const count = Math.max(4, Math.min(14, Math.round(inBatches / 6000) + 3));
  const size = Math.floor(inBatches / count);
  const batches = Array.from({ length: count }, (_, index) => {
    const metadata: Record<string, string> =
      index % 4 === 1 ? { "data-class": "pii" } : index % 4 === 3 ? { residency: "eu" } : {};
    const made = batch(seed, `b${index}`, index === count - 1 ? inBatches - size * (count - 1) : size, metadata);
    return index % 4 === 3 ? inResidency(made, "eu") : made;
  });
  const cancelled = batches[2];
  if (cancelled !== undefined) batches[2] = { ...cancelled, ends: "cancelled" };
  batches.push({ name: "empty", text: "", metadata: {}, jobs: [], ends: "failed" });
  const misspelt = batch(seed, "misspelt", 20, { dataclass: "phi" });
  batches.push({ ...misspelt, ends: "failed", jobs: [] });
  return {
    batches,
    singles: Array.from({ length: singles }, (_, number) => single(seed, number)),
    hostile: batches.reduce(
      (sum, { jobs: all }) => sum + all.filter(({ id }) => id?.includes("hostile") ?? true).length,
      0,
    ),
  };
}

/** The batch's residency is that of lines which name none. */
function inResidency(made: ExpectedBatch, residency: string): ExpectedBatch {
  return { ...made, jobs: made.jobs.map((job) => ({ ...job, residency: job.residency ?? residency })) };
}

function single(seed: number, number: number): ExpectedSingle {
  const id = `single-${number}`;
  const { body, options, job } = request(seed, id, "public");
  const reply = drawn(seed, id, "reply") < 0.2;
  const message = JSON.stringify({ id, body, switchyard: options, ...(reply ? { replyTo: replyQueue } : {}) });
  return { ...job, id, line: number, message, again: drawn(seed, id, "again") < 0.1, reply };
}
