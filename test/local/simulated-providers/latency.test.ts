import { describe, expect, it } from "vitest";
import { drawLatencyMs, Latency } from "../../../lib/local/simulated-providers/latency.ts";
import { createRandom } from "../../../lib/local/simulated-providers/random.ts";

describe("drawLatencyMs", () => {
  it("is around the median, with the tail's share at the tail", () => {
    const random = createRandom(1);
    const latency = Latency.parse({ medianMs: 100, tailMs: 1000, tailShare: 0.05 });

    const drawn = Array.from({ length: 4000 }, () => drawLatencyMs(latency, random)).sort((a, b) => a - b);

    const tail = drawn.filter((ms) => ms === 1000).length / drawn.length;
    expect(drawn[2000]).toBeGreaterThan(93);
    expect(drawn[2000]).toBeLessThan(108);
    expect(tail).toBeGreaterThan(0.04);
    expect(tail).toBeLessThan(0.06);
  });

  it("is nothing when none is ordered", () => {
    expect(drawLatencyMs(Latency.parse({}), () => 0.9)).toBe(0);
  });
});
