// The sizes as the lists of sizes and of skus answer them.
// https://learn.microsoft.com/rest/api/compute/resource-skus/list · https://learn.microsoft.com/rest/api/compute/virtual-machine-sizes/list

import { refuse } from "./errors.ts";
import { findRegion, listRegions, normaliseLocation } from "./regions.ts";
import type { JsonMap } from "./rows.ts";
import { listSizes, type Size } from "./sizes.ts";

export function listMachineSizes(): readonly JsonMap[] {
  return listSizes().map((size) => ({
    name: size.name,
    numberOfCores: size.cores,
    osDiskSizeInMB: 1_047_552,
    resourceDiskSizeInMB: size.tempDiskMiB,
    memoryInMB: size.memoryMiB,
    maxDataDiskCount: size.dataDisks,
  }));
}

/** `$filter` takes a location only. */
export function describeSkus(filter: string | null): readonly JsonMap[] {
  const match = filter === null ? undefined : /^\s*location\s+eq\s+'([^']*)'\s*$/i.exec(filter);
  if (match === null) return refuse("InvalidFilter", "Of the list of skus, $filter takes location eq '…' only.");
  const regions = match === undefined ? listRegions() : [findRegion(match[1] ?? "")].filter((region) => region !== undefined);
  return regions.flatMap((region) => listSizes().map((size) => describeSku(size, normaliseLocation(region.name), region.zones)));
}

function describeSku(size: Size, location: string, zones: readonly string[]): JsonMap {
  const capability = (name: string, value: string | number): JsonMap => ({ name, value: String(value) });
  return {
    resourceType: "virtualMachines",
    name: size.name,
    tier: "Standard",
    size: size.name.replace("Standard_", ""),
    family: size.family,
    locations: [location],
    locationInfo: [{ location, zones: [...zones], zoneDetails: [] }],
    capabilities: [
      capability("vCPUs", size.cores),
      capability("MemoryGB", size.memoryMiB / 1024),
      capability("MaxDataDiskCount", size.dataDisks),
      capability("CpuArchitectureType", size.arch),
      capability("HyperVGenerations", size.generations.join(",")),
      capability("PremiumIO", size.premium ? "True" : "False"),
      capability("DiskControllerTypes", size.controllers.join(",")),
      ...(size.trustedLaunch ? [] : [capability("TrustedLaunchDisabled", "True")]),
    ],
    restrictions: [],
  };
}
