import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const clock = new URL("../../chaos/clock.ts", import.meta.url).href;

/** Runs a program in a process whose clock goes a thousand times as fast; what it prints. */
async function fast(program: string): Promise<number[]> {
  const setting = "{ startMs: 1_000_000_000_000, speed: 1000, skewMs: 5, worldDelaysMs: [15] }";
  const source = `const { runClock } = await import("${clock}"); runClock(${setting}); ${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source]);
  return JSON.parse(stdout);
}

describe("runClock", () => {
  it("lets dates and timers go as fast as each other", async () => {
    const [now = 0, dated = 0, waited = 0, parsed] = await fast(`
      const before = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      console.log(JSON.stringify([before, new Date().getTime(), performance.now(), new Date("2020-01-01").getTime()]));
    `);

    expect(now % 1).toBe(0);
    expect(dated - now).toBeGreaterThanOrEqual(19_000);
    expect(waited).toBeGreaterThan(19_000);
    expect(parsed).toBe(1_577_836_800_000);
  });

  it("leaves the world's delays as they are", async () => {
    const [elapsed = 0] = await fast(`
      const before = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 15));
      console.log(JSON.stringify([performance.now() - before]));
    `);

    expect(elapsed).toBeGreaterThan(14_000);
  });
});
