import type { Hash } from "../batch-id.ts";
import { cacheKey } from "../cache/cache-key.ts";
import { isCompleteAnswer } from "../cache/complete-answer.ts";
import type { Deployment } from "../configuration/document.ts";
import type { AnswerPointer, AnswerStore, Clock, ObjectStore } from "../ports.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import { rootChunk } from "../protocol/nested.ts";
import type { Payload, PayloadJob } from "../protocol/payload.ts";
import { encodeSegment, type JobResult, type Segment, SegmentRecord } from "../protocol/segment.ts";
import type { Hop } from "./hop.ts";
import { keys } from "./keys.ts";

export type AnswerCacheDeps = {
  clock: Clock;
  hash: Hash;
  /** Text that nobody can guess. */
  newSalt: () => string;
  answers: AnswerStore;
  /** The zone's: an answer never leaves it. */
  objects: ObjectStore;
};

/** A shard that its owner is about to run, or has run. */
export type Asking = { message: ShardMessage; payload: Payload; deployment: Deployment; hop: Hop };

/** An answer that was given before, under the name of its question. */
export type KnownAnswer = { key: string; result: JobResult };

/** Segments read, and pointers written, at once. */
const atOnce = 16;
/** Up to ten shards of an invocation read at the same time. */
const mostStretchBytes = 2 * 1024 * 1024;

/**
 * Answers that were given before to exactly the same request. What is kept of one is where it lies in a committed segment,
 * no copy. Nothing is looked up for a job that its deployment may not see.
 */
export class AnswerCache {
  readonly #deps: AnswerCacheDeps;
  #salt: Promise<string> | undefined;

  constructor(deps: AnswerCacheDeps) {
    this.#deps = deps;
  }

  /** The answers that a shard's jobs can have without a call, by line. */
  async find(asking: Asking): Promise<Map<number, KnownAnswer>> {
    const { answers, clock } = this.#deps;
    const asked = new Map<string, { lines: number[]; seconds: number }>();
    for (const job of asking.payload.jobs) {
      const question = await this.#questionOf(asking, job);
      if (question === undefined) continue;
      const { lines } = asked.get(question.key) ?? { lines: [] };
      asked.set(question.key, { lines: [...lines, job.line], seconds: question.seconds });
    }
    if (asked.size === 0) return new Map();
    const fresh = [...(await answers.read([...asked.keys()]))].filter(
      ([key, { atMs }]) => clock() < atMs + (asked.get(key)?.seconds ?? 0) * 1000,
    );
    const bySegment = Map.groupBy(fresh, ([, { chunk, shard, segment }]) => keys.segment(chunk, shard, segment));
    const found = new Map<number, KnownAnswer>();
    await inTurns([...bySegment], async ([segment, pointers]) => {
      for (const [key, pointer, record] of await this.#read(segment, pointers)) {
        const result = resultOf(record, pointer, asking.deployment);
        if (result !== undefined) for (const line of asked.get(key)?.lines ?? []) found.set(line, { key, result });
      }
    });
    return found;
  }

  /** An answer that was found before, if it would still be looked for: the policy may have changed since. */
  async stillGood(asking: Asking, job: PayloadJob, known: KnownAnswer | undefined): Promise<JobResult | undefined> {
    if (known === undefined) return undefined;
    const question = await this.#questionOf(asking, job);
    return question?.key === known.key ? known.result : undefined;
  }

  /** Remembers where the answers of a committed segment are. */
  async keep(asking: Asking, name: string, segment: Segment): Promise<void> {
    const { answers, clock } = this.#deps;
    const { message, payload, deployment } = asking;
    const jobs = new Map(payload.jobs.map((job) => [job.line, job]));
    const pointers: { key: string; pointer: AnswerPointer; untilMs: number }[] = [];
    for (const { record, from, to } of placesOf(segment)) {
      const job = jobs.get(record.line);
      const { result } = record;
      if (job === undefined || result?.kind !== "succeeded" || result.cached !== undefined) continue;
      const question = await this.#questionOf(asking, job);
      if (question === undefined || result.deployment !== deployment.name || !isCompleteAnswer(result.response))
        continue;
      const costNanoUsd = record.attempts.findLast(({ outcome }) => outcome === "ok")?.costNanoUsd ?? 0;
      const { chunk, shard } = message;
      const place = { chunk, shard, segment: name, line: record.line, from, to };
      const atMs = clock();
      const pointer = { ...place, atMs, costNanoUsd };
      pointers.push({ key: question.key, pointer, untilMs: atMs + question.seconds * 1000 });
    }
    await inTurns(pointers, ({ key, pointer, untilMs }) => answers.put(key, pointer, untilMs));
  }

  /** What a job asks, and how long an answer to it is good; undefined when it is to be called for in any case. */
  async #questionOf(
    { message, payload, deployment, hop }: Asking,
    job: PayloadJob,
  ): Promise<{ key: string; seconds: number } | undefined> {
    const route = payload.routes[job.route];
    if (route === undefined || job.cache === false) return undefined;
    const { dataClass, residency } = route;
    const seconds = hop.cacheSeconds(dataClass);
    // Eligible first: what a deployment may not be asked, it may not have answered either.
    if (seconds === undefined || hop.forbidden(route, deployment.name) !== undefined) return undefined;
    const question = {
      zone: message.zone,
      tenant: message.tenant,
      policy: message.policy,
      dataClass,
      residency,
      deployment: deployment.name,
      redacted: hop.redacts(dataClass, deployment),
      body: job.body,
    };
    this.#salt ??= this.#readSalt();
    return { key: cacheKey(question, await this.#salt, this.#deps.hash), seconds };
  }

  /** The zone's salt; whoever first needs one makes it. Of two made at once one stays, and what the other named is not found. */
  async #readSalt(): Promise<string> {
    const { objects, newSalt } = this.#deps;
    try {
      const there = await objects.get(keys.cacheSalt);
      if (there !== undefined) return there;
      await objects.put(keys.cacheSalt, newSalt());
      return (await objects.get(keys.cacheSalt)) ?? newSalt();
    } catch (error) {
      // Not for ever: the next to ask tries again.
      this.#salt = undefined;
      throw error;
    }
  }

  /** The records that pointers into one segment name; those that are not there any more are left out. */
  async #read(
    segment: string,
    pointers: readonly [string, AnswerPointer][],
  ): Promise<[string, AnswerPointer, SegmentRecord][]> {
    const first = Math.min(...pointers.map(([, { from }]) => from));
    const last = Math.max(...pointers.map(([, { to }]) => to));
    // To call again costs less than a worker without memory.
    if (last - first > mostStretchBytes) return [];
    const read = await this.#deps.objects.bytes(segment, { range: [first, last] });
    if (read.kind !== "found") return [];
    const bytes = await joined(read.body, last - first + 1);
    const decoder = new TextDecoder();
    return pointers.map(([key, pointer]) => {
      const text = decoder.decode(bytes.subarray(pointer.from - first, pointer.to - first + 1));
      return [key, pointer, SegmentRecord.parse(JSON.parse(text))];
    });
  }
}

/** An earlier answer as the result of a job that was not called for. */
function resultOf(record: SegmentRecord, pointer: AnswerPointer, deployment: Deployment): JobResult | undefined {
  const { chunk, line, atMs, costNanoUsd } = pointer;
  if (record.line !== line || record.result?.kind !== "succeeded") return undefined;
  if (record.result.deployment !== deployment.name) return undefined;
  const owner = rootChunk(chunk).replace(/\/\d+$/, "");
  return { ...record.result, cached: { result: `${owner}-${line}`, atMs, savedNanoUsd: costNanoUsd } };
}

/** Where each record of a segment lies in its object: first and last byte. */
function* placesOf(segment: Segment): Generator<{ record: SegmentRecord; from: number; to: number }> {
  const encoder = new TextEncoder();
  const [header = "", ...lines] = encodeSegment(segment).split("\n");
  let from = encoder.encode(header).length + 1;
  for (const [index, record] of segment.records.entries()) {
    const { length } = encoder.encode(lines[index] ?? "");
    yield { record, from, to: from + length - 1 };
    from += length + 1;
  }
}

async function joined(body: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const piece of body) {
    whole.set(piece.subarray(0, size - at), at);
    at += piece.length;
  }
  return whole;
}

async function inTurns<Some>(some: readonly Some[], work: (one: Some) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let one = some[next++]; one !== undefined; one = some[next++]) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, some.length) }, worker));
}
