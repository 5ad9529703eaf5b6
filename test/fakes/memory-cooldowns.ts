import { Cooldown, isPaused } from "../../lib/core/cooldown.ts";
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
      const { paused } = standing ?? {};
      items.set(deployment, { ...cooldown, probeUntilMs: 0, ...(paused === undefined ? {} : { paused }) });
    },
    async leaseProbe(deployment, nowMs, leaseUntilMs) {
      const standing = items.get(deployment);
      if (standing === undefined || standing.level === 0) return false;
      if (isPaused(standing, nowMs)) return false;
      if (standing.untilMs > nowMs || standing.probeUntilMs > nowMs) return false;
      items.set(deployment, { ...standing, probeUntilMs: leaseUntilMs });
      return true;
    },
    async recover(deployment, untilMs) {
      const standing = items.get(deployment);
      if (standing === undefined || standing.untilMs > untilMs) return;
      items.set(deployment, { ...standing, level: 0, probeUntilMs: 0 });
    },
    async clear(deployment, untilMs) {
      const standing = items.get(deployment);
      if (standing === undefined || standing.level === 0 || standing.untilMs !== untilMs) return false;
      items.set(deployment, { ...standing, level: 0, untilMs: 0, probeUntilMs: 0 });
      return true;
    },
    async pause(deployment, pause) {
      const standing = items.get(deployment) ?? { untilMs: 0, level: 0, kind: "overload", probeUntilMs: 0 };
      items.set(deployment, { ...standing, paused: pause });
    },
    async resume(deployment) {
      const { paused, ...standing } = items.get(deployment) ?? {};
      if (paused === undefined) return false;
      items.set(deployment, Cooldown.parse(standing));
      return true;
    },
  };
}
