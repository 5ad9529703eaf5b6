import { describe, expect, it } from "vitest";
import { FaultPlan } from "../../../lib/local/simulated-providers/fault-plan.ts";
import { createFaults } from "../../../lib/local/simulated-providers/faults.ts";

const faultsOf = (...faults: unknown[]) => createFaults(FaultPlan.parse({ faults }), 1);

describe("createFaults", () => {
  it("gives the first fault that hits", () => {
    const faults = faultsOf({ deployment: "a", kind: "hang" }, { deployment: "*", kind: "cut" });

    expect(faults("a", 0)?.fault.kind).toBe("hang");
    expect(faults("b", 0)?.fault.kind).toBe("cut");
  });

  it("keeps to the schedule of an outage", () => {
    const faults = faultsOf({ deployment: "a", kind: "overloaded", from: "10s", until: "20s" });

    expect([0, 9_999, 10_000, 19_999, 20_000].map((at) => faults("a", at)?.fault.kind)).toEqual([
      undefined,
      undefined,
      "overloaded",
      "overloaded",
      undefined,
    ]);
  });

  it("hits a share of the calls, the same under the same seed", () => {
    const hits = () => {
      const faults = faultsOf({ deployment: "a", kind: "cut", rate: 0.2 });
      return Array.from({ length: 2000 }, (_, at) => faults("a", at) !== undefined);
    };

    const share = hits().filter(Boolean).length / 2000;

    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.23);
    expect(hits()).toEqual(hits());
  });

  it("limits each deployment by itself, and says how long to wait", () => {
    const faults = faultsOf({ deployment: "*", kind: "limit", limitPerMinute: 2 });

    expect([faults("a", 0), faults("a", 1000), faults("b", 1000)]).toEqual([undefined, undefined, undefined]);
    expect(faults("a", 20_000)?.retryAfterSeconds).toBe(40);
    expect(faults("a", 60_000)).toBeUndefined();
    expect(faults("a", 60_000)?.retryAfterSeconds).toBe(1);
  });
});
