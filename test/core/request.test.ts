import { describe, expect, it } from "vitest";
import { parseLine, parseMessage } from "../../lib/core/request.ts";

const body = { model: "auto", messages: [{ role: "user", content: "Hello" }] };
const line = { custom_id: "a", method: "POST", url: "/v1/chat/completions", body };

describe("parseLine", () => {
  it("reads an OpenAI batch line as it is", () => {
    expect(parseLine(JSON.stringify(line), 7)).toEqual({ kind: "job", job: { id: "a", line: 7, body, options: {} } });
  });

  it("reads what a line says of itself", () => {
    const switchyard = {
      dataClass: "pii",
      residency: "eu",
      tier: "capable",
      deadline: "2h",
      tenant: "t",
      tags: { a: "b" },
      priority: "high",
    };

    expect(parseLine(JSON.stringify({ ...line, switchyard }), 1)).toMatchObject({
      kind: "job",
      job: { options: switchyard },
    });
  });

  it.each([
    ["a byte order mark", `\uFEFF${JSON.stringify(line)}`],
    ["a carriage return", `${JSON.stringify(line)}\r`],
  ])("tolerates %s", (_what, text) => {
    expect(parseLine(text, 1).kind).toBe("job");
  });

  it("passes on what it does not read", () => {
    const parsed = parseLine(JSON.stringify({ ...line, body: { ...body, seed: 7, user: "u" } }), 1);

    expect(parsed).toMatchObject({ kind: "job", job: { body: { seed: 7, user: "u" } } });
  });

  it.each([
    ["not JSON", "{", /not JSON/],
    ["a list", "[]", /JSON object/],
    ["null", "null", /JSON object/],
    ["no custom_id", { ...line, custom_id: undefined }, /custom_id/],
    ["an empty custom_id", { ...line, custom_id: "" }, /custom_id/],
    ["a long custom_id", { ...line, custom_id: "x".repeat(513) }, /512/],
    ["a custom_id that is a number", { ...line, custom_id: 3 }, /custom_id/],
    ["another method", { ...line, method: "GET" }, /method must be "POST"/],
    ["another url", { ...line, url: "/v1/embeddings" }, /\/v1\/chat\/completions/],
    ["a key that is not known", { ...line, swichyard: {} }, /did you mean "switchyard"/],
    ["no body", { ...line, body: undefined }, /body must be an object/],
    ["no model", { ...line, body: { messages: body.messages } }, /body\.model/],
    ["no messages", { ...line, body: { model: "auto" } }, /at least one message/],
    ["an empty list of messages", { ...line, body: { ...body, messages: [] } }, /at least one message/],
    [
      "an unknown role",
      { ...line, body: { ...body, messages: [{ role: "robot", content: "" }] } },
      /messages\[0\]\.role/,
    ],
    ["a stream", { ...line, body: { ...body, stream: true } }, /stream/],
    ["several answers", { ...line, body: { ...body, n: 2 } }, /body\.n must be 1/],
    ["max_tokens of zero", { ...line, body: { ...body, max_tokens: 0 } }, /body\.max_tokens/],
    ["switchyard inside the body", { ...line, body: { ...body, switchyard: { dataClass: "phi" } } }, /beside body/],
    [
      "audio",
      { ...line, body: { ...body, messages: [{ role: "user", content: [{ type: "input_audio" }] }] } },
      /content\[0\]/,
    ],
    ["options that are no object", { ...line, switchyard: "pii" }, /switchyard must be an object/],
    ["an option that is not known", { ...line, switchyard: { dataclass: "pii" } }, /did you mean "dataClass"/],
    ["a cost of nothing", { ...line, switchyard: { maxCostUsd: 0 } }, /switchyard\.maxCostUsd/],
    ["an unknown tier", { ...line, switchyard: { tier: "cheap" } }, /switchyard\.tier/],
    ["a deadline that is none", { ...line, switchyard: { deadline: "soon" } }, /30s, 15m/],
  ])("refuses %s", (_what, value, message) => {
    const parsed = parseLine(typeof value === "string" ? value : JSON.stringify(value), 1);

    expect(parsed).toMatchObject({ kind: "invalid", error: { code: "invalid-line" } });
    expect(parsed.kind === "invalid" && parsed.error.message).toMatch(message);
  });

  it("keeps the id of an invalid line that has one", () => {
    expect(parseLine(JSON.stringify({ ...line, url: "/" }), 1)).toMatchObject({ kind: "invalid", id: "a" });
    expect(parseLine(JSON.stringify({ ...line, custom_id: 1 }), 1)).not.toHaveProperty("id");
  });

  it("never repeats what the user wrote in an error", () => {
    const secret = "4111 1111 1111 1111";
    const wrong = [
      { ...line, method: secret },
      { ...line, body: { model: secret, messages: secret } },
      { ...line, body: { ...body, messages: [{ role: secret, content: secret }] } },
      { ...line, body: { ...body, messages: [{ role: "user", content: [{ type: secret }] }] } },
      { ...line, switchyard: { tier: secret, tags: { [secret]: 3 } } },
      { ...line, switchyard: { tags: { [secret]: 3 } } },
      { ...line, switchyard: { deadline: secret } },
    ];

    for (const value of wrong) {
      const parsed = parseLine(JSON.stringify(value), 1);
      expect(parsed.kind === "invalid" && parsed.error.message).not.toContain(secret);
    }
  });
});

describe("parseMessage", () => {
  it("takes a batch line as it is: its custom_id is the id", () => {
    expect(parseMessage(JSON.stringify(line), "m")).toMatchObject({ kind: "job", job: { id: "a" } });
  });

  it("reads a job", () => {
    expect(parseMessage(JSON.stringify({ id: "a", body }), "m")).toEqual({
      kind: "job",
      job: { id: "a", line: 0, body, options: {} },
    });
  });

  it("reads where the answer goes, and its place in the chunk", () => {
    const parsed = parseMessage(JSON.stringify({ id: "a", body, replyTo: "answers" }), "m", 3);

    expect(parsed).toMatchObject({ kind: "job", job: { line: 3 }, replyTo: "answers" });
  });

  it.each([
    ["not JSON", "hello", "m"],
    ["a notification", { Records: [] }, "m"],
    ["no id", { body }, "m"],
    ["an id that is no text", { id: {}, body }, "m"],
    ["no body", { id: "a" }, "a"],
    ["a reply queue that is no text", { id: "a", body, replyTo: 3 }, "a"],
    ["another url", { id: "a", body, url: "/v1/embeddings" }, "a"],
  ])("refuses %s, under the id %s", (_what, value, id) => {
    const parsed = parseMessage(typeof value === "string" ? value : JSON.stringify(value), "m");

    expect(parsed).toMatchObject({ kind: "invalid", id, error: { code: "invalid-line" } });
  });
});
