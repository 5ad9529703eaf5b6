import type { Denial } from "./denial.ts";

/** A denial with how often it occurred. */
export type CountedDenial = Denial & { count: number };

/**
 * Counts denials of which a person would say that they are the same: a function's action on a resource, all objects of a
 * bucket being one. @param onFirst told of each when it first occurs
 */
export function createDenialLog(onFirst: (denial: Denial) => void): {
  add(denial: Denial): void;
  list(): CountedDenial[];
} {
  const counted = new Map<string, CountedDenial>();
  return {
    add(denial) {
      const { functionName, call, action, resource, why } = denial;
      const thing = resource.startsWith("arn:aws:s3:::") ? resource.split("/", 1).join() : resource;
      const key = [functionName, call, action, thing, why].join("\n");
      const known = counted.get(key);
      if (known !== undefined) known.count += 1;
      else {
        counted.set(key, { ...denial, count: 1 });
        onFirst(denial);
      }
    },
    list: () => [...counted.values()].map((each) => ({ ...each })),
  };
}
