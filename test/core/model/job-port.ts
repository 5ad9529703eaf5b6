import type { JobPointer, JobStore } from "../../../lib/core/ports.ts";
import { Interner } from "./interner.ts";
import type { AskStore } from "./ports.ts";
import { withEntry } from "./stores.ts";

const claimed = new Interner<Awaited<ReturnType<JobStore["claim"]>>>();
const read = new Interner<JobPointer | null>();

/** Pointers to jobs queued singly: one a job, taken over only from the chunk that is named. */
export function jobPort(ask: AskStore): JobStore {
  return {
    claim: (job, pointer, instead) =>
      ask("jobs", `claim ${job} ${JSON.stringify(pointer)} ${instead}`, claimed, (content) => {
        const by = content[job];
        const isOwn = by?.chunk === pointer.chunk && by.line === pointer.line;
        if (by !== undefined && by.chunk !== instead && !isOwn) return { answer: { kind: "taken", by }, content };
        return { answer: { kind: "claimed" }, content: withEntry(content, job, pointer) };
      }),
    read: async (job) =>
      (await ask("jobs", `read ${job}`, read, (content) => ({ answer: content[job] ?? null, content }))) ?? undefined,
  };
}
