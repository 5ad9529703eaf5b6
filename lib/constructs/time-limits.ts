/** Seconds after which Lambda kills an invocation. A lane's depends on its deployments: lib/core/lane.ts. */
export const timeoutSeconds = { plan: 900, classify: 300, fallback: 120, collect: 900, sweep: 120 } as const;

/** A claim outlives the invocation that made it by this: a second owner never meets a running first one. */
const leaseMarginSeconds = 30;

/** How long a claim of a function with this time-out lasts. */
export function leaseSeconds(functionSeconds: number): number {
  return functionSeconds + leaseMarginSeconds;
}

/**
 * How long a message stays hidden once it is received: six time-outs, so that Lambda can retry a throttled batch, and
 * the batching window. Source: Lambda Developer Guide, "Configuring a queue to use with Lambda".
 */
export function visibilitySeconds(functionSeconds: number, windowSeconds = 0): number {
  return 6 * functionSeconds + windowSeconds;
}
