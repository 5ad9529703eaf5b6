import type { Machine } from "./machine.ts";
import { canonical, type Faults, messages, noFaults, type State } from "./state.ts";

/** A queue's kind. */
export type Stage = "uploads" | "jobs" | "chunks" | "lane" | "fallback" | "collect";

/** A small world that is looked at as a whole. */
export type Scope = {
  name: string;
  /** The lines of the batch. Those of one tenant are in one shard. */
  lines: readonly { tenant?: string; model?: string; id?: string }[];
  /** Where it begins: with the upload, its chunk planned, all of its shards closed; or with its jobs queued singly. */
  from: "upload" | "plan" | "results" | "jobs";
  /** Queues whose messages are only delivered on the way to rest: what their readers do is another scope's. */
  leaves?: readonly Stage[];
  /** Invocations that may be in flight at a time. */
  workers: number;
  faults: Partial<Faults>;
  /** Audit records are kept, and looked for in the end. */
  audited?: boolean;
  /** What jobs cost is reserved in a budget, and settled. */
  budgeted?: boolean;
  /** Chunks have no room for children, which go into child chunks; those have room for theirs. */
  full?: boolean;
};

const startMs = Date.UTC(2026, 0, 1);
const key = "uploads/x.jsonl";

/** The first state of a scope. */
export async function startOf(scope: Scope, machine: Machine): Promise<State> {
  const body = JSON.stringify({ detail: { object: { key, etag: '"e"' } } });
  const upload = messages.of({ queue: "uploads", body, visibleAtMs: 0 });
  const empty = machine.empty(startMs, noFaults);
  if (scope.from === "jobs") {
    const queued = textOf(scope)
      .split("\n")
      .map((body) => messages.of({ queue: "jobs", body, visibleAtMs: 0 }));
    return canonical({ ...empty, queued, left: { ...noFaults, ...scope.faults } });
  }
  let state: State = { ...machine.withUpload(empty, key, textOf(scope)), queued: [upload] };
  // One thing after the other, until there is only what the scope begins with.
  for (let next = earlier(state, scope); next !== undefined; next = earlier(state, scope)) {
    state = (await machine.deliver(state, next)).state;
    while (state.processes.length > 0)
      for (const move of (await machine.steps(state, 0)).slice(0, 1)) state = move.state;
  }
  return { ...state, left: { ...noFaults, ...scope.faults } };
}

const before: Record<Scope["from"], readonly Stage[]> = {
  upload: [],
  jobs: [],
  plan: ["uploads", "chunks"],
  results: ["uploads", "chunks", "lane", "fallback"],
};

function earlier({ queued }: State, { from }: Scope): number | undefined {
  return queued.find((message) => before[from].some((stage) => isOf(messages.at(message).queue, stage)));
}

export function isOf(queue: string, stage: Stage): boolean {
  return queue === stage || queue.startsWith(`${stage} `);
}

function textOf({ lines, from }: Scope): string {
  return lines
    .map(({ tenant, model = "auto", id }, index) =>
      JSON.stringify({
        custom_id: id ?? `j${index}`,
        ...(from === "jobs" ? { replyTo: "answers" } : {}),
        method: "POST",
        url: "/v1/chat/completions",
        body: { model, messages: [{ role: "user", content: `p${index}` }] },
        ...(tenant === undefined ? {} : { switchyard: { tenant } }),
      }),
    )
    .join("\n");
}
