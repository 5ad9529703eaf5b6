import { describe, expect, it } from "vitest";
import { jobMessage } from "../../lib/cli/job-message.ts";
import { batchLine } from "./fake-io.ts";

const body = { model: "auto", messages: [{ role: "user", content: "Hello" }] };

describe("a line as a job message", () => {
  it("stays as it is when it is one", () => {
    const text = JSON.stringify({ id: "a", body, switchyard: { tenant: "acme" } });

    expect(jobMessage(text)).toEqual({ kind: "message", id: "a", body: text, group: "acme" });
  });

  it("is made of an OpenAI batch line", () => {
    const made = jobMessage(`\uFEFF${batchLine("a")}`);

    expect(made).toMatchObject({ kind: "message", id: "a" });
    expect(made.kind === "message" && JSON.parse(made.body)).toMatchObject({ id: "a", body });
    expect(made).not.toHaveProperty("group");
  });

  it.each([
    ["not json", "not JSON"],
    ["[1]", "JSON object"],
    [JSON.stringify({ body }), "id"],
    [JSON.stringify({ id: "a", body: { model: "auto", messages: [] } }), "messages"],
    [batchLine("a", "x".repeat(1024 * 1024)), 'send it in a batch, with "npx switchyard submit"'],
  ])("is refused with the reason: %.40s", (text, reason) => {
    expect(jobMessage(text)).toEqual({ kind: "refused", message: expect.stringContaining(reason) });
  });
});
