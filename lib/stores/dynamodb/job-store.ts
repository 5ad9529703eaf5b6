import * as z from "zod";
import type { JobPointer, JobStore } from "../../core/ports.ts";
import type { Change, Condition } from "../../core/protocol/update.ts";
import { readItem, updateItem } from "./item.ts";
import type { Key, Table } from "./table.ts";

const Pointer = z.object({ chunk: z.string(), line: z.int().nonnegative() });

/** How often a claim is tried whose item changed between the refusal and the reading. */
const triesInRaces = 5;

/** One conditional item a job. Claiming again what one has is a claim: an answer may be lost on its way. */
export function createJobStore(table: Table): JobStore {
  const read = async (job: string): Promise<JobPointer | undefined> => {
    const item = await readItem(table, keyOf(job));
    return item === undefined ? undefined : Pointer.parse(item);
  };

  const point = async (job: string, pointer: JobPointer, condition: Condition): Promise<boolean> => {
    const changes: Change[] = [
      { kind: "set", path: ["chunk"], value: pointer.chunk },
      { kind: "set", path: ["line"], value: pointer.line },
    ];
    return (await updateItem(table, keyOf(job), { conditions: [condition], changes })) !== undefined;
  };

  return {
    read,
    async claim(job, pointer, instead) {
      for (let tries = 0; tries < triesInRaces; tries++) {
        if (await point(job, pointer, { kind: "absent", path: ["chunk"] })) return { kind: "claimed" };
        const by = await read(job);
        // Expired between the two: it is free again.
        if (by === undefined) continue;
        if (by.chunk === pointer.chunk && by.line === pointer.line) return { kind: "claimed" };
        if (by.chunk !== instead) return { kind: "taken", by };
        if (await point(job, pointer, { kind: "equals", path: ["chunk"], value: instead })) return { kind: "claimed" };
      }
      throw new Error(`The item of a job changed ${triesInRaces} times while it was claimed; it can be repeated.`);
    },
  };
}

function keyOf(job: string): Key {
  return { pk: `JOB#${job}`, sk: "JOB" };
}
