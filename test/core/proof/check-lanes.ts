import type { Policy } from "../../../lib/core/configuration/document.ts";
import { lanesOf } from "../../../lib/core/lane.ts";
import { Zone } from "../../../lib/core/names.ts";
import { classesOf, satisfies, zoneOf } from "./oracle.ts";
import type { Tally } from "./tally.ts";
import { Violation } from "./violation.ts";
import type { Written } from "./written.ts";

/** Before any fact has ended: a lane must not come and go with the calendar. */
const everMs = 0;

/** "A restricted lane exists only for a deployment that some restricted class may use", and a general one likewise. */
export function checkLanes(written: Written, policy: Policy, tally: Tally): void {
  const lanes = lanesOf(policy);
  const used = new Set(
    Object.values(written.tiers).flatMap(({ chain }) =>
      chain.map((entry) => (typeof entry === "string" ? entry : entry.use)),
    ),
  );
  for (const zone of Zone.options) {
    const served = lanes.flatMap((lane) => (lane.zone === zone ? lane.deployments : []));
    const classes = classesOf(written).filter((name) => zoneOf(written, name) === zone);
    const may = [...used].filter((name) => {
      const deployment = written.deployments[name];
      return deployment !== undefined && classes.some((dataClass) => satisfies(written, deployment, dataClass, everMs));
    });
    if (served.toSorted().join() !== may.toSorted().join())
      throw new Violation(`the ${zone} lanes serve [${served.join(", ")}], but may serve [${may.join(", ")}]`);
    tally.count(`deployments with a ${zone} lane`, served.length);
  }
  tally.count("deployments in tiers", used.size);
}
