// How a served world behaves: its quotas and how long it remembers a request id.

import type { Delays } from "../../simulation/delays.ts";
import type { FaultPlan } from "../../simulation/faults.ts";
import { readSettings, type SettingsOf } from "../../simulation/settings.ts";

/** Names of the vendor's quota metrics: https://cloud.google.com/compute/resource-usage. Regional ones hold for each region. */
export interface Quotas {
  readonly NETWORKS: number;
  readonly SUBNETWORKS: number;
  readonly FIREWALLS: number;
  readonly ROUTERS: number;
  readonly SNAPSHOTS: number;
  readonly IMAGES: number;
  readonly CPUS: number;
  readonly INSTANCES: number;
  readonly STATIC_ADDRESSES: number;
  readonly DISKS_TOTAL_GB: number;
}

/** Generous: a simulated project has had its limits raised. A plan can lower them. */
const QUOTAS: Quotas = {
  NETWORKS: 1_000,
  SUBNETWORKS: 5_000,
  FIREWALLS: 10_000,
  ROUTERS: 1_000,
  SNAPSHOTS: 100_000,
  IMAGES: 10_000,
  CPUS: 1_000_000,
  INSTANCES: 100_000,
  STATIC_ADDRESSES: 100_000,
  DISKS_TOTAL_GB: 100_000_000,
};

/** "The server will guarantee that for at least 60 minutes after the first request", as Google's APIs word it. */
const REQUEST_ID_WINDOW = 3_600_000;

export type Settings = SettingsOf<Quotas>;

/** The settings that options and plan make. Throws an Error for a quota that GCE does not have. */
export function readGceSettings(delays: Delays, plan: FaultPlan): Settings {
  return readSettings(delays, plan, { quotas: QUOTAS, tokenWindow: REQUEST_ID_WINDOW });
}
