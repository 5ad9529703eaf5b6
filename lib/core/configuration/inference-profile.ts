import { bedrockVendors, inferenceProfiles } from "./inference-profiles.ts";

export type Inference =
  | { kind: "known"; profile: string; destinations: string[] }
  /** The fault is in the deployment's `model` or in its `region`. */
  | { kind: "refused"; key: "model" | "region"; message: string };

/** Which regions a Bedrock model may be processed in when it is called in `region`, by the prefix of its id. */
export function inferenceOf(model: string, region: string): Inference {
  if (model.startsWith("arn:"))
    return refused(
      "model",
      "an ARN is not available yet; give the id of a model or of a geographic inference profile.",
    );
  const [prefix = "", ...rest] = (model.split(":")[0] ?? "").split(".");
  if (prefix === "global") return { kind: "known", profile: "global", destinations: ["*"] };
  const profile = Object.hasOwn(inferenceProfiles, prefix) ? inferenceProfiles[prefix] : undefined;
  if (profile !== undefined) {
    const destinations = profile[region];
    if (destinations !== undefined) return { kind: "known", profile: prefix, destinations: [...destinations] };
    const sources = Object.keys(profile).join(", ");
    return refused("region", `the inference profile "${prefix}." cannot be called in ${region}; it can in ${sources}.`);
  }
  // Fails closed: what might be a profile that this file does not know is not taken for a model of its region.
  if (rest.length === 0) return refused("model", 'a Bedrock model is "vendor.model", such as amazon.nova-lite-v1:0.');
  if (rest.length > 1 && !bedrockVendors.includes(prefix)) {
    const known = [...Object.keys(inferenceProfiles), "global"].join(", ");
    return refused("model", `"${prefix}." is not a known inference profile; known are ${known}.`);
  }
  return { kind: "known", profile: "in-region", destinations: [region] };
}

function refused(key: "model" | "region", message: string): Inference {
  return { kind: "refused", key, message };
}
