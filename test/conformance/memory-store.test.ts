// The store of the laws, held to the same suite as a real one.

import { createMemoryStore } from "../../engine/state/memory-store.ts";
import { describeStateStore } from "./state-store.ts";

describeStateStore("memory", async () => {
  const store = createMemoryStore({ lineage: "0123456789abcdef".repeat(2), now: Date.now });
  // Another process would open the same rows; here that is the same store, which closing one of its openings does not end.
  return { open: async () => ({ ...store, close: async () => {} }), dispose: () => store.close() };
});
