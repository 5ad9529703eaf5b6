import { mkdir, writeFile } from "node:fs/promises";
import { openEmulators } from "../stores/emulators.ts";
import { scanItems } from "./raw-items.ts";
import { recordBatches } from "./record-batches.ts";
import { presentVersion, recordsOf } from "./recorded.ts";
import { readItems, recordedAtMs, storesOf, writeItems } from "./recorded-items.ts";

// Writes test/fixtures/versions/<version of package.json>/. Those of versions that were released are never written again.
const directory = recordsOf(presentVersion());
await mkdir(directory, { recursive: true });
const write = (name: string, value: unknown) =>
  writeFile(new URL(`${name}.json`, directory), `${JSON.stringify(value, undefined, 2)}\n`);

const { messages, objects } = await recordBatches();
await write("messages", messages);
await write("objects", objects);

const emulators = await openEmulators();
const stores = storesOf({ client: emulators.dynamodb, name: emulators.table, clock: () => recordedAtMs });
await writeItems(stores);
await write("items", { items: await scanItems(emulators), means: await readItems(stores) });
await emulators.close();
console.log(`Recorded: ${messages.length} messages, ${objects.length} objects and every kind of item.`);
