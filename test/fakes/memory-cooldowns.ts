import type { Cooldown } from "../../lib/core/cooldown.ts";
import type { CooldownStore } from "../../lib/core/ports.ts";

/** Cooldowns in memory. */
export function memoryCooldowns(): CooldownStore & { items: Map<string, Cooldown> } {
  const items = new Map<string, Cooldown>();
  return {
    items,
    async read(deployments) {
      return new Map(
        deployments.flatMap((name) => {
          const cooldown = items.get(name);
          return cooldown === undefined ? [] : [[name, { ...cooldown }]];
        }),
      );
    },
    async cool(deployment, cooldown) {
      const standing = items.get(deployment);
      if (standing !== undefined && standing.untilMs >= cooldown.untilMs) return;
      items.set(deployment, { ...cooldown, probeUntilMs: 0 });
    },
    async leaseProbe(deployment, nowMs, leaseUntilMs) {
      const standing = items.get(deployment);
      if (standing === undefined || standing.level === 0) return false;
      if (standing.untilMs > nowMs || standing.probeUntilMs > nowMs) return false;
      items.set(deployment, { ...standing, probeUntilMs: leaseUntilMs });
      return true;
    },
    async recover(deployment, untilMs) {
      const standing = items.get(deployment);
      if (standing === undefined || standing.untilMs > untilMs) return;
      items.set(deployment, { ...standing, level: 0, probeUntilMs: 0 });
    },
  };
}
