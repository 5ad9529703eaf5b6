import type { Features } from "../features.ts";
import type { Tier } from "../names.ts";

/** A tier and one of few different reasons for it: reasons are stored once for all jobs that have the same. */
export type Choice = { tier: Tier; reason: string };

/** What a strategy may look at. `complexity` is the job's tag. */
export type StrategyInput = { features: Features; complexity: Choice };

/** Picks a job's tier; undefined leaves it to the next strategy. */
export type Strategy = (input: StrategyInput) => Choice | undefined;
