import { unknownClass } from "./check-detection.ts";
import { plainName } from "./plain-name.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** Checks that every upload and every sender belongs to one tenant at most. */
export function checkTenants({ tenants, dataClasses }: ConfigurationInput, report: Report): void {
  const classes = Object.keys(dataClasses);
  const senders = new Map<string, string>();
  const plain = new Map<string, string>();
  const prefixes: { prefix: string; tenant: string }[] = [];
  for (const [name, { uploads, senders: own, dataClass }] of Object.entries(tenants)) {
    const at = ["tenants", name];
    const alike = plain.get(plainName(name));
    if (alike !== undefined) report(at, `${name} and ${alike} would have one name in the stack's outputs; rename one.`);
    plain.set(plainName(name), name);
    if (uploads === undefined && own.length === 0)
      report(at, `nothing tells which jobs are those of ${name}; add uploads: ${name}/ or senders: [AROA…].`);
    if (dataClass !== undefined && !classes.includes(dataClass))
      report([...at, "dataClass"], unknownClass(dataClass, classes));
    for (const [index, sender] of own.entries()) {
      const other = senders.get(sender);
      if (other !== undefined) report([...at, "senders", index], `${sender} is a sender of ${other} already.`);
      senders.set(sender, name);
    }
    if (uploads === undefined) continue;
    const other = prefixes.find(({ prefix }) => prefix.startsWith(uploads) || uploads.startsWith(prefix));
    if (other !== undefined)
      report([...at, "uploads"], `${uploads} and ${other.prefix} of ${other.tenant} hold the same uploads; part them.`);
    prefixes.push({ prefix: uploads, tenant: name });
  }
}
