import { readdirSync, readFileSync } from "node:fs";
import * as z from "zod";
import { RawItem } from "./raw-items.ts";

const Package = z.object({ version: z.string() });
const Recorded = z.array(z.object({ kind: z.string(), written: z.string(), means: z.unknown() }));
const Items = z.object({
  items: z.array(RawItem),
  means: z.record(z.string(), z.unknown()),
});

const fixtures = new URL("../fixtures/versions/", import.meta.url);

export function presentVersion(): string {
  return Package.parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).version;
}

/** Where the records of a version are. */
export function recordsOf(version: string): URL {
  return new URL(`${version}/`, fixtures);
}

export function recordedVersions(): string[] {
  return readdirSync(fixtures).toSorted();
}

export function readRecords(version: string) {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, recordsOf(version)), "utf8"));
  return {
    messages: Recorded.parse(read("messages")),
    objects: Recorded.parse(read("objects")),
    items: Items.parse(read("items")),
  };
}
