import type { DataClass, Facts } from "./document.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** The classes, least to most sensitive, each with the requirements of every less sensitive one. */
export function compileDataClasses(input: ConfigurationInput["dataClasses"], report: Report): DataClass[] {
  const classes: DataClass[] = [];
  let require: Facts = {};
  let zone: DataClass["zone"] = "general";
  let restrictedBy = "";
  let redact = false;
  for (const [name, stated] of Object.entries(input)) {
    for (const [fact, value] of Object.entries(stated?.require ?? {})) {
      const inherited = Object.hasOwn(require, fact) ? require[fact] : undefined;
      if (inherited !== undefined && inherited !== value)
        report(
          ["dataClasses", name, "require", fact],
          `${fact}: ${value} contradicts ${fact}: ${inherited}, which a less sensitive class requires; a class includes what stands above it.`,
        );
    }
    if (stated?.zone === "general" && zone === "restricted")
      report(["dataClasses", name, "zone"], `${name} is more sensitive than ${restrictedBy}, which is restricted.`);
    if (stated?.zone === "restricted" && zone === "general") restrictedBy = name;
    zone = stated?.zone ?? zone;
    require = { ...require, ...stated?.require };
    redact ||= stated?.redact ?? false;
    classes.push({ name, zone, require, quarantine: stated?.quarantine ?? false, ...(redact && { redact }) });
  }
  if (classes.length === 0) report(["dataClasses"], "name at least one data class.");
  return classes;
}
