import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Io, Sink } from "../../lib/cli/io.ts";

export type FakeIo = Io & {
  out(): string;
  err(): string;
  /** Everything on stdout, as one JSON document. */
  json(): unknown;
  interrupt(): void;
};

/** A process that keeps what is written, in a working directory. */
export function fakeIo(options: { cwd: string; env?: Record<string, string>; stdin?: string; nowMs?: number }): FakeIo {
  const stdout = keepingSink();
  const stderr = keepingSink();
  const interrupt = new AbortController();
  return {
    stdout,
    stderr,
    stdin: async function* () {
      yield Buffer.from(options.stdin ?? "");
    },
    env: options.env ?? {},
    cwd: options.cwd,
    clock: () => options.nowMs ?? Date.UTC(2026, 10, 23, 12),
    interrupted: interrupt.signal,
    out: stdout.text,
    err: stderr.text,
    json: () => JSON.parse(stdout.text()),
    interrupt: () => interrupt.abort(),
  };
}

function keepingSink(): Sink & { text(): string } {
  const parts: string[] = [];
  return {
    write: (text) => void parts.push(text),
    style: (_style, text) => text,
    text: () => parts.join(""),
  };
}

/** A new directory with these files in it, for the running test. */
export async function directoryWith(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-cli-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

/** One OpenAI batch line. */
export function batchLine(id: string, content = "Hello", more: Record<string, unknown> = {}): string {
  const body = { model: "auto", messages: [{ role: "user", content }] };
  return JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body, ...more });
}
