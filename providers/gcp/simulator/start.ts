// Starts the embedded GCE over the world kept in a folder. The only door for code outside this folder, besides inspect.ts for tests.

import type { RunningSimulator, SimulatorOptions } from "../../../engine/provider/provider.ts";
import { type EmbeddedCloud, startSimulator } from "../../simulation/start.ts";
import { lateRequest } from "./late-request.ts";
import type { AnyRow } from "./rows.ts";
import { listen } from "./server.ts";
import { readGceSettings, type Settings } from "./settings.ts";
import { createThrottle } from "./throttle.ts";
import { makeTransitions } from "./transitions.ts";
import { WORLD_FORMAT } from "./world.ts";

/** The project of who names none. */
export const DEFAULT_PROJECT = "simulated-project";

const GCE: EmbeddedCloud<AnyRow, Settings> = {
  format: WORLD_FORMAT,
  faultsVariable: "KOINE_GCE_FAULTS",
  readSettings: readGceSettings,
  listen: ({ throttling, ...served }, port) => {
    const transitions = makeTransitions(lateRequest(served.view));
    return listen({ ...served, transitions, throttle: throttling ? createThrottle() : undefined }, port);
  },
  environment: (endpoint) => ({
    CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${endpoint}/compute/v1/`,
    CLOUDSDK_CORE_PROJECT: DEFAULT_PROJECT,
    GOOGLE_CLOUD_PROJECT: DEFAULT_PROJECT,
  }),
};

/** Serves the world in `options.directory` on a loopback port. `clock` is for tests: milliseconds since 1970. */
export function startGceSimulator(options: SimulatorOptions, clock: () => number = Date.now): Promise<RunningSimulator> {
  return startSimulator(GCE, options, clock);
}
