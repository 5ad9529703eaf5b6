import { reserve } from "../../lib/core/limits/gcra.ts";
import type { LimitStore } from "../../lib/core/ports.ts";

/** Lines of limits in memory. */
export function memoryLimits(): LimitStore & { items: Map<string, { [line: string]: number }> } {
  const items = new Map<string, { [line: string]: number }>();
  return {
    items,
    async reserve(deployment, line, wish) {
      const lines = items.get(deployment) ?? {};
      const reservation = reserve(lines[line], wish);
      if (reservation.kind === "reserved")
        items.set(deployment, { ...lines, [line]: reservation.startMs + wish.spanMs });
      return reservation;
    },
    async read(deployment) {
      return { ...items.get(deployment) };
    },
  };
}
