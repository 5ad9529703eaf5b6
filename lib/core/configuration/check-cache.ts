import { unknownClass } from "./check-detection.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** Checks that the classes whose answers are kept are classes. */
export function checkCache({ cache, dataClasses }: ConfigurationInput, report: Report): void {
  const classes = Object.keys(dataClasses);
  for (const [index, name] of (cache?.classes ?? []).entries())
    if (!classes.includes(name)) report(["cache", "classes", index], unknownClass(name, classes));
}
