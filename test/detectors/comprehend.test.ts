import { ComprehendClient, DetectPiiEntitiesCommand, type PiiEntity } from "@aws-sdk/client-comprehend";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createComprehendClient, createComprehendDetector } from "../../lib/detectors/comprehend.ts";
import { loadComprehend } from "../../lib/detectors/load-comprehend.ts";

const mock = mockClient(ComprehendClient);
const client = createComprehendClient("eu-central-1");

beforeEach(() => mock.reset());
afterEach(() => vi.unstubAllEnvs());

const detector = (timeoutMs = 1000) => createComprehendDetector({ client, language: "en", timeoutMs });
const answering = (...Entities: PiiEntity[]) => mock.on(DetectPiiEntitiesCommand).resolves({ Entities });

/** Answers each call with the places of a value in its text, in code points, as the service does. */
function finding(value: string, Type: NonNullable<PiiEntity["Type"]>) {
  mock.on(DetectPiiEntitiesCommand).callsFake(({ Text }: { Text: string }) => ({
    Entities: [...Text.matchAll(new RegExp(value, "g"))].map(({ index }) => {
      const BeginOffset = [...Text.slice(0, index)].length;
      return { Type, BeginOffset, EndOffset: BeginOffset + [...value].length, Score: 0.9 };
    }),
  }));
}

describe("createComprehendDetector", () => {
  it("asks once, in its language, and gives findings of our types", async () => {
    answering(
      { Type: "NAME", BeginOffset: 0, EndOffset: 8, Score: 0.99 },
      { Type: "UK_NATIONAL_HEALTH_SERVICE_NUMBER", BeginOffset: 9, EndOffset: 19, Score: 0.5 },
      { Type: "DATE_TIME", BeginOffset: 20, EndOffset: 25, Score: 1 },
    );

    expect(await detector()("Jane Doe 9434765919 today")).toEqual([
      { type: "name", start: 0, end: 8, confidence: 0.99 },
      { type: "medicalRecord", start: 9, end: 19, confidence: 0.5 },
    ]);
    expect(mock.commandCalls(DetectPiiEntitiesCommand).map(({ args }) => args[0].input)).toEqual([
      { Text: "Jane Doe 9434765919 today", LanguageCode: "en" },
    ]);
  });

  it("counts as we do, where the service counts code points", async () => {
    const text = "😀 é 漢 😀😀 Jane";
    finding("Jane", "NAME");

    const [found] = await detector()(text);

    expect(text.slice(found?.start, found?.end)).toBe("Jane");
  });

  it("does not ask about a text without letters", async () => {
    expect(await detector()(" \n")).toEqual([]);
    expect(mock.calls()).toHaveLength(0);
  });

  it("asks about a long text in pieces, and finds what stands where they are cut, once", async () => {
    const text = `${"😀 漢字 word ".repeat(20_000)}`.replace(/word/g, (word, at) => (at % 7 === 0 ? "Jane" : word));
    finding("Jane", "NAME");

    const found = await detector()(text);

    expect(mock.calls().length).toBeGreaterThan(2);
    expect(found.map(({ start }) => start)).toEqual([...text.matchAll(/Jane/g)].map(({ index }) => index));
    expect(found.every(({ start, end }) => text.slice(start, end) === "Jane")).toBe(true);
  });

  it("joins what two pieces found of one", async () => {
    answering(
      { Type: "ADDRESS", BeginOffset: 0, EndOffset: 7, Score: 0.6 },
      { Type: "ADDRESS", BeginOffset: 3, EndOffset: 12, Score: 0.8 },
      { Type: "NAME", BeginOffset: 5, EndOffset: 9, Score: 0.7 },
    );

    expect(await detector()("12 High St, Leeds")).toEqual([
      { type: "address", start: 0, end: 12, confidence: 0.8 },
      { type: "name", start: 5, end: 9, confidence: 0.7 },
    ]);
  });

  it("asks about a text with half a character, which has no UTF-8", async () => {
    finding("Jane", "NAME");

    expect(await detector()("\ud83d Jane")).toEqual([{ type: "name", start: 2, end: 6, confidence: 0.9 }]);
  });

  it.each<{ what: string; entity: Record<string, unknown> }>([
    { what: "a type that is not known here", entity: { Type: "RETINA", BeginOffset: 0, EndOffset: 4 } },
    { what: "a type that is none", entity: { Type: "constructor", BeginOffset: 0, EndOffset: 4 } },
    { what: "no type", entity: { BeginOffset: 0, EndOffset: 4 } },
    { what: "no offsets", entity: { Type: "NAME" } },
    { what: "offsets beyond the text", entity: { Type: "NAME", BeginOffset: 0, EndOffset: 99 } },
    { what: "offsets that are the wrong way round", entity: { Type: "NAME", BeginOffset: 3, EndOffset: 1 } },
  ])("rejects an answer with $what, and does not quote the text", async ({ entity }) => {
    answering(entity);

    await expect(detector()("Jane")).rejects.toThrow(/^Comprehend answered with an entity that cannot be read\.$/);
  });

  it("rejects an answer without entities, and what the service rejects", async () => {
    mock.on(DetectPiiEntitiesCommand).resolvesOnce({}).rejectsOnce(new Error("down"));

    await expect(detector()("Jane")).rejects.toThrow("without entities");
    await expect(detector()("Jane")).rejects.toThrow("down");
  });

  it("gives up after its time", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "simulated");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "simulated");
    mock.restore();
    const { createServer } = await import("node:http");
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    vi.stubEnv("AWS_ENDPOINT_URL_COMPREHEND", `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
    const detect = await loadComprehend("eu-central-1", { language: "es", timeoutMs: 100 });

    await expect(detect("Jane")).rejects.toThrow();

    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
