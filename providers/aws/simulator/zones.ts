// Zones and regions as operations: DescribeAvailabilityZones, DescribeRegions; and how other requests name a zone.

import type {
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from "@aws-sdk/client-ec2";
import { matchFilters } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineQuery } from "./operation.ts";
import { listZones, REGIONS, type Zone } from "./regions.ts";
import type { World } from "./world.ts";

/** The zone that a request names by name or by id; the first one by name where it names none. */
export function readZone(world: World, name: string | undefined, id: string | undefined): Zone | undefined {
  const zones = listZones(world.seed, world.account, world.region);
  if (name !== undefined && id !== undefined) {
    refuse("InvalidParameterCombination", "The parameter AvailabilityZone cannot be used with the parameter AvailabilityZoneId");
  }
  if (name !== undefined) {
    const list = zones.map((zone) => zone.name).join(", ");
    return (
      zones.find((zone) => zone.name === name) ??
      refuse(
        "InvalidParameterValue",
        `Value (${name}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${list}.`,
      )
    );
  }
  if (id !== undefined) {
    const list = zones.map((zone) => zone.id).join(", ");
    return (
      zones.find((zone) => zone.id === id) ??
      refuse(
        "InvalidParameterValue",
        `Value (${id}) for parameter availabilityZoneId is invalid. The following availability zone ids are valid: ${list}.`,
      )
    );
  }
  return undefined;
}

/** The name that this account has for a zone. */
export function nameZone(world: World, zoneId: string): string {
  return listZones(world.seed, world.account, world.region).find((zone) => zone.id === zoneId)?.name ?? zoneId;
}

const zoneFilters = {
  "zone-name": (zone: Zone) => [zone.name],
  "zone-id": (zone: Zone) => [zone.id],
  "region-name": (zone: Zone) => [zone.region],
  "zone-type": () => ["availability-zone"],
  "group-name": (zone: Zone) => [`${zone.region}-zg-1`],
  "opt-in-status": () => ["opt-in-not-required"],
  state: () => ["available"],
  message: () => [],
  "parent-zone-id": () => [],
  "parent-zone-name": () => [],
};

export const zoneOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
  DescribeAvailabilityZones: defineQuery<DescribeAvailabilityZonesRequest, DescribeAvailabilityZonesResult>(
    ["ZoneNames", "ZoneIds", "AllAvailabilityZones", "Filters"],
    (world, input) => {
      const zones = listZones(world.seed, world.account, world.region);
      for (const name of input.ZoneNames ?? []) {
        if (!zones.some((zone) => zone.name === name)) refuse("InvalidParameterValue", `Invalid availability zone: [${name}]`);
      }
      for (const id of input.ZoneIds ?? []) {
        if (!zones.some((zone) => zone.id === id)) refuse("InvalidParameterValue", `Invalid availability zone-id: [${id}]`);
      }
      const matches = matchFilters(zoneFilters, input.Filters);
      const asked = (zone: Zone): boolean =>
        (input.ZoneNames === undefined || input.ZoneNames.includes(zone.name)) &&
        (input.ZoneIds === undefined || input.ZoneIds.includes(zone.id));
      return {
        AvailabilityZones: zones
          .filter((zone) => asked(zone) && matches(zone))
          .map((zone) => ({
            OptInStatus: "opt-in-not-required",
            Messages: [],
            RegionName: zone.region,
            ZoneName: zone.name,
            ZoneId: zone.id,
            GroupName: `${zone.region}-zg-1`,
            NetworkBorderGroup: zone.region,
            ZoneType: "availability-zone",
            State: "available",
          })),
      };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
  DescribeRegions: defineQuery<DescribeRegionsRequest, DescribeRegionsResult>(["RegionNames", "AllRegions", "Filters"], (_world, input) => {
    for (const name of input.RegionNames ?? []) {
      if (REGIONS[name] === undefined) refuse("InvalidParameterValue", `Invalid region names: ${name}`);
    }
    const regions = Object.entries(REGIONS).map(([name, facts]) => ({
      name,
      status: facts.optIn ? "not-opted-in" : "opt-in-not-required",
    }));
    const matches = matchFilters<(typeof regions)[number]>(
      {
        "region-name": (region) => [region.name],
        endpoint: (region) => [`ec2.${region.name}.amazonaws.com`],
        "opt-in-status": (region) => [region.status],
      },
      input.Filters,
    );
    return {
      Regions: regions
        .filter((region) => input.AllRegions === true || region.status !== "not-opted-in")
        .filter((region) => input.RegionNames === undefined || input.RegionNames.includes(region.name))
        .filter(matches)
        .map((region) => ({ OptInStatus: region.status, RegionName: region.name, Endpoint: `ec2.${region.name}.amazonaws.com` })),
    };
  }),
};
