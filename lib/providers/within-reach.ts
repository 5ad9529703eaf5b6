import type { Provider } from "../core/provider.ts";
import type { Reach } from "../core/reach.ts";

type Standing = { reach: Reach; provider: Provider; calls: number };

/**
 * A provider whose connections follow its deployment's reach, which is asked before each call. A connection stays open
 * for other calls, so when the reach changes there is another provider, and the one before is closed with its last call:
 *
 *     on-premises  ── call 1 ───────────────────── ends: closed
 *     internet              (the fact ends) call 2 ──────────────
 */
export function withinReach(reachNow: () => Reach, create: (reach: Reach) => Provider): Provider {
  let current = stand(reachNow());
  let closed = false;
  const former = new Set<Standing>();

  function stand(reach: Reach): Standing {
    return { reach, provider: create(reach), calls: 0 };
  }

  async function leave(standing: Standing): Promise<void> {
    if (standing === current || standing.calls > 0 || closed) return;
    former.delete(standing);
    await standing.provider.close();
  }

  return {
    async call(call) {
      const reach = reachNow();
      if (reach !== current.reach) {
        const before = current;
        former.add(before);
        current = stand(reach);
        await leave(before);
      }
      const own = current;
      own.calls += 1;
      try {
        return await own.provider.call(call);
      } finally {
        own.calls -= 1;
        await leave(own);
      }
    },
    async close() {
      closed = true;
      await Promise.all([current, ...former].map(({ provider }) => provider.close()));
    },
  };
}
