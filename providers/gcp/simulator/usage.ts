// How much of each quota a project uses, by region or globally. Scans only where a limit is low enough to matter, or where the numbers are asked for.
// https://cloud.google.com/compute/resource-usage

import { readName, regionOf } from "./links.ts";
import { findMachineType } from "./machine-type-facts.ts";
import type { World } from "./world.ts";

type RegionalMetric = "CPUS" | "INSTANCES" | "STATIC_ADDRESSES" | "DISKS_TOTAL_GB";
type GlobalMetric = "NETWORKS" | "SUBNETWORKS" | "FIREWALLS" | "ROUTERS" | "SNAPSHOTS" | "IMAGES";

export const REGIONAL_METRICS: readonly RegionalMetric[] = ["CPUS", "INSTANCES", "STATIC_ADDRESSES", "DISKS_TOTAL_GB"];
export const GLOBAL_METRICS: readonly GlobalMetric[] = ["NETWORKS", "SUBNETWORKS", "FIREWALLS", "ROUTERS", "SNAPSHOTS", "IMAGES"];

export function countGlobal(world: World, metric: GlobalMetric): number {
  return world.count(metric.toLowerCase() as Lowercase<GlobalMetric>);
}

/** CPUs of running instances; gigabytes of all disks. */
export function countRegional(world: World, metric: RegionalMetric, region: string): number {
  if (metric === "STATIC_ADDRESSES") return world.countBy("addresses", "scope", `regions/${region}`);
  let used = 0;
  if (metric === "DISKS_TOTAL_GB") {
    for (const disk of world.all("disks")) if (regionOf(disk.scope) === region) used += Number(disk.resource.sizeGb);
    return used;
  }
  for (const { scope, resource } of world.all("instances")) {
    if (regionOf(scope) !== region) continue;
    if (metric === "INSTANCES") used += 1;
    else if (resource.status !== "TERMINATED") used += findMachineType(readName(scope), readName(resource.machineType))?.vcpus ?? 0;
  }
  return used;
}

/** Limits from here on are as good as none, and are not counted against. */
const GENEROUS = 100_000;

/** The limit that `more` would go over, if any. */
export function exceeds(world: World, metric: RegionalMetric, region: string, more: number): number | undefined {
  const limit = world.settings.quotas[metric];
  if (more <= limit && limit >= GENEROUS) return undefined;
  return countRegional(world, metric, region) + more > limit ? limit : undefined;
}
