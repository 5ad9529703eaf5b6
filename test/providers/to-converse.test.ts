import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChatBody } from "../../lib/core/chat.ts";
import { toConverse } from "../../lib/providers/to-converse.ts";

const claude = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
const nova = "amazon.nova-lite-v1:0";

function convert(body: Record<string, unknown>, model = nova) {
  const converted = toConverse(ChatBody.parse({ model: "auto", ...body }), { model });
  if (converted.kind === "unsupported") throw new Error(converted.detail);
  return converted.input;
}
const user = (content: unknown) => ({ role: "user", content });

describe("toConverse", () => {
  it("asks for the deployment's model and adds nothing that was not said", () => {
    expect(convert({ messages: [user("Hi")] })).toEqual({
      modelId: nova,
      messages: [{ role: "user", content: [{ text: "Hi" }] }],
    });
  });

  it("gathers system and developer prompts, wherever they stand", () => {
    const { system, messages } = convert({
      messages: [
        { role: "system", content: "One" },
        user("Hi"),
        { role: "developer", content: [{ type: "text", text: "Two" }] },
      ],
    });

    expect(system).toEqual([{ text: "One" }, { text: "Two" }]);
    expect(messages).toHaveLength(1);
  });

  it("merges neighbours of one role and drops blank texts", () => {
    const { messages } = convert({
      messages: [user("A"), { role: "assistant", content: " " }, user([{ type: "text", text: "B" }]), user("")],
    });

    expect(messages).toEqual([{ role: "user", content: [{ text: "A" }, { text: "B" }] }]);
  });

  it.each([
    ["an assistant's turn", [{ role: "assistant", content: "Hello!" }, user("Hi")]],
    ["a system prompt alone", [{ role: "system", content: "Tell a joke." }]],
    ["an empty message", [user("")]],
  ])("begins with the user where the body begins with %s", (_, messages) => {
    expect(convert({ messages }).messages?.[0]).toEqual({ role: "user", content: [{ text: "Continue." }] });
  });

  it.each([
    [{ max_tokens: 10 }, { maxTokens: 10 }],
    [{ max_tokens: 10, max_completion_tokens: 20 }, { maxTokens: 20 }],
    [{ temperature: 0 }, { temperature: 0 }],
    [{ temperature: 1.6 }, { temperature: 1 }],
    [{ top_p: 0.9 }, { topP: 0.9 }],
    [{ top_p: 1 }, undefined],
    [{ stop: "END" }, { stopSequences: ["END"] }],
    [{ stop: ["A", "", "B"] }, { stopSequences: ["A", "B"] }],
    [{ stop: null, temperature: null, max_tokens: null }, undefined],
    [{ seed: 7, presence_penalty: 1 }, undefined],
  ])("converts %j to %j", (options, inferenceConfig) => {
    expect(convert({ messages: [user("Hi")], ...options }).inferenceConfig).toEqual(inferenceConfig);
  });

  it("limits an answer that nobody limits as configured", () => {
    const limited = (body: object) =>
      toConverse(ChatBody.parse({ model: "auto", messages: [user("Hi")], ...body }), {
        model: nova,
        defaultMaxOutputTokens: 700,
      });

    expect(limited({})).toMatchObject({ input: { inferenceConfig: { maxTokens: 700 } } });
    expect(limited({ max_tokens: 9 })).toMatchObject({ input: { inferenceConfig: { maxTokens: 9 } } });
  });

  it("leaves top_p out beside a temperature for Claude, which refuses both", () => {
    const options = { messages: [user("Hi")], temperature: 0.2, top_p: 0.9 };

    expect(convert(options, claude).inferenceConfig).toEqual({ temperature: 0.2 });
    expect(convert(options, nova).inferenceConfig).toEqual({ temperature: 0.2, topP: 0.9 });
  });

  it("says in words what Converse has no switch for: a JSON object", () => {
    expect(convert({ messages: [user("Hi")], response_format: { type: "json_object" } }).system).toEqual([
      { text: "Answer with one JSON object and nothing else." },
    ]);
  });

  it.each([
    [{ tools: [{ type: "function" }] }, "unsupported-tools"],
    [{ messages: [{ role: "tool", content: "42" }] }, "unsupported-role"],
    [{ messages: [user("Hi"), { role: "assistant", tool_calls: [] }] }, "unsupported-tools"],
    [{ messages: [user([{ type: "image_url", image_url: { url: "data:" } }])] }, "unsupported-content"],
    [{ response_format: { type: "json_schema", json_schema: {} } }, "unsupported-json-schema"],
    [{ n: 2 }, "unsupported-n"],
  ])("does not convert %j", (body, detail) => {
    expect(toConverse(ChatBody.parse({ model: "auto", messages: [user("Hi")], ...body }), { model: nova })).toEqual({
      kind: "unsupported",
      detail,
    });
  });

  it("always gives a conversation that Converse takes, with every text in it", () => {
    const role = fc.constantFrom("system", "developer", "user", "assistant");
    fc.assert(
      fc.property(fc.array(fc.record({ role, content: fc.string() }), { minLength: 1 }), (turns) => {
        const { messages = [], system = [] } = convert({ messages: turns });

        const roles = messages.map((message) => message.role);
        expect(roles).toEqual(roles.map((_, index) => (index % 2 === 0 ? "user" : "assistant")));
        const texts = [...system, ...messages.flatMap(({ content }) => content ?? [])].map(({ text }) => text);
        expect(texts.every((text) => text?.trim() !== "")).toBe(true);
        for (const { content } of turns) if (content.trim() !== "") expect(texts).toContain(content);
      }),
    );
  });
});
