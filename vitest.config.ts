import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // By default one core is left free: on two cores, files would run one after the other.
    maxWorkers: "100%",
  },
});
