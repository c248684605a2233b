// One configuration for all tests. Laws and end-to-end runs share it; only their folders differ.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{grammar,engine,providers,cli,test}/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
