import { phoneRegionNames } from "../detect/structured/phone-regions.ts";
import { didYouMean } from "./nearest-name.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** Checks that detection raises to classes that there are, and that what is to be redacted is looked for. */
export function checkDetection(input: ConfigurationInput, report: Report): void {
  const classes = Object.keys(input.dataClasses);
  for (const [type, name] of Object.entries(input.detect?.raiseTo ?? {}))
    if (name !== undefined && !classes.includes(name)) report(["detect", "raiseTo", type], unknownClass(name, classes));
  for (const [index, region] of (input.detect?.phoneRegions ?? []).entries())
    if (!phoneRegionNames.includes(region))
      report(["detect", "phoneRegions", index], `there is no country ${region} with phone numbers of its own.`);
  if (input.detect === undefined)
    for (const [name, stated] of Object.entries(input.dataClasses))
      if (stated?.redact === true)
        report(["dataClasses", name, "redact"], "only what is detected can be redacted; add detect: { raiseTo: … }.");
}

export function unknownClass(name: string, known: readonly string[]): string {
  return `unknown data class "${name}"${didYouMean(name, known)}; there are ${known.join(", ")}.`;
}
