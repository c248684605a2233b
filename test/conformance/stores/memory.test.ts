// The store of the laws, held to the same suite as a real one.

import { createMemoryStore } from "../../../engine/state/memory-store.ts";
import { describeStateStore } from "./suite.ts";

describeStateStore("memory", async () => {
  let passed = 0;
  const store = createMemoryStore({ lineage: "0123456789abcdef".repeat(2), now: () => Date.now() + passed });
  return {
    // Another process would open the same rows; here that is the same store, which closing one of its openings does not end.
    open: async () => ({ ...store, close: async () => {} }),
    pass: async (milliseconds) => {
      passed += milliseconds;
    },
    dispose: () => store.close(),
  };
});
