import { describe, expect, it } from "vitest";
import { type Batch, type BatchEvent, batchTransition, endStateOf } from "../../../lib/core/protocol/batch.ts";
import { afterAdd } from "../../../lib/core/protocol/effects.ts";

const create: BatchEvent = {
  type: "create",
  batch: { id: "b", key: "k", etag: "e", bytes: 1, policy: "v", acceptedAtMs: 0, deadlineMs: 9, defaults: {} },
};
const planned: BatchEvent = { type: "planned", chunks: 1, lines: 3, blankLines: 0 };
const cancel: BatchEvent = { type: "cancel", nowMs: 5 };
const ended = (cancelled: number): BatchEvent => ({
  type: "add-chunk",
  number: 0,
  counts: { succeeded: 3 - cancelled, failed: 0, cancelled },
  costNanoUsd: {},
});
const complete: BatchEvent = { type: "complete", completedAtMs: 7, state: "completed" };
const batchAfter = (...events: BatchEvent[]) =>
  events.reduce<Batch | undefined>((batch, event) => batchTransition(batch, event) ?? batch, undefined);

describe("cancelling a batch", () => {
  it.each([
    { when: "while it is planned", before: [create] },
    { when: "while it runs", before: [create, planned] },
    { when: "when its last chunk is done and nobody has collected it", before: [create, planned, ended(0)] },
  ])("sets its flag and no more, $when", ({ before }) => {
    const batch = batchAfter(...before);

    expect(batchTransition(batch, cancel)).toEqual({ ...batch, cancelledAtMs: 5 });
  });

  it.each([
    { batch: "nobody made", before: [] },
    { batch: "is over", before: [create, planned, ended(0), complete] },
    { batch: "failed", before: [create, { type: "fail", completedAtMs: 3, failure: "Empty." } satisfies BatchEvent] },
    { batch: "was cancelled before", before: [create, { type: "cancel", nowMs: 1 } satisfies BatchEvent] },
  ])("is refused for a batch that $batch", ({ before }) => {
    expect(batchTransition(batchAfter(...before), cancel)).toBeUndefined();
  });

  it("stops no step of the batch itself, in whichever order they come", () => {
    const early = batchAfter(create, cancel, planned, ended(3));
    const late = batchAfter(create, planned, ended(3), cancel);

    expect(early).toEqual(late);
    expect(early && afterAdd(early)).toEqual([{ kind: "collect" }]);
  });

  it("ends it as cancelled when a line was, and as completed when it came too late", () => {
    const stopped = batchAfter(create, cancel, planned, ended(1));
    const tooLate = batchAfter(create, planned, ended(0), cancel);

    expect([stopped, tooLate].map((batch) => batch && endStateOf(batch))).toEqual(["cancelled", "completed"]);
  });
});
