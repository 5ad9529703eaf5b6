import type { Decider } from "../../../lib/core/decide.ts";
import type { Decision } from "../../../lib/core/decision.ts";
import type { Detection } from "../../../lib/core/detect/detection.ts";
import { FindingType } from "../../../lib/core/detect/finding.ts";
import type { BatchDefaults, Job } from "../../../lib/core/job.ts";
import type { Given } from "./expected-decision.ts";
import type { JobDraft } from "./job-arbitrary.ts";
import { classesOf } from "./oracle.ts";
import type { Tally } from "./tally.ts";
import { Violation } from "./violation.ts";
import type { Written } from "./written.ts";

type Asked = { job: Job; batch: BatchDefaults; detection: Detection | undefined };

/** "raising never widens": asks for the same job once more with a more sensitive class, however that comes about. */
export function checkRaise(
  written: Written,
  { batch, detection, atMs }: Given,
  job: Job,
  { by, to }: JobDraft["raise"],
  decider: Decider,
  tally: Tally,
): void {
  // Rules may send another class to another tier, which is no widening: one tier is compared with itself.
  const tier = job.options.tier ?? "standard";
  const plain: Asked = { job: { ...job, options: { ...job.options, tier } }, batch, detection };
  // A tenant is compared with none: another one's floor may be lower.
  const from = by === "tenant" ? withoutTenant(plain) : plain;
  const raised = raise(written, from, by, to);
  if (raised === undefined) return;
  const decide = (asked: Asked) => decider.decide(asked.job, asked.batch, { nowMs: atMs, detection: asked.detection });
  const [before, after] = [decide(from), decide(raised)];
  if (before.dataClass === undefined || after.dataClass === undefined) return;

  const classes = classesOf(written);
  if (classes.indexOf(after.dataClass) < classes.indexOf(before.dataClass))
    throw new Violation(`raised by ${by}: ${before.dataClass} became ${after.dataClass}`);
  // A condition that cannot be evaluated denies a job before it is known who else might see it.
  if (before.kind === "denied" && /cannot be evaluated/.test(before.error.message)) return;
  const could = seenBy(before);
  const more = (after.kind === "routed" ? after.chain : []).filter((name) => !could.includes(name));
  if (more.length > 0)
    throw new Violation(`raised by ${by} from ${before.dataClass} to ${after.dataClass}: ${more} may see it now`);
  if (before.dataClass !== after.dataClass)
    tally.count(`raised by ${by}: ${seenBy(after).length < could.length ? "fewer" : "as many"} may see it`);
}

function withoutTenant({ job, batch, detection }: Asked): Asked {
  const { tenant: _, ...options } = job.options;
  const { tenant: __, ...others } = batch;
  return { job: { ...job, options }, batch: others, detection };
}

/** Who may see a job: its chain, and those whose `when` alone leaves them out. */
function seenBy(decision: Decision): string[] {
  const leftOut = decision.rejected.filter(({ reason }) => reason.startsWith("left out by its when"));
  return [...(decision.kind === "routed" ? decision.chain : []), ...leftOut.map(({ deployment }) => deployment)];
}

function raise(written: Written, asked: Asked, by: JobDraft["raise"]["by"], to: number): Asked | undefined {
  const classes = classesOf(written);
  const { job, batch, detection } = asked;
  switch (by) {
    case "tag": {
      const from = classes.indexOf(job.options.dataClass ?? written.untagged);
      const dataClass = classes[Math.min(from + 1 + to, classes.length - 1)];
      return dataClass === undefined
        ? undefined
        : { ...asked, job: { ...job, options: { ...job.options, dataClass } } };
    }
    case "batch": {
      const from = batch.dataClass === undefined ? 0 : classes.indexOf(batch.dataClass);
      const dataClass = classes[Math.min(from + to, classes.length - 1)];
      return dataClass === undefined ? undefined : { ...asked, batch: { ...batch, dataClass } };
    }
    case "found": {
      const types = Object.keys(written.detect?.raiseTo ?? {});
      const type = FindingType.safeParse(types[to % types.length]).data;
      if (detection?.kind !== "found" || type === undefined) return undefined;
      const more = { part: "messages[9].content", findings: [{ type, start: 1, end: 2, confidence: 1 }] };
      return { ...asked, detection: { kind: "found", parts: [...detection.parts, more] } };
    }
    case "failed":
      return detection?.kind === "found" ? { ...asked, detection: { kind: "failed" } } : undefined;
    case "tenant": {
      const names = Object.keys(written.tenants ?? {});
      const tenant = names[to % names.length];
      return tenant === undefined ? undefined : { ...asked, job: { ...job, options: { ...job.options, tenant } } };
    }
  }
}
