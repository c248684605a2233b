// What nobody makes: projects, regions, zones, machine types, disk types. https://cloud.google.com/compute/docs/reference/rest/v1/zones

import { DISK_TYPES, type DiskTypeFacts } from "./disk-type-facts.ts";
import { refuseMissing } from "./errors.ts";
import { listFixed, listFixedAggregated } from "./fixed-lists.ts";
import { readName, regionOf, writeLink } from "./links.ts";
import { findMachineType, listMachineTypes, type MachineTypeFacts } from "./machine-type-facts.ts";
import { defineAggregatedList, defineGet, defineList, type Method } from "./method.ts";
import { fingerprintOf, numberOf } from "./names.ts";
import { REGIONS, ZONE_SCOPES } from "./regions.ts";
import { countGlobal, countRegional, GLOBAL_METRICS, REGIONAL_METRICS } from "./usage.ts";
import type { World } from "./world.ts";

const MADE = "2014-05-30T18:35:16.514-07:00";

const link = (world: World, path: string): string => writeLink(`projects/${world.project}/${path}`);

function renderZone(world: World, name: string): object {
  return {
    kind: "compute#zone",
    id: numberOf(name),
    creationTimestamp: MADE,
    name,
    description: name,
    status: "UP",
    region: link(world, `regions/${regionOf(`zones/${name}`)}`),
    selfLink: link(world, `zones/${name}`),
    supportsPzs: false,
  };
}

function renderRegion(world: World, name: string): object {
  const { quotas } = world.settings;
  return {
    kind: "compute#region",
    id: numberOf(name),
    creationTimestamp: MADE,
    name,
    description: name,
    status: "UP",
    zones: (REGIONS[name] ?? []).map((zone) => link(world, `zones/${zone}`)),
    quotas: REGIONAL_METRICS.map((metric) => ({ metric, limit: quotas[metric], usage: countRegional(world, metric, name) })),
    selfLink: link(world, `regions/${name}`),
    supportsPzs: false,
  };
}

function renderMachineType(world: World, zone: string, facts: MachineTypeFacts): object {
  return {
    kind: "compute#machineType",
    id: numberOf(facts.name),
    creationTimestamp: "1969-12-31T16:00:00.000-08:00",
    name: facts.name,
    description: `${facts.vcpus} vCPU${facts.vcpus === 1 ? "" : "s"} ${facts.memoryMb / 1024} GB RAM`,
    guestCpus: facts.vcpus,
    memoryMb: facts.memoryMb,
    imageSpaceGb: 0,
    maximumPersistentDisks: facts.shared ? 16 : 128,
    maximumPersistentDisksSizeGb: facts.shared ? "3072" : "263168",
    zone,
    selfLink: link(world, `zones/${zone}/machineTypes/${facts.name}`),
    isSharedCpu: facts.shared,
    architecture: facts.arm ? "ARM64" : "X86_64",
  };
}

function renderDiskType(world: World, zone: string, facts: DiskTypeFacts): object {
  return {
    kind: "compute#diskType",
    id: numberOf(facts.name),
    creationTimestamp: "1969-12-31T16:00:00.000-08:00",
    name: facts.name,
    description: facts.description,
    validDiskSize: `${facts.leastGb}GB-${facts.mostGb}GB`,
    defaultDiskSizeGb: String(facts.defaultGb),
    zone: link(world, `zones/${zone}`),
    selfLink: link(world, `zones/${zone}/diskTypes/${facts.name}`),
  };
}

function renderProject(world: World): object {
  const number = numberOf(world.project);
  return {
    kind: "compute#project",
    id: number,
    creationTimestamp: MADE,
    name: world.project,
    commonInstanceMetadata: { kind: "compute#metadata", fingerprint: fingerprintOf({}) },
    quotas: GLOBAL_METRICS.map((metric) => ({ metric, limit: world.settings.quotas[metric], usage: countGlobal(world, metric) })),
    selfLink: writeLink(`projects/${world.project}`),
    defaultServiceAccount: `${number}-compute@developer.gserviceaccount.com`,
    xpnProjectStatus: "UNSPECIFIED_XPN_PROJECT_STATUS",
    defaultNetworkTier: "PREMIUM",
  };
}

/** The types that a zone has, in order of name. */
function machineTypesOf(world: World, zone: string): readonly { readonly name: string }[] {
  return [...listMachineTypes().keys()].flatMap((name) => {
    const facts = findMachineType(zone, name);
    return facts === undefined ? [] : [renderMachineType(world, zone, facts) as { name: string }];
  });
}

const named = (items: readonly object[]): readonly { readonly name: string }[] => items as readonly { readonly name: string }[];

export const placeMethods: readonly Method[] = [
  defineGet("projects.get", "", (world) => renderProject(world)),
  defineGet("zones.get", "zones/{zone}", (world, { route }) => renderZone(world, route.zone ?? "")),
  defineList("zones.list", "zones", (world, call) =>
    listFixed("compute#zoneList", named(ZONE_SCOPES.map((scope) => renderZone(world, readName(scope)))), call, link(world, "zones")),
  ),
  defineGet("regions.get", "regions/{region}", (world, { route }) => renderRegion(world, route.region ?? "")),
  defineList("regions.list", "regions", (world, call) =>
    listFixed("compute#regionList", named(Object.keys(REGIONS).map((name) => renderRegion(world, name))), call, link(world, "regions")),
  ),
  defineGet("machineTypes.get", "zones/{zone}/machineTypes/{machineType}", (world, { scope, route }) => {
    const zone = readName(scope);
    const facts = findMachineType(zone, route.machineType ?? "");
    return facts === undefined
      ? refuseMissing(`projects/${world.project}/${scope}/machineTypes/${route.machineType}`)
      : renderMachineType(world, zone, facts);
  }),
  defineList("machineTypes.list", "zones/{zone}/machineTypes", (world, call) =>
    listFixed("compute#machineTypeList", machineTypesOf(world, readName(call.scope)), call, link(world, `${call.scope}/machineTypes`)),
  ),
  defineAggregatedList("machineTypes.aggregatedList", "aggregated/machineTypes", (world, call) => {
    const items = ZONE_SCOPES.flatMap((scope) => machineTypesOf(world, readName(scope)).map((item) => ({ scope, item })));
    return listFixedAggregated(
      "machineTypes",
      "compute#machineTypeAggregatedList",
      items,
      call,
      link(world, "aggregated/machineTypes"),
      ZONE_SCOPES,
    );
  }),
  defineGet("diskTypes.get", "zones/{zone}/diskTypes/{diskType}", (world, { scope, route }) => {
    const facts = DISK_TYPES.get(route.diskType ?? "");
    return facts === undefined
      ? refuseMissing(`projects/${world.project}/${scope}/diskTypes/${route.diskType}`)
      : renderDiskType(world, readName(scope), facts);
  }),
  defineList("diskTypes.list", "zones/{zone}/diskTypes", (world, call) => {
    const types = [...DISK_TYPES.values()].map((facts) => renderDiskType(world, readName(call.scope), facts));
    return listFixed("compute#diskTypeList", named(types), call, link(world, `${call.scope}/diskTypes`));
  }),
];
