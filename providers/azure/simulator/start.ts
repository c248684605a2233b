// Starts the embedded Azure Resource Manager over the world kept in a folder. The only door for code outside this folder, besides inspect.ts for tests.

import type { RunningSimulator, SimulatorOptions } from "../../../engine/provider/provider.ts";
import { type EmbeddedCloud, startSimulator } from "../../simulation/start.ts";
import type { Row } from "./rows.ts";
import { listen } from "./server.ts";
import { createThrottle } from "./throttle.ts";
import { readSettings, type Settings, WORLD_FORMAT } from "./world.ts";

const ARM: EmbeddedCloud<Row, Settings> = {
  format: WORLD_FORMAT,
  faultsVariable: "KOINE_ARM_FAULTS",
  readSettings,
  listen: ({ throttling, ...served }, port) => listen({ ...served, throttle: throttling ? createThrottle() : undefined }, port),
  // The vendor's tools take the address from a registered cloud (`az cloud register --endpoint-resource-manager`), not from the environment.
  // https://learn.microsoft.com/cli/azure/cloud#az-cloud-register
  environment: () => ({}),
};

/** Serves the world in `options.directory` on a loopback port. `clock` is for tests: milliseconds since 1970. */
export function startArmSimulator(options: SimulatorOptions, clock: () => number = Date.now): Promise<RunningSimulator> {
  return startSimulator(ARM, options, clock);
}
