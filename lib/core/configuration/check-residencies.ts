import { inferenceProfiles } from "./inference-profiles.ts";
import { didYouMean } from "./nearest-name.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** Checks that residencies name inference profiles that there are. `global` is never eligible for a job with a residency. */
export function checkResidencies(input: ConfigurationInput, report: Report): void {
  const known = ["in-region", ...Object.keys(inferenceProfiles)];
  for (const [name, { inferenceProfiles: listed }] of Object.entries(input.residencies))
    for (const [index, profile] of listed.entries()) {
      if (known.includes(profile)) continue;
      const message =
        profile === "global"
          ? "global inference can be processed anywhere; it cannot be part of a residency."
          : `unknown inference profile "${profile}"${didYouMean(profile, known)}; there are ${known.join(", ")}.`;
      report(["residencies", name, "inferenceProfiles", index], message);
    }
}
