import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChatBody } from "../../../lib/core/chat.ts";
import { readTexts, textPartsOf } from "../../../lib/core/detect/text-parts.ts";

const paths = (body: unknown) => textPartsOf(ChatBody.parse(body)).map(({ path }) => path);
const parts = (body: unknown) =>
  Object.fromEntries(textPartsOf(ChatBody.parse(body)).map(({ path, text }) => [path, text]));
const said = (content: unknown, more = {}) => ({ model: "auto", messages: [{ role: "user", content }], ...more });

describe("textPartsOf", () => {
  it("gives what every role says, and who they are", () => {
    const body = {
      model: "auto",
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          name: "john_smith",
          content: [
            { type: "text", text: "Hello" },
            { type: "refusal", refusal: "Never" },
          ],
        },
        { role: "tool", tool_call_id: "call_1", content: "It is sunny." },
      ],
    };

    expect(parts(body)).toEqual({
      "messages[0].content": "Be brief.",
      "messages[1].name": "john smith",
      "messages[1].content[0].text": "Hello",
      "messages[1].content[1].refusal": "Never",
      "messages[2].tool_call_id": "call_1",
      "messages[2].content": "It is sunny.",
    });
  });

  it("gives what tools, schemas and options say", () => {
    const body = said("Hi there", {
      tools: [
        {
          type: "function",
          function: {
            name: "find",
            description: "Finds Jane",
            parameters: {
              type: "object",
              properties: { email: { type: "string", default: "a@b.example", enum: ["c@d.example"] } },
              required: ["email"],
            },
          },
        },
      ],
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: { description: "of Jane" } } },
      user: "user-42",
      metadata: { ticket: "for Jane" },
      prediction: { type: "content", content: "Dear Jane" },
      stop: ["Jane", "John"],
    });

    expect(parts(body)).toEqual({
      "messages[0].content": "Hi there",
      "tools[0].function.name": "find",
      "tools[0].function.description": "Finds Jane",
      "tools[0].function.parameters.properties.?0.default": "a@b.example",
      "tools[0].function.parameters.properties.?0.enum[0]": "c@d.example",
      "tools[0].function.parameters.required[0]": "email",
      "response_format.json_schema.name": "answer",
      "response_format.json_schema.schema.description": "of Jane",
      user: "user-42",
      "metadata.?0": "for Jane",
      "prediction.content": "Dear Jane",
      "stop[0]": "Jane",
      "stop[1]": "John",
    });
  });

  it("gives what stands under keys that nobody knows, and keys that are more than names", () => {
    const body = said("Hi there", {
      extra: { deep: [{ er: "Jane Doe" }] },
      metadata: { "jane@example.com": "owner", "4111111111111111": 1, plain_name2: 5 },
      phone: 33123456789,
    });

    expect(parts(body)).toEqual({
      "messages[0].content": "Hi there",
      "?2.?0[0].?0": "Jane Doe",
      "metadata.?0@key": "jane@example.com",
      "metadata.?0": "owner",
      "metadata.?1@key": "4111111111111111",
      "?4": "33123456789",
    });
  });

  it("leaves out the model, words of the wire format, seeds, and images in base64", () => {
    const image = `data:image/png;base64,${"iVBORw0KGgo".repeat(100)}`;
    const body = said([{ type: "image_url", image_url: { url: image, detail: "low" } }], {
      seed: 123456789,
      max_tokens: 100,
      tool_choice: "auto",
    });

    expect(paths(body)).toEqual([]);
  });

  it.each([
    "data:image/png;base64,of jane@example.com",
    "data:image/jane@example.com;base64,iVBORw0KGgo=",
    "data:image/png;to=jane;base64,iVBORw0KGgo=",
    "https://example.com/jane.png",
  ])("looks at the address of an image that is more than base64: %s", (url) => {
    expect(parts(said([{ type: "image_url", image_url: { url } }]))).toEqual({
      "messages[0].content[0].image_url.url": url,
    });
  });

  it("looks at an image in base64 where the part is none of images, or the key another", () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const body = said([
      { type: "text", text: "Hello", image_url: { url } },
      { type: "image_url", image_url: { url, note: url } },
    ]);

    expect(paths(body)).toEqual([
      "messages[0].content[0].text",
      "messages[0].content[0].image_url.url",
      "messages[0].content[1].image_url.?1",
    ]);
  });

  it("gives the head of a long text in base64, and what it says", () => {
    const letter = 'Dear Jané, "jane\\u0040example.com" '.repeat(100);
    const url = `data:text/plain;charset=utf-8;base64,${Buffer.from(letter).toString("base64")}`;

    expect(parts(said(url))).toEqual({
      "messages[0].content": "data:text/plain;charset=utf-8;base64,",
      "messages[0].content#data": letter.replaceAll("\\u0040", "@"),
    });
  });

  it("gives the head of a long file that it cannot read, and all of a short one", () => {
    const short = "data:application/zip;base64,UEsDBBQ=";
    const long = `data:application/zip;base64,${"UEsD".repeat(1000)}`;

    expect(parts(said(short))).toEqual({ "messages[0].content": short });
    expect(parts(said(long))).toEqual({ "messages[0].content": "data:application/zip;base64," });
  });

  it("gives what stands before a text: the keys that lead to it, or the end of what was said before", () => {
    const contexts = (body: unknown) =>
      Object.fromEntries(readTexts(ChatBody.parse(body)).parts.map(({ path, context }) => [path, context]));
    const messages = [
      { role: "system", content: "Be brief and friendly, ask for one thing at a time, and never for a password." },
      { role: "assistant", content: "What is your SSN?" },
      {
        role: "user",
        name: "jane",
        content: [
          { type: "text", text: "It is" },
          { type: "text", text: "123456789" },
        ],
      },
    ];

    expect(contexts({ model: "auto", messages, metadata: { id_card: { no: ["12345"] } }, user: "jane" })).toEqual({
      "messages[0].content": undefined,
      "messages[1].content": " ask for one thing at a time, and never for a password.\n",
      "messages[2].name": undefined,
      "messages[2].content[0].text": " at a time, and never for a password.\nWhat is your SSN?\n",
      "messages[2].content[1].text": " a time, and never for a password.\nWhat is your SSN?\nIt is\n",
      "metadata.?0.?0[0]": "id_card no: ",
      user: undefined,
    });
  });

  it.each([
    { what: "an escaped sign", text: String.raw`{"to": "jane\u0040example.com"}`, read: '{"to": "jane@example.com"}' },
    { what: "an escaped line feed", text: String.raw`{"a": "x\nJane"}`, read: '{"a": "x\nJane"}' },
    { what: "JSON within JSON", text: String.raw`{"a": "{\"to\": \"j\\u0040x\"}"}`, read: '{"a": "{"to": "j@x"}"}' },
    { what: "JSON in prose", text: String.raw`Look: "Jos\u00e9"`, read: 'Look: "José"' },
    { what: "a pair of surrogates", text: String.raw`"\ud83d\ude00"`, read: '"😀"' },
  ])("also gives a text with its escapes resolved: $what", ({ text, read }) => {
    expect(parts(said(text))).toEqual({ "messages[0].content": text, "messages[0].content#json": read });
  });

  it.each([String.raw`C:\Users`, String.raw`\alpha \{x\}`, String.raw`\u12 \uxyzw`, "a \\ b", "no escape"])(
    "gives a text without escapes once: %s",
    (text) => {
      expect(parts(said(text))).toEqual({ "messages[0].content": text });
    },
  );

  it("gives only the resolved form of what is beyond fifty thousand characters with escapes", () => {
    const text = String.raw`"jane\u0040example.com" `.repeat(1500);
    const texts = [text, text, "no escape"].map((each) => ({ type: "text", text: each }));

    expect(paths(said(texts))).toEqual([
      "messages[0].content[0].text",
      "messages[0].content[0].text#json",
      "messages[0].content[1].text#json",
      "messages[0].content[2].text",
    ]);
  });

  it("names no text of the user's in a path", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.dictionary(fc.string(), fc.jsonValue()), (value, more) => {
        const body = { ...more, ...said("Hi there"), value, metadata: more };

        for (const path of paths(body))
          expect(path).toMatch(/^([a-zA-Z_$]+|\?\d+)(\.([a-zA-Z_$]+|\?\d+)|\[\d+\])*(@key)?(#json|#data)?$/);
      }),
    );
  });

  it("gives each text under a path of its own", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const all = paths(said("Hi there", { value }));

        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it("finds every string wherever it is", () => {
    const marker = "jane@example.com";
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: "small" },
        fc.constant(marker),
        fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.string(), tie("node"), { minKeys: 1, maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const count = JSON.stringify(value).split(JSON.stringify(marker)).length - 1;

        const found = textPartsOf(ChatBody.parse(said("Hi there", { value }))).filter(({ text }) => text === marker);

        expect(found).toHaveLength(count);
      }),
    );
  });

  it("takes time in proportion to a hostile text", () => {
    const body = ChatBody.parse(said("\\".repeat(500_000) + String.raw`\u005c`.repeat(100_000)));
    const startedAt = performance.now();

    const total = textPartsOf(body).reduce((sum, { text }) => sum + text.length, 0);

    expect(total).toBeLessThan(2_300_000);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
