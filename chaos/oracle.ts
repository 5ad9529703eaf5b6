import { parse } from "yaml";
import * as z from "zod";

const Facts = z.record(z.string(), z.union([z.boolean(), z.string()]));
const Document = z.looseObject({
  deployments: z.record(z.string(), z.looseObject({ region: z.string().optional(), facts: Facts.default({}) })),
  dataClasses: z.record(z.string(), z.looseObject({ require: Facts.default({}) })),
  residencies: z.record(z.string(), z.looseObject({ regions: z.array(z.string()), facts: Facts })),
});

/** Whether a deployment may see a job of a class and residency. */
export type MaySee = (deployment: string, dataClass: string, residency: string | undefined) => boolean;

/**
 * Reads the configuration as people wrote it, and judges by its facts alone: nothing of this is the router's own code.
 * Inference profiles are left out; the configuration has none beyond its residencies' regions.
 */
export function createOracle(yaml: string): MaySee {
  const { deployments, dataClasses, residencies } = Document.parse(parse(yaml));
  const classes = Object.keys(dataClasses);
  return (name, dataClass, residency) => {
    const deployment = deployments[name];
    const rank = classes.indexOf(dataClass);
    if (deployment === undefined || rank === -1) return false;
    // A class includes what every less sensitive one requires.
    const required = classes.slice(0, rank + 1).flatMap((each) => Object.entries(dataClasses[each]?.require ?? {}));
    const place = residency === undefined ? undefined : residencies[residency];
    if (residency !== undefined && place === undefined) return false;
    const abroad =
      place !== undefined && deployment.region !== undefined
        ? !place.regions.includes(deployment.region)
        : Object.entries(place?.facts ?? {}).some(([fact, value]) => deployment.facts[fact] !== value);
    return !abroad && required.every(([fact, value]) => deployment.facts[fact] === value);
  };
}
