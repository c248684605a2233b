// What the compiler knows of the in-process cloud: no settings, no regions, three zones everywhere.

import type { ProviderDescription } from "../../grammar/kinds/provider-description.ts";

export const memoryDescription: ProviderDescription = {
  name: "memory",
  title: "in-process cloud",
  config: { doc: "An in-process cloud without a wire, for tests and measurements.", props: {} },
  refinements: {},
  support: {},
  regions: [],
  nearest: () => undefined,
  cities: [],
  zones: () => ["a", "b", "c"],
  checkConfig: () => [],
};
