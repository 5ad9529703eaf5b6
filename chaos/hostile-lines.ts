import { promptId } from "../lib/local/simulated-providers/answer.ts";
import type { ExpectedJob } from "./expected.ts";

type Hostile = (line: number, number: number) => { text: string; job: Omit<ExpectedJob, "line"> };

/** Lines that break things elsewhere: sizes at the limit and beyond, texts that are no JSON, characters that few expect. */
export function hostileLines(batch: string, dataClass: string): Hostile[] {
  const answered =
    (what: string, content: (number: number) => string): Hostile =>
    (_line, number) => {
      const id = `${batch}-hostile-${what}-${number}`;
      const text = content(number);
      return {
        text: lineOf(id, { model: "auto", messages: [{ role: "user", content: text }], max_tokens: 8 }),
        job: {
          id,
          ending: "answered",
          dataClass,
          residency: undefined,
          promptId: promptId({ texts: [text], stop: [] }),
        },
      };
    };
  const refused =
    (ending: ExpectedJob["ending"], make: (id: string) => { text: string; id: string | undefined }): Hostile =>
    (_line, number) => {
      const { text, id } = make(`${batch}-hostile-${ending}-${number}`);
      return { text, job: { id, ending, dataClass, residency: undefined, promptId: undefined } };
    };
  const named = (number: number): string => `${batch} ${number}`;
  const body = { model: "auto", messages: [{ role: "user", content: "Refused." }] };
  return [
    answered("large", (number) => `${named(number)} ${"a long letter of many words ".repeat(6_000)}`),
    refused("invalid-line", () => ({ text: '{"custom_id": "cut', id: undefined })),
    answered("strange", (number) => `${named(number)} \u0000\u0007\ufffe\uffff 🜁🜂 \u202e\u2028 "\\"`),
    refused("invalid-line", () => ({ text: `{"custom_id":"large","pad":"${"x".repeat(300_000)}"}`, id: undefined })),
    refused("invalid-line", () => ({ text: `${'{"a":'.repeat(4_000)}1${"}".repeat(4_000)}`, id: undefined })),
    refused("unknown-model", (id) => ({ text: lineOf(id, { ...body, model: "no-such-model" }), id })),
    refused("unknown-data-class", (id) => ({ text: lineOf(id, body, { dataClass: "secret" }), id })),
    refused("policy-denied", (id) => ({ text: lineOf(id, body, { residency: "us" }), id })),
    refused("duplicate-id", () => ({ text: lineOf(`${batch}-0`, body), id: `${batch}-0` })),
    refused("invalid-line", () => ({ text: "[]", id: undefined })),
  ];
}

function lineOf(id: string, body: Record<string, unknown>, options?: Record<string, string>): string {
  const line = { custom_id: id, method: "POST", url: "/v1/chat/completions", body };
  return JSON.stringify(options === undefined ? line : { ...line, switchyard: options });
}
