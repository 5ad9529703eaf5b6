import type { JobPointer, JobStore } from "../../lib/core/ports.ts";

/** Pointers to jobs queued singly, in memory. */
export function memoryJobs(): JobStore & { items: Map<string, JobPointer> } {
  const items = new Map<string, JobPointer>();
  return {
    items,
    async claim(job, pointer, instead) {
      const by = items.get(job);
      const same = by?.chunk === pointer.chunk && by.line === pointer.line;
      if (by !== undefined && by.chunk !== instead && !same) return { kind: "taken", by: { ...by } };
      items.set(job, { ...pointer });
      return { kind: "claimed" };
    },
    async read(job) {
      return structuredClone(items.get(job));
    },
  };
}
