// How a served world behaves: its quotas and how long it remembers a token.

import type { Delays } from "../../simulation/delays.ts";
import type { FaultPlan } from "../../simulation/faults.ts";
import { readSettings, type SettingsOf } from "../../simulation/settings.ts";

export interface Quotas {
  readonly vpcs: number;
  readonly addresses: number;
  readonly instances: number;
  readonly vcpus: number;
  readonly natGatewaysPerZone: number;
  readonly rulesPerGroup: number;
  readonly groupsPerInterface: number;
}

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

export type Settings = SettingsOf<Quotas>;

/** The settings that options and plan make. Throws an Error for a quota that EC2 does not have. */
export function readEc2Settings(delays: Delays, plan: FaultPlan): Settings {
  return readSettings(delays, plan, { quotas: QUOTAS, tokenWindow: TOKEN_WINDOW });
}
