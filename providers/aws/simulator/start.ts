// Starts the embedded EC2 over the world kept in a folder. The only door for code outside this folder, besides inspect.ts for tests.

import type { RunningSimulator, SimulatorOptions } from "../../../engine/provider/provider.ts";
import { type EmbeddedCloud, startSimulator } from "../../simulation/start.ts";
import { lateRequest } from "./late-request.ts";
import type { AnyRow } from "./rows.ts";
import { listen } from "./server.ts";
import { readEc2Settings, type Settings } from "./settings.ts";
import { createThrottle } from "./throttle.ts";
import { makeTransitions } from "./transitions.ts";
import { WORLD_FORMAT } from "./world.ts";

const EC2: EmbeddedCloud<AnyRow, Settings> = {
  format: WORLD_FORMAT,
  faultsVariable: "KOINE_EC2_FAULTS",
  readSettings: readEc2Settings,
  listen: ({ throttling, ...served }, port) => {
    const transitions = makeTransitions(lateRequest(served.view));
    return listen({ ...served, transitions, throttle: throttling ? createThrottle() : undefined }, port);
  },
  environment: (endpoint) => ({
    AWS_ENDPOINT_URL_EC2: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ACCESS_KEY_ID: "AKIASIMULATED",
    AWS_SECRET_ACCESS_KEY: "simulated",
    AWS_REGION: "eu-west-1",
    AWS_EC2_METADATA_DISABLED: "true",
  }),
};

/** Serves the world in `options.directory` on a loopback port. `clock` is for tests: milliseconds since 1970. */
export function startEc2Simulator(options: SimulatorOptions, clock: () => number = Date.now): Promise<RunningSimulator> {
  return startSimulator(EC2, options, clock);
}
