import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type CacheQuestion, cacheKey } from "../../../lib/core/cache/cache-key.ts";
import { ChatBody } from "../../../lib/core/chat.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const body = (text: string) => ChatBody.parse(JSON.parse(text));

const question: CacheQuestion = {
  zone: "general",
  tenant: "acme",
  policy: "p1",
  dataClass: "internal",
  residency: undefined,
  deployment: "nova-lite",
  redacted: false,
  body: body('{"model":"auto","messages":[{"role":"user","content":"Hello"}],"temperature":0}'),
};

describe("the name of a question", () => {
  it("is the same however its request is written", () => {
    const other = body('{ "temperature": 0, "messages": [{"content":"Hello", "role":"user"}], "model":"auto" }');

    expect(cacheKey({ ...question, body: other }, "salt", hash)).toBe(cacheKey(question, "salt", hash));
  });

  it.each<[string, Partial<CacheQuestion>]>([
    ["zone", { zone: "restricted" }],
    ["tenant", { tenant: "other" }],
    ["absence of a tenant", { tenant: undefined }],
    ["policy version", { policy: "p2" }],
    ["class", { dataClass: "pii" }],
    ["residency", { residency: "eu" }],
    ["deployment", { deployment: "gpt-mini" }],
    ["redaction", { redacted: true }],
    ["prompt", { body: { ...question.body, messages: [{ role: "user", content: "Hello!" }] } }],
    ["parameter", { body: { ...question.body, temperature: 1 } }],
    ["parameter that is only passed on", { body: { ...question.body, seed: 7 } }],
  ])("is another for another %s", (_, parts) => {
    expect(cacheKey({ ...question, ...parts }, "salt", hash)).not.toBe(cacheKey(question, "salt", hash));
  });

  it("cannot be told without the salt", () => {
    expect(cacheKey(question, "another", hash)).not.toBe(cacheKey(question, "salt", hash));
  });
});
