import * as z from "zod";
import { section } from "../../core/configuration/section.ts";

const shape = {
  medianMs: z.number().nonnegative().default(0),
  tailMs: z.number().nonnegative().optional(),
  tailShare: z.number().min(0).max(1).default(0),
};

/** How long answers take: around the median for most calls, `tailMs` for a share of them. */
export const Latency = section(shape);
export type Latency = z.infer<typeof Latency>;

/** One for all deployments, and others by name. */
export const Latencies = section({ ...shape, deployments: z.record(z.string(), Latency).optional() });
export type Latencies = z.infer<typeof Latencies>;

/** What one call takes, in milliseconds: half to one and a half times the median, or the tail. `random` is in [0, 1). */
export function drawLatencyMs(latency: Latency, random: () => number): number {
  if (latency.tailShare > 0 && random() < latency.tailShare) return latency.tailMs ?? latency.medianMs;
  return latency.medianMs === 0 ? 0 : latency.medianMs * (0.5 + random());
}
