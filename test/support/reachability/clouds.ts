// The clouds whose tables are compared: how a stack is placed on each, and how the world that it made there is read.

import { readWorld as readAwsWorld } from "../../../providers/aws/simulator/inspect.ts";
import { readWorld as readAzureWorld } from "../../../providers/azure/simulator/inspect.ts";
import { readWorld as readGcpWorld } from "../../../providers/gcp/simulator/inspect.ts";
import { clouds } from "../clouds.ts";
import { readAwsOracle } from "./aws.ts";
import { readAzureOracle } from "./azure.ts";
import { readGcpOracle } from "./gcp.ts";
import type { Oracle } from "./oracle.ts";

export interface JudgedCloud {
  /** The provider's name. */
  readonly name: string;
  /** The line that places a stack there. */
  readonly declaration: string;
  /** Reads the simulated world in a folder. */
  readonly readOracle: (directory: string) => Oracle;
}

export const judgedClouds: readonly JudgedCloud[] = [
  { name: "aws", declaration: clouds.aws.block, readOracle: (directory) => readAwsOracle(readAwsWorld(directory)) },
  {
    name: "gcp",
    declaration: clouds.gcp.block,
    readOracle: (directory) => readGcpOracle(readGcpWorld(directory)),
  },
  {
    name: "azure",
    declaration: clouds.azure.block,
    readOracle: (directory) => readAzureOracle(readAzureWorld(directory)),
  },
];
