import * as z from "zod";

/** A tier, least to most capable. Complexity is tagged in the same names. */
export const tiers = ["lightweight", "standard", "capable"] as const;
export const Tier = z.enum(tiers);
export type Tier = z.infer<typeof Tier>;

/** In which order a tier's deployments are tried. */
export const TierOrder = z.enum(["listed", "cheapest", "fastest", "weighted"]);
export type TierOrder = z.infer<typeof TierOrder>;

/** Which KMS key the bytes are under. */
export const Zone = z.enum(["general", "restricted"]);
export type Zone = z.infer<typeof Zone>;

/** `high` jobs never share a shard with `normal` ones. */
export const Priority = z.enum(["normal", "high"]);
export type Priority = z.infer<typeof Priority>;
