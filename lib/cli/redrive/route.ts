import type { Policy } from "../../core/configuration/document.ts";
import { didYouMean } from "../../core/configuration/nearest-name.ts";
import { lanesOf } from "../../core/lane.ts";
import { Zone } from "../../core/names.ts";
import { wrongUse } from "../errors.ts";

/** From where to where dead letters go, as names of queues behind `switchyard-`. */
export type Route = { from: string; to: string };

/** The queues whose messages a function of their own handles. */
const intake = ["jobs", "uploads", "chunks", "collect"];

/**
 * Where the dead letters of a queue belong. Those of a lane move on by themselves, as its zone's fallback reads them; what
 * even that could not handle lies in the zone's lost queue, and goes back to the dead letters of any lane of the zone.
 * @param policy what the stack was deployed with
 */
export function routeOf(name: string, policy: Policy): Route {
  if (intake.includes(name)) return { from: `${name}-dead`, to: name };
  const lanes = lanesOf(policy);
  const zone = Zone.options.find((each) => name === `lost-${each}`);
  const lane = lanes.find((each) => each.name === name || each.zone === zone);
  if (lane !== undefined) return { from: `lost-${lane.zone}`, to: `${lane.name}-dead` };
  const zones = [...new Set(lanes.map((each) => `lost-${each.zone}`))];
  const allowed = [...intake, ...zones, ...lanes.map((each) => each.name)];
  throw wrongUse(
    `There is no queue ${name}${didYouMean(name, allowed)}; allowed: ${allowed.join(", ")}, or a batch's id.`,
  );
}
