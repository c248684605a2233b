// How a served world behaves: its delays, quotas and lags, from the options and the fault plan.

import type { Delays } from "./clock.ts";
import type { FaultPlan } from "./faults.ts";
import { mix } from "./store.ts";
import type { Quotas, Settings } from "./world.ts";

/** Generous: a simulated account has had its limits raised. A plan can lower them to the vendor's defaults (5 VPCs, 5 addresses). */
const QUOTAS: Quotas = {
  vpcs: 1_000,
  addresses: 5_000,
  instances: 100_000,
  vcpus: 1_000_000,
  natGatewaysPerZone: 500,
  // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
  rulesPerGroup: 60,
  groupsPerInterface: 5,
};

/** "A client token … is valid for at least 24 hours" was never promised for all calls; a day is what callers can count on here. */
const TOKEN_WINDOW = 24 * 3_600_000;

export function readSettings(delays: Delays, plan: FaultPlan): Settings {
  for (const name of Object.keys(plan.quotas ?? {})) {
    if (!Object.hasOwn(QUOTAS, name)) throw new Error(`fault plan: quotas has no ${name}; known are ${Object.keys(QUOTAS).join(", ")}`);
  }
  const { ids = 0, tags = 0, lists = 0, flap = 0 } = plan.lag ?? {};
  let looks = 0;
  return {
    delays,
    quotas: { ...QUOTAS, ...plan.quotas },
    lag: {
      ids,
      tags,
      lists,
      seesTruth: () => {
        looks += 1;
        return mix(plan.seed ?? 0, looks, 0x1a6) / 2 ** 32 < flap;
      },
    },
    tokenWindow: plan.tokenWindow ?? TOKEN_WINDOW,
  };
}
