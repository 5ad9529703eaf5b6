import { describe, expect, it } from "vitest";
import type { ChatBody } from "../../lib/core/chat.ts";
import { features } from "../../lib/core/features.ts";

function read(content: string, more: Partial<ChatBody> = {}) {
  return features({ model: "auto", messages: [{ role: "user", content }], ...more });
}

describe("features", () => {
  it("reads the shape of a conversation", () => {
    const found = features({
      model: "auto",
      max_tokens: 100,
      max_completion_tokens: 200,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello there." },
        { role: "assistant", content: "Hello!" },
        { role: "user", content: "How many days has May?" },
      ],
    });

    expect(found).toMatchObject({
      turns: 2,
      messages: 4,
      hasSystem: true,
      hasTools: false,
      hasImages: false,
      maxOutputTokens: 200,
      responseFormat: "text",
      questions: 1,
      sentences: 2,
      characters: 34,
    });
  });

  it.each<[string, Partial<ChatBody>]>([
    ["definitions", { tools: [{ type: "function", function: { name: "search" } }] }],
    ["definitions of the older kind", { functions: [{ name: "search" }] }],
    ["a call that was made", { messages: [{ role: "assistant", tool_calls: [{ id: "1" }] }] }],
    ["the answer of a tool", { messages: [{ role: "tool", content: "42" }] }],
  ])("finds tools by %s", (_what, more) => {
    expect(read("Hello", more).hasTools).toBe(true);
    expect(read("Hello", { tools: [] }).hasTools).toBe(false);
  });

  it("counts the tokens of tool definitions", () => {
    const tools = [
      { type: "function", function: { name: "search", description: "Finds what people look for in the shop" } },
    ];

    expect(read("Hello", { tools }).inputTokens).toBeGreaterThan(read("Hello").inputTokens + 10);
  });

  it("finds images, and does not count their data as text", () => {
    const url = `data:image/png;base64,${"A".repeat(100_000)}`;
    const messages: ChatBody["messages"] = [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url } },
        ],
      },
    ];

    const found = read("", { messages });

    expect(found.hasImages).toBe(true);
    expect(found.inputTokens).toBeLessThan(1000);
    expect(found.questions).toBe(1);
  });

  it.each([
    [{ type: "text" }, "text"],
    [{ type: "json_object" }, "json_object"],
    [{ type: "json_schema", json_schema: {} }, "json_schema"],
    [undefined, "text"],
    [null, "text"],
  ])("reads the response format %j", (response_format, format) => {
    expect(read("Hello", { response_format }).responseFormat).toBe(format);
  });

  it.each([
    ["Where is my new card? I have been waiting for two weeks.", "en"],
    ["Wo ist meine neue Karte? Ich warte seit zwei Wochen und sie ist nicht da.", "de"],
    ["Où est ma nouvelle carte ? Je l'attends depuis deux semaines et elle n'est pas arrivée.", "fr"],
    ["¿Dónde está mi nueva tarjeta? Hace dos semanas que la espero y no llega.", "es"],
    ["Dov'è la mia nuova carta? Sono due settimane che aspetto e non è arrivata.", "it"],
    ["Onde está o meu novo cartão? Há duas semanas que espero e ainda não chegou.", "pt"],
    ["Waar is mijn nieuwe kaart? Ik wacht al twee weken en hij is er nog niet.", "nl"],
    ["Gdzie jest moja nowa karta? Czekam już dwa tygodnie i nie ma jej.", "pl"],
    ["Var är mitt nya kort? Jag har väntat i två veckor och det har inte kommit.", "sv"],
    ["Где моя новая карта? Я жду уже две недели.", "ru"],
    ["Де моя нова картка? Я чекаю вже два тижні і її немає.", "uk"],
    ["Πού είναι η νέα μου κάρτα;", "el"],
    ["أين بطاقتي الجديدة؟", "ar"],
    ["کارت جدید من کجاست؟ چرا نرسیده", "fa"],
    ["איפה הכרטיס החדש שלי?", "he"],
    ["मेरा नया कार्ड कहाँ है?", "hi"],
    ["บัตรใหม่ของฉันอยู่ที่ไหน", "th"],
    ["我的新卡在哪里？", "zh"],
    ["新しいカードはどこですか？", "ja"],
    ["제 새 카드는 어디에 있나요?", "ko"],
    ["card", "und"],
    ["", "und"],
    ["12345 !!!", "und"],
  ])("tells the language of %j", (text, language) => {
    expect(read(text).language).toBe(language);
  });

  it.each([
    ["Write a Python script that renames files.", true],
    ["```\nx = 1\n```", true],
    ["for (let i = 0; i < n; i++) {\n  total += f(i);\n}\nreturn a && b;", true],
    ["Implement a function that merges two sorted arrays.", true],
    ["What is the dress code for the party?", false],
    ["My promo code does not work; please help me. Thanks!", false],
  ])("finds code in %j: %j", (text, hasCode) => {
    expect(read(text).hasCode).toBe(hasCode);
  });

  it.each([
    ["Solve the equation for x.", true],
    ["x + y = 4 and 2x - y = 2", true],
    ["Compute $\\frac{a}{b} + \\sqrt{2}$", true],
    ["Tom has 3 apples and buys 4 more. How many apples does he have?", true],
    ["How much is the fee for 1 transfer?", false],
    ["See you on 2024-05-01 in *Room* B.", false],
  ])("finds mathematics in %j: %j", (text, hasMath) => {
    expect(read(text).hasMath).toBe(hasMath);
  });

  it.each([
    ["It costs 1,234.50 or 3.14.", 2],
    ["two cats and twenty dogs", 2],
    ["gpt4 and room_12", 0],
    ["", 0],
  ])("counts the numbers of %j", (text, numbers) => {
    expect(read(text).numbers).toBe(numbers);
  });

  it("counts question words, questions and words that ask for reasoning", () => {
    expect(read("Why is that so??? And how? Compare both and explain.")).toMatchObject({
      questionWords: 2,
      questions: 2,
      reasoningWords: 2,
      sentences: 3,
    });
  });

  it("reads the user's text, not the system's", () => {
    const messages: ChatBody["messages"] = [
      { role: "system", content: "Compare, explain and prove. Why? 1 2 3" },
      { role: "user", content: "Hello" },
    ];

    expect(read("", { messages })).toMatchObject({ reasoningWords: 0, questions: 0, numbers: 0, characters: 5 });
  });

  it.each([
    ["letters", "a"],
    ["blanks", " "],
    ["digits and dots", "1."],
    ["open braces", "{"],
    ["backslashes", "\\"],
    ["signs", " + "],
    ["emoji", "🎉"],
    ["broken surrogates", "\ud83c"],
  ])("stays linear on a long run of %s", (_what, unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    const started = performance.now();

    read(text);

    expect(performance.now() - started).toBeLessThan(2000);
  });
});
