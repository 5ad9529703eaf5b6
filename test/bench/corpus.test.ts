import { describe, expect, it } from "vitest";
import { batchLines, corpus, queueMessages } from "../../bench/corpus.ts";
import { features } from "../../lib/core/features.ts";
import { parseLine, parseMessage } from "../../lib/core/request.ts";

describe("the bench's corpus", () => {
  it("is the same for the same seed, and another for another", () => {
    const first = batchLines({ lines: 200, seed: 7 });

    expect(batchLines({ lines: 200, seed: 7 })).toEqual(first);
    expect(batchLines({ lines: 200, seed: 8 })).not.toEqual(first);
  });

  it("has only valid jobs, as lines and as messages", () => {
    const lines = batchLines({ lines: 300 }).map((text, index) => parseLine(text, index + 1).kind);
    const messages = queueMessages({ lines: 300 }).map((text) => parseMessage(text, "message").kind);

    expect(new Set([...lines, ...messages])).toEqual(new Set(["job"]));
  });

  it("varies in length, turns, code and the form of answers", () => {
    const read = batchLines({ lines: 500 }).flatMap((text, index) => {
      const parsed = parseLine(text, index + 1);
      return parsed.kind === "job" ? [features(parsed.job.body)] : [];
    });

    expect(read.some(({ inputTokens }) => inputTokens < 100)).toBe(true);
    expect(read.some(({ inputTokens }) => inputTokens > 2000)).toBe(true);
    expect(read.some(({ turns }) => turns > 2)).toBe(true);
    expect(read.some(({ hasCode }) => hasCode)).toBe(true);
    expect(new Set(read.map(({ responseFormat }) => responseFormat))).toEqual(new Set(["text", "json_schema"]));
  });

  it("has no two jobs with one id or one prompt", () => {
    const jobs = corpus({ lines: 1000 });

    expect(new Set(jobs.map(({ id }) => id)).size).toBe(1000);
    expect(new Set(jobs.map(({ body }) => JSON.stringify(body.messages))).size).toBe(1000);
  });

  it("leaves out the kinds it is told to", () => {
    const ids = corpus({ lines: 500, without: ["schema", "document"] }).map(({ id }) => id);

    expect(ids.filter((id) => /^(schema|document)-/.test(id))).toEqual([]);
  });
});
