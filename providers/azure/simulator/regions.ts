// The regions of a simulated subscription and their zones.
// https://learn.microsoft.com/azure/reliability/regions-list

import { refuse } from "./errors.ts";

export interface Region {
  readonly name: string;
  readonly displayName: string;
  readonly zones: readonly string[];
}

const THREE = ["1", "2", "3"];

const REGIONS: readonly (readonly [displayName: string, zones: readonly string[]])[] = [
  ["Australia Central", []],
  ["Australia East", THREE],
  ["Australia Southeast", []],
  ["Austria East", THREE],
  ["Belgium Central", THREE],
  ["Brazil South", THREE],
  ["Canada Central", THREE],
  ["Canada East", []],
  ["Central India", THREE],
  ["Central US", THREE],
  ["Chile Central", THREE],
  ["East Asia", THREE],
  ["East US", THREE],
  ["East US 2", THREE],
  ["France Central", THREE],
  ["Germany West Central", THREE],
  ["Indonesia Central", THREE],
  ["Israel Central", THREE],
  ["Italy North", THREE],
  ["Japan East", THREE],
  ["Japan West", THREE],
  ["Korea Central", THREE],
  ["Korea South", []],
  ["Malaysia West", THREE],
  ["Mexico Central", THREE],
  ["New Zealand North", THREE],
  ["North Central US", []],
  ["North Europe", THREE],
  ["Norway East", THREE],
  ["Poland Central", THREE],
  ["Qatar Central", THREE],
  ["South Africa North", THREE],
  ["South Central US", THREE],
  ["South India", []],
  ["Southeast Asia", THREE],
  ["Spain Central", THREE],
  ["Sweden Central", THREE],
  ["Switzerland North", THREE],
  ["UAE North", THREE],
  ["UK South", THREE],
  ["UK West", []],
  ["West Central US", []],
  ["West Europe", THREE],
  ["West India", []],
  ["West US", []],
  ["West US 2", THREE],
  ["West US 3", THREE],
];

const BY_NAME: ReadonlyMap<string, Region> = new Map(
  REGIONS.map(([displayName, zones]) => {
    const name = normaliseLocation(displayName);
    return [name, { name, displayName, zones }];
  }),
);

/** `West Europe` and `westeurope` are one. */
export function normaliseLocation(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}

export function findRegion(location: string): Region | undefined {
  return BY_NAME.get(normaliseLocation(location));
}

export function listRegions(): readonly Region[] {
  return [...BY_NAME.values()];
}

/** The region of a body's location, as answers write it. Throws LocationNotAvailableForResourceType. */
export function readLocation(location: string, type: string): string {
  const region = findRegion(location);
  if (region === undefined)
    return refuse(
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${[...BY_NAME.keys()].join(",")}'.`,
    );
  return region.name;
}

/** Throws where a resource's zones are not the region's. */
export function checkZones(zones: readonly string[], location: string, armId: string): void {
  const known = findRegion(location)?.zones ?? [];
  for (const zone of zones) {
    if (!known.includes(zone))
      refuse(
        known.length === 0 ? "LocationDoesNotSupportAvailabilityZones" : "InvalidAvailabilityZone",
        `The zone(s) '${zone}' for resource '${armId}' is not supported. The supported zones for location '${location}' are '${known.join(",")}'`,
      );
  }
}
