import { describe, expect, it } from "vitest";
import { createProgress } from "../../lib/cli/progress.ts";
import { fakeIo } from "./fake-io.ts";

describe("progress without a terminal", () => {
  it("says a stage once when it is complete, and one that takes long every few seconds", () => {
    const io = fakeIo({ cwd: "/" });
    let nowMs = 0;
    const progress = createProgress(io.stderr, () => nowMs);

    for (const done of [0, 10, 20, 30, 30]) {
      progress.show([
        { name: "planned", done: 30, total: 30 },
        { name: "done", done, total: 30 },
      ]);
      nowMs += 2600;
    }
    progress.end();

    expect(io.err()).toBe("planned  30 of 30\ndone     20 of 30\ndone     30 of 30\n");
    expect(io.out()).toBe("");
  });

  it("says nothing about stages of which nothing is known", () => {
    const io = fakeIo({ cwd: "/" });

    createProgress(io.stderr, () => 0).show([{ name: "planned", done: 0, total: undefined }]);

    expect(io.err()).toBe("");
  });
});
