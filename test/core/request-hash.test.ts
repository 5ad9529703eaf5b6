import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseLine } from "../../lib/core/request.ts";
import { requestHash } from "../../lib/core/request-hash.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function named(line: object | string): string {
  const parsed = parseLine(typeof line === "string" ? line : JSON.stringify(line), 1);
  if (parsed.kind === "invalid") throw new Error(parsed.error.message);
  return requestHash(parsed.job, sha256);
}

const body = { model: "auto", messages: [{ role: "user", content: "Hello" }], temperature: 0, seed: 7 };
const line = { custom_id: "a", method: "POST", url: "/v1/chat/completions", body };

describe("the name of a request", () => {
  it.each([
    ["another custom_id", { ...line, custom_id: "b" }],
    ["keys in another order", { ...line, body: Object.fromEntries(Object.entries(body).toReversed()) }],
    ["white space", JSON.stringify(line, undefined, 2)],
    ["an empty switchyard object", { ...line, switchyard: {} }],
  ])("is the same with %s", (_what, same) => {
    expect(named(same)).toBe(named(line));
  });

  it.each([
    ["another text", { ...line, body: { ...body, messages: [{ role: "user", content: "Hello " }] } }],
    ["another model", { ...line, body: { ...body, model: "capable" } }],
    ["a key that only a provider knows", { ...line, body: { ...body, logit_bias: {} } }],
    ["another class", { ...line, switchyard: { dataClass: "pii" } }],
    ["another residency", { ...line, switchyard: { residency: "eu" } }],
    ["another tenant", { ...line, switchyard: { tenant: "acme" } }],
    ["another deadline", { ...line, switchyard: { deadline: "1h" } }],
    ["another order of messages", { ...line, body: { ...body, messages: [...body.messages, ...body.messages] } }],
  ])("is another with %s", (_what, other) => {
    expect(named(other)).not.toBe(named(line));
  });

  it("is 32 hexadecimal digits", () => {
    expect(named(line)).toMatch(/^[0-9a-f]{32}$/);
  });
});
