import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ChatBody } from "../../../lib/core/chat.ts";
import type { FoundInPart } from "../../../lib/core/detect/detection.ts";
import { type Finding, type FindingType, findingTypes } from "../../../lib/core/detect/finding.ts";
import { textPartsOf } from "../../../lib/core/detect/text-parts.ts";
import { redactBody } from "../../../lib/core/redact/redact-body.ts";

const said = (content: unknown, more = {}) =>
  ChatBody.parse({ model: "auto", messages: [{ role: "user", content }], ...more });

/** Findings wherever a value stands in any part of a body. */
function find(body: ChatBody, values: Readonly<Record<string, FindingType>>): FoundInPart[] {
  return textPartsOf(body).map(({ path, text }) => ({
    part: path,
    findings: Object.entries(values).flatMap(([value, type]) =>
      [...text.matchAll(new RegExp(value.replace(/[[\]]/g, "\\$&"), "g"))].map(({ index }) => ({
        type,
        start: index,
        end: index + value.length,
        confidence: 1,
      })),
    ),
  }));
}

const people: Readonly<Record<string, FindingType>> = {
  "Jane Doe": "name",
  'John O"Neil': "name",
  "jane@example.com": "email",
  "4111111111111111": "creditCard",
  "12 High St\nLeeds": "address",
};
const redact = (body: ChatBody, values = people) => redactBody(body, find(body, values));
const answer = (content: unknown, message = {}) => ({
  id: "chatcmpl-1",
  choices: [{ index: 0, message: { role: "assistant", content, ...message }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});
const restored = (content: string, body = said(Object.keys(people).join(" and "))) =>
  redact(body).restore(answer(content));

describe("redactBody", () => {
  it("puts one placeholder for a value wherever it stands, and another for another", () => {
    const body = ChatBody.parse({
      model: "auto",
      messages: [
        { role: "system", content: "You serve Jane Doe (jane@example.com)." },
        { role: "user", content: [{ type: "text", text: 'Jane Doe and John O"Neil' }] },
      ],
      metadata: { owner: "Jane Doe", "jane@example.com": "x" },
      stop: ["Jane Doe"],
    });

    expect(redact(body).body).toEqual({
      model: "auto",
      messages: [
        { role: "system", content: "You serve [NAME_1] ([EMAIL_1])." },
        { role: "user", content: [{ type: "text", text: "[NAME_1] and [NAME_2]" }] },
      ],
      metadata: { owner: "[NAME_1]", "[EMAIL_1]": "x" },
      stop: ["[NAME_1]"],
    });
  });

  it("leaves the request that it is given as it was", () => {
    const body = said("Jane Doe", { metadata: { "jane@example.com": "Jane Doe" } });
    const before = structuredClone(body);

    redact(body);

    expect(body).toEqual(before);
  });

  it("replaces the whole of a name that allows no brackets", () => {
    const body = ChatBody.parse({
      model: "auto",
      messages: [{ role: "user", name: "Jane Doe 2", content: "Jane Doe" }],
    });

    expect(redact(body).body.messages).toEqual([{ role: "user", name: "NAME_2", content: "[NAME_1]" }]);
  });

  it.each([
    { what: "a string", text: '{"to": "Jane Doe"}', becomes: '{"to": "[NAME_1]"}' },
    { what: "a string with escapes", text: String.raw`{"to":"John O\"Neil"}`, becomes: '{"to":"[NAME_1]"}' },
    { what: "a line feed in it", text: String.raw`["12 High St\nLeeds"]`, becomes: '["[ADDRESS_1]"]' },
    { what: "an escaped sign", text: String.raw`["jane\u0040example.com"]`, becomes: '["[EMAIL_1]"]' },
    { what: "a number", text: '{"card": 4111111111111111, "n": 1}', becomes: '{"card": "[CREDIT_CARD_1]", "n": 1}' },
    { what: "a key", text: '{"Jane Doe": 1}', becomes: '{"[NAME_1]": 1}' },
    {
      what: "JSON within JSON",
      text: JSON.stringify({ a: JSON.stringify({ to: 'John O"Neil', card: 4111111111111111 }) }),
      becomes: JSON.stringify({ a: JSON.stringify({ to: "[NAME_1]", card: "[CREDIT_CARD_1]" }) }),
    },
    {
      what: "JSON in fences",
      text: '```json\n{"n": 4111111111111111}\n```',
      becomes: '```json\n{"n": "[CREDIT_CARD_1]"}\n```',
    },
  ])("keeps JSON JSON: $what", ({ text, becomes }) => {
    expect(redact(said(text)).body.messages[0]?.content).toBe(becomes);
  });

  it("replaces all that is encoded where something was found in what it says", () => {
    const body = said("Hello", { note: `data:text/plain;base64,${btoa("I am Jane Doe.")}` });
    const { body: sent, restore } = redact(body);

    expect(sent).toEqual(said("Hello", { note: "data:text/plain;base64,[NAME_1]" }));
    expect(restore(answer("It was [NAME_1]."))).toEqual(answer(`It was ${btoa("I am Jane Doe.")}.`));
  });

  it("replaces a value where it stands again and was not found", () => {
    const body = ChatBody.parse({
      model: "auto",
      messages: [
        { role: "user", content: "I am Katarina Horvat, and my code is 4711." },
        { role: "user", content: "Katarina Horvat's cat is Katarina Horvatic's; 4711" },
        { role: "user", content: String.raw`{"to": "Katarina\u0020Horvat", "KH": ["\"Katarina Horvat\""]}` },
        { role: "user", content: `data:,${encodeURIComponent("of Katarina Horvat")}` },
      ],
      metadata: { "Katarina Horvat": "x", owner: "Katarina Horvat" },
    });
    const finding = (type: FindingType, start: number, end: number): Finding => ({ type, start, end, confidence: 1 });
    const found = [
      { part: "messages[0].content", findings: [finding("name", 5, 20), finding("accountNumber", 37, 41)] },
    ];

    const sent = redactBody(body, found).body;

    expect(sent.messages.map(({ content }) => content)).toEqual([
      "I am [NAME_1], and my code is [ACCOUNT_NUMBER_1].",
      "[NAME_1]'s cat is Katarina Horvatic's; 4711",
      String.raw`{"to": "[NAME_1]", "KH": ["\"[NAME_1]\""]}`,
      "data:,[NAME_2]",
    ]);
    expect(sent.metadata).toEqual({ "[NAME_1]": "x", owner: "[NAME_1]" });
  });

  it("replaces a value that stands again in other letters, and puts each back as it was", () => {
    const text = "Jane Doe ordered. jane doe paid. JANE DOE left. İ, jane doe.";

    const { body, restore } = redact(said(text));

    const [message] = body.messages;
    expect(message).toEqual({ role: "user", content: "[NAME_1] ordered. [NAME_2] paid. [NAME_3] left. İ, [NAME_2]." });
    expect(restore(answer("[NAME_2], [NAME_3] and [NAME_1]"))).toEqual(answer("jane doe, JANE DOE and Jane Doe"));
  });

  it("takes a name of one word for the common word where it stands in small letters", () => {
    const { body } = redact(said("Grace said grace. GRACE left."), { Grace: "name" });

    expect(body.messages[0]?.content).toBe("[NAME_1] said grace. [NAME_2] left.");
  });

  it("replaces a key that only looks like a field's name where it is a value that was found", () => {
    const body = said("I am Katarina", { metadata: { Katarina: "x", katarina: "y" } });

    const found: FoundInPart[] = [
      { part: "messages[0].content", findings: [{ type: "name", start: 5, end: 13, confidence: 1 }] },
    ];

    expect(redactBody(body, found).body.metadata).toEqual({ "[NAME_1]": "x", katarina: "y" });
  });

  it("takes the union of findings that overlap, as what the longest is", () => {
    const body = said("call Jane Doe now");
    const finding = (type: FindingType, start: number, end: number): Finding => ({ type, start, end, confidence: 1 });
    const found = [
      { part: "messages[0].content", findings: [finding("phone", 10, 13), finding("name", 5, 11)] },
      { part: "messages[0].content", findings: [finding("email", 11, 12)] },
    ];

    expect(redactBody(body, found).body.messages[0]?.content).toBe("call [NAME_1] now");
  });

  it("cuts a span that reaches over several strings at their borders", () => {
    const text = '{"first":"Jane","last":"Doe","n":1234567}';
    const found = [
      { part: "messages[0].content", findings: [{ type: "name", start: 10, end: 38, confidence: 1 }] },
    ] as const;

    expect(redactBody(said(text), found).body.messages[0]?.content).toBe(
      '{"first":"[NAME_1]","[NAME_2]":"[NAME_3]","[NAME_4]":"[NAME_5]"}',
    );
  });

  it("takes all of a character of two units (PasteGuard #145)", () => {
    const found = [
      { part: "messages[0].content", findings: [{ type: "name", start: 1, end: 3, confidence: 1 }] },
    ] as const;

    expect(redactBody(said("😀😀!"), found).body.messages[0]?.content).toBe("[NAME_1]!");
  });

  it.each(["[NAME_1]", "NAME_1", "\\[name\\_1\\]", "[Name 1]", String.raw`{"a": "\u005bNAME_1]"}`])(
    "uses no placeholder that the request holds already, such as %s",
    (taken) => {
      const body = said(`${taken} is not Jane Doe`);
      const { body: sent, restore } = redact(body);

      expect(sent.messages[0]?.content).toBe(`${taken} is not [NAME_2]`);
      expect(restore(answer(sent.messages[0]?.content))).toEqual(answer(body.messages[0]?.content));
    },
  );

  it.each([
    { what: "a part that is not there", part: "messages[1].content", start: 0, end: 1 },
    { what: "an end behind the text", part: "messages[0].content", start: 0, end: 9 },
    { what: "an end before the start", part: "messages[0].content", start: 2, end: 1 },
    { what: "an unescaped text without escapes", part: "messages[0].content#json", start: 0, end: 100 },
  ])("throws for a finding in $what, rather than let it pass", ({ part, start, end }) => {
    const findings: Finding[] = [{ type: "name", start, end, confidence: 1 }];

    expect(() => redactBody(said("Jane Doe"), [{ part, findings }])).toThrow(/finding/);
  });

  it("changes nothing without findings", () => {
    const body = said("Hello");
    const { body: sent, restore } = redactBody(body, [{ part: "messages[0].content", findings: [] }]);
    const response = answer("Hello");

    expect(sent).toBe(body);
    expect(restore(response)).toBe(response);
  });
});

describe("restore", () => {
  it.each([
    ["as it was sent", "Dear [NAME_1],", "Dear Jane Doe,"],
    ["lower-cased", "Dear [name_1],", "Dear Jane Doe,"],
    ["with blanks", "Dear [ NAME 1 ],", "Dear Jane Doe,"],
    ["with a hyphen", "[CREDIT-CARD-1]", "4111111111111111"],
    ["with Markdown's backslashes", String.raw`Dear \[NAME\_1\], and [NAME\_2]`, 'Dear Jane Doe, and John O"Neil'],
    ["in bold", "**[NAME_1]**", "**Jane Doe**"],
    ["without brackets", "Dear NAME_1.", "Dear Jane Doe."],
    ["several in one pair of brackets", "[NAME_1, NAME_2]", '[Jane Doe, John O"Neil]'],
    ["cut before its end", "Dear [NAME_1", "Dear [Jane Doe"],
    ["twice", "[NAME_1][NAME_1]", "Jane DoeJane Doe"],
    ["after a backslash of the text's own", String.raw`C:\[NAME_1]\x`, String.raw`C:\Jane Doe\x`],
    [
      "in JSON",
      '{"to": "[NAME_2]", "at": "[ADDRESS_1]"}',
      String.raw`{"to": "John O\"Neil", "at": "12 High St\nLeeds"}`,
    ],
    ["in JSON that was cut", '{"to": "[NAME_2]", "at": "[ADDR', String.raw`{"to": "John O\"Neil", "at": "[ADDR`],
    ["in JSON as a string, though it was one", '["[CREDIT_CARD_1]"]', '["4111111111111111"]'],
    [
      "in JSON within JSON",
      JSON.stringify({ a: JSON.stringify({ to: "[NAME_2]" }) }),
      JSON.stringify({ a: JSON.stringify({ to: 'John O"Neil' }) }),
    ],
    [
      "in JSON in fences",
      'Here:\n```json\n["[NAME_2]"]\n```\n[NAME_2]',
      'Here:\n```json\n["John O\\"Neil"]\n```\nJohn O"Neil',
    ],
  ])("puts a value back where its placeholder is %s", (_, said, meant) => {
    expect(restored(said)).toEqual(answer(meant));
  });

  it.each(["[NAME_9]", "name_1", "MY_NAME_1", "NAME_12", "[PHONE_1]", "NAME", "[NAME_]", "[name_1", "xname_1]"])(
    "leaves alone what is not surely one of its own: %s",
    (text) => {
      expect(restored(text)).toEqual(answer(text));
    },
  );

  it("gives a number back as a number", () => {
    const body = said('{"card": 4111111111111111}');

    expect(restored('{"card": "[CREDIT_CARD_1]"}', body)).toEqual(answer('{"card": 4111111111111111}'));
    expect(restored("It is [CREDIT_CARD_1].", body)).toEqual(answer("It is 4111111111111111."));
  });

  it("puts values back in refusals and tool calls, escaped in their arguments, and nowhere else", () => {
    const call = (text: string) => ({
      refusal: "Not for [NAME_1]".replace("[NAME_1]", text === "" ? "[NAME_1]" : "Jane Doe"),
      tool_calls: [{ id: "call_1", type: "function", function: { name: "send", arguments: text } }],
    });
    const { restore } = redact(said(Object.keys(people).join(" and ")));
    const broken = '{"to": [NAME_2], "at": "[ADDRESS_1]"';

    const response = { ...answer(null, { ...call(broken), refusal: "Not for [NAME_1]" }), model: "[NAME_1]" };

    expect(restore(response)).toEqual({
      ...answer(null, call(String.raw`{"to": "John O\"Neil", "at": "12 High St\nLeeds"`)),
      model: "[NAME_1]",
    });
  });

  it("puts in what a value is, even when it looks like a placeholder", () => {
    const body = said("[NAME_2] and Jane");
    const { restore } = redact(body, { "[NAME_2]": "name", Jane: "name" });

    expect(restore(answer("[NAME_1] [NAME_3]"))).toEqual(answer("[NAME_2] Jane"));
  });
});

describe("an answer that repeats the request", () => {
  const word = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.constantFrom(
      "Jane",
      "[NAME_1]",
      "\\",
      '"',
      "\n",
      "😀",
      "\\[",
      "]",
      "name 1",
      "\\u0040",
      "4111111111111111",
      "_1]",
      "``",
    ),
  );
  // A number as a key would come first once its neighbour is no number any more.
  const wordKey = fc.string().filter((key) => !/^\d+$/.test(key));
  const prose = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(""));
  const json = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify([value])),
    fc
      .record({ a: prose, n: fc.integer(), b: prose.map((text) => JSON.stringify({ text })) })
      .map((value) => JSON.stringify(value, null, 1)),
  );
  const body = fc
    .record({ content: prose, args: json, more: fc.dictionary(wordKey, prose) })
    .map(({ content, args, more }) =>
      ChatBody.parse({
        model: "auto",
        messages: [
          { role: "user", content },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: args } }],
          },
        ],
        metadata: more,
      }),
    );
  const cuts = fc.array(
    fc.record({
      part: fc.nat(),
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 12 }),
      type: fc.constantFrom(...findingTypes),
    }),
    { maxLength: 8 },
  );

  function foundBy(
    chosen: ChatBody,
    wanted: { part: number; at: number; length: number; type: FindingType }[],
  ): FoundInPart[] {
    const all = textPartsOf(chosen);
    return wanted.flatMap(({ part, at, length, type }) => {
      const { path, text } = all[part % all.length] ?? { path: "", text: "" };
      if (text === "") return [];
      const start = at % text.length;
      return [{ part: path, findings: [{ type, start, end: Math.min(text.length, start + length), confidence: 1 }] }];
    });
  }
  /** What a text says: of JSON, its values, at every depth at which it is quoted. */
  function meaningOf(text: string): unknown {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null ? meaningIn(value) : text;
    } catch {
      return text;
    }
  }
  function meaningIn(value: unknown): unknown {
    if (typeof value === "string") return meaningOf(value);
    if (typeof value !== "object" || value === null) return value;
    return Object.entries(value).map(([key, member]) => [meaningOf(key), meaningIn(member)]);
  }
  const looksLikeBrokenJson = (text: string) => /^\s*(\{\s*"|\[\s*[{"])/.test(text) && meaningOf(text) === text;

  it("says what the request said, whatever was found in it", () => {
    fc.assert(
      fc.property(body, cuts, (chosen, wanted) => {
        const { body: sent, restore } = redactBody(chosen, foundBy(chosen, wanted));

        const now = Object.fromEntries(textPartsOf(sent).map(({ path, text }) => [path, text]));
        for (const { path, text } of textPartsOf(chosen)) {
          if (/name$|#json$|@key$/.test(path) || looksLikeBrokenJson(text)) continue;
          const echo = restore(answer(now[path])).choices;
          const said = z.array(z.object({ message: z.object({ content: z.string() }) })).parse(echo)[0]
            ?.message.content;
          expect(meaningOf(said ?? "")).toEqual(meaningOf(text));
          if (meaningOf(text) === text) expect(said).toBe(text);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("was not told what was found: no span of a text is left where it was", () => {
    const secret = fc.stringMatching(/^[a-z]{8,20}$/);
    fc.assert(
      fc.property(prose, secret, prose, fc.constantFrom(...findingTypes), (before, value, after, type) => {
        const text = before + value + after;
        const nested = JSON.stringify({ a: text, b: [JSON.stringify({ text })] });
        const chosen = said(text, { metadata: { nested, [`${value} `]: text } });

        const sent = JSON.stringify(redact(chosen, { [value]: type }).body);

        expect(sent).not.toContain(value);
      }),
      { numRuns: 500 },
    );
  });

  it("was sent as JSON where the request had JSON", () => {
    fc.assert(
      fc.property(body, cuts, (chosen, wanted) => {
        const before = structuredClone(chosen);

        const sent = redactBody(chosen, foundBy(chosen, wanted)).body;

        expect(chosen).toEqual(before);
        const args = (from: ChatBody) =>
          JSON.stringify(from.messages[1]?.tool_calls).match(/"arguments":("(?:[^"\\]|\\.)*")/)?.[1];
        expect(() => JSON.parse(JSON.parse(args(sent) ?? ""))).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("is looked through for values again in time in proportion to it", () => {
    const value = "a a a a a a a a a a b";
    const body = said(`${value} and ${"a ".repeat(300_000)}`);
    const startedAt = performance.now();

    const sent = redact(body, { [value]: "name" }).body;

    expect(String(sent.messages[0]?.content).startsWith("[NAME_1] and a a")).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it("is put back in time in proportion to it", () => {
    const text = 'Jane Doe [NAME_7] \\\\[name_ {"'.repeat(30_000);
    const { body: sent, restore } = redact(said(text));
    const startedAt = performance.now();

    const echo = restore(answer(sent.messages[0]?.content));

    expect(echo).toEqual(answer(text));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
