import { describe, expect, it } from "vitest";
import { ChatBody } from "../../../lib/core/chat.ts";
import { createDetector } from "../../../lib/core/detect/create-detector.ts";
import { createDetect, type Detectors } from "../../../lib/core/detect/detect-body.ts";
import type { Finding, FindingType } from "../../../lib/core/detect/finding.ts";

const said = (content: unknown, more = {}) =>
  ChatBody.parse({ model: "auto", messages: [{ role: "user", content }], ...more });
const nothing = () => [];
const finding = (type: FindingType, start: number, end: number, confidence: number): Finding => ({
  type,
  start,
  end,
  confidence,
});
const detectWith = (detectors: Partial<Detectors>) =>
  createDetect({ local: nothing, minConfidence: 0.5, onError: () => {}, ...detectors });

describe("createDetect", () => {
  it("lets no unsure finding of a service take the place of a sure one", async () => {
    const sure = finding("phone", 0, 5, 0.9);
    const unsure = finding("nationalId", 0, 20, 0.4);
    const surer = finding("nationalId", 2, 8, 0.6);

    const detect = detectWith({ local: () => [sure, unsure], remote: async () => [unsure, surer] });

    expect(await detect(said("Hello"))).toEqual({
      kind: "found",
      parts: [{ part: "messages[0].content", findings: [sure, surer] }],
    });
  });

  it("tells of findings that overlap, so that the most sensitive decides and each is redacted to its end", async () => {
    const card = finding("creditCard", 0, 10, 0.9);
    const name = finding("name", 8, 20, 0.6);

    const detect = detectWith({ local: () => [card], remote: async () => [name] });

    expect(await detect(said("Hello"))).toMatchObject({ parts: [{ findings: [card, name] }] });
  });

  it("asks no service where more findings would change nothing", async () => {
    const asked: string[] = [];
    const remote = async (text: string) => {
      asked.push(text);
      return [];
    };
    const email = finding("email", 0, 3, 1);

    const detect = detectWith({ local: () => [email], remote });

    expect(await detect(said("Hello"), ({ kind }) => kind !== "found")).toMatchObject({
      parts: [{ findings: [email] }],
    });
    expect(asked).toEqual([]);
    await detect(said("Hello"));
    expect(asked).toEqual(["Hello"]);
  });

  it("asks a service about a few texts at a time, and about none after a failure", async () => {
    const waiting: { resolve: () => void; reject: () => void }[] = [];
    const remote = () =>
      new Promise<Finding[]>((resolve, reject) => {
        waiting.push({ resolve: () => resolve([]), reject: () => reject(new Error("down")) });
      });
    const texts = Array.from({ length: 20 }, (_, at) => ({ type: "text", text: `text ${at}` }));
    const detect = detectWith({ remote });

    const detection = detect(said(texts));
    expect(waiting).toHaveLength(4);
    waiting[0]?.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(waiting).toHaveLength(5);
    for (const { reject } of waiting) reject();

    expect(await detection).toEqual({ kind: "failed" });
    expect(waiting).toHaveLength(5);
  });

  it.each([
    { what: "a file", content: [{ type: "file", file: { file_id: "file-1" } }] },
    { what: "a recording", content: [{ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }] },
    { what: "a PDF in a text", content: `data:application/pdf;base64,${"JVBERi0xLjQK".repeat(200)}` },
    { what: "text that is no UTF-8", content: "data:text/plain;base64,/9j/4AAQ" },
    { what: "an image where none belongs", content: "data:image/png;base64,iVBORw0KGgo=" },
  ])("says that something was not read: $what", ({ content }) => {
    expect(detectWith({})(said(content))).toEqual({ kind: "found", parts: [], unread: true });
  });
});

describe("what stands around a value", () => {
  const detect = createDetect({
    local: createDetector({ phoneRegions: ["US", "GB", "DE"] }),
    minConfidence: 0.2,
    onError: (error) => {
      throw error;
    },
  });

  function typesIn(body: ChatBody): string[] {
    const detection = detect(body);
    if (detection instanceof Promise || detection.kind === "failed") throw new Error("Nothing was detected.");
    return detection.parts.flatMap(({ part, findings }) =>
      findings.map(({ type, start, end }) => `${part} ${type} ${start}–${end}`),
    );
  }

  it.each<{ what: string; body: ChatBody; finding: string }>([
    {
      what: "its key",
      body: said("Hello", { metadata: { ssn: "123456789" } }),
      finding: "metadata.?0 nationalId 0–9",
    },
    {
      what: "the key of what holds it",
      body: said("Hello", { metadata: { patient: { mrn: { value: "4821377" } } } }),
      finding: "metadata.?0.?0.?0 medicalRecord 0–7",
    },
    {
      what: "the key of a list",
      body: said("Hello", { metadata: { phoneNumbers: ["4155552671"] } }),
      finding: "metadata.?0[0] phone 0–10",
    },
    {
      what: "the key of a short number",
      body: said("Hello", { metadata: { mrn: 48213 } }),
      finding: "metadata.?0 medicalRecord 0–5",
    },
    {
      what: "the key of a schema's default",
      body: said("Hello", {
        tools: [
          { type: "function", function: { name: "f", parameters: { properties: { ssn: { default: "123456789" } } } } },
        ],
      }),
      finding: "tools[0].function.parameters.properties.?0.default nationalId 0–9",
    },
    {
      what: "the part before",
      body: said([
        { type: "text", text: "My social security number:" },
        { type: "text", text: "123456789" },
      ]),
      finding: "messages[0].content[1].text nationalId 0–9",
    },
    {
      what: "the message before",
      body: ChatBody.parse({
        model: "auto",
        messages: [
          { role: "assistant", content: "What is your SSN?" },
          { role: "user", content: "123456789, thanks" },
        ],
      }),
      finding: "messages[1].content nationalId 0–9",
    },
    {
      what: "a polite question before",
      body: ChatBody.parse({
        model: "auto",
        messages: [
          { role: "assistant", content: "Your account number please?" },
          { role: "user", content: "12345678" },
        ],
      }),
      finding: "messages[1].content accountNumber 0–8",
    },
    {
      what: "a key that is a name",
      body: said("Hello", { metadata: { Jane_Doe: "owner" } }),
      finding: "metadata.?0@key name 0–8",
    },
    {
      what: "who speaks",
      body: ChatBody.parse({ model: "auto", messages: [{ role: "user", name: "Jane_Doe", content: "Hello" }] }),
      finding: "messages[0].name name 0–8",
    },
    {
      what: "a seed that is none",
      body: said("Hello", { metadata: { seed: 4111111111111111 } }),
      finding: "metadata.seed creditCard 0–16",
    },
    {
      what: "a seed at the top that is a card",
      body: said("Hello", { seed: 4111111111111111 }),
      finding: "seed creditCard 0–16",
    },
    {
      what: "a text in base64",
      body: said("Hello", { note: `data:text/plain;base64,${btoa("My SSN is 123-45-6789")}` }),
      finding: "?2#data nationalId 10–21",
    },
    {
      what: "JSON in base64",
      body: said(`data:application/json;base64,${btoa('{"to":"jane\\u0040example.com"}')}`),
      finding: "messages[0].content#data email 7–23",
    },
    {
      what: "an escaped data URL",
      body: said("data:,Call%20me%20on%20%2B14155552671"),
      finding: "messages[0].content#data phone 11–23",
    },
    {
      what: "a text that only begins like a data URL",
      body: said("data:x;base64,none of it: jane@example.com"),
      finding: "messages[0].content email 26–42",
    },
    {
      what: "the head of a data URL",
      body: said(`data:text/plain;owner=jane.doe;to="jane@example.com";base64,${btoa("Hello ".repeat(300))}`),
      finding: "messages[0].content email 35–51",
    },
  ])("gives it away: $what", ({ body, finding }) => {
    expect(typesIn(body)).toContain(finding);
  });

  it("finds no less with it than without", () => {
    expect(typesIn(said("Hello", { metadata: { order: "4111 1111 1111 1111" } }))).toEqual([
      "metadata.?0 creditCard 0–19",
    ]);
    expect(typesIn(said("Hello", { metadata: { id: "4111111111111111" } }))).toEqual(["metadata.id creditCard 0–16"]);
  });

  it("takes names of fields and short numbers for nothing", () => {
    const metadata = { First_Name: "x", Order_Id: 4711, Content_Type: "y", max_price: 5000, User_Agent: "z" };

    expect(typesIn(said("Hello", { metadata, max_tokens: 4096 }))).toEqual([]);
  });
});

const hostile = createDetect({
  local: createDetector({ phoneRegions: ["US", "GB", "DE", "FR"] }),
  minConfidence: 0.2,
  onError: () => {},
});

// Another try if the collector or the compiler got in the way.
it.each([
  "\\n1 ",
  "\\u0031 ",
  "\\n4111 1111 1111 1112 ",
  "\\tid card 4111 1111 1111 1111 ",
  "\\nJohn Smith ",
  "\\\\",
  '{\\"a',
])("reads a million characters of %j in less than a second", { retry: 2 }, async (unit) => {
  const body = (length: number) => said(unit.repeat(length / unit.length));
  await hostile(body(100_000));
  // Of this process: what else the machine does is not counted.
  const before = process.cpuUsage().user;

  await hostile(body(1_000_000));

  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1000);
});
