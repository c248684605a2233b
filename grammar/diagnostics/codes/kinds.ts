// Diagnostic codes of the portable kinds and their checks (K20xx–K29xx), gathered from one file per group.

import type { CodeInfo } from "../code-info.ts";
import { firewallCodes } from "./kinds-firewall.ts";
import { machineCodes } from "./kinds-machine.ts";
import { networkCodes } from "./kinds-network.ts";
import { storageCodes } from "./kinds-storage.ts";

export const kindCodes = {
  ...networkCodes,
  ...firewallCodes,
  ...machineCodes,
  ...storageCodes,
} as const satisfies Record<string, CodeInfo>;
