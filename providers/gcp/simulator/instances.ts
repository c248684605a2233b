// Instances: made, read, started, stopped, deleted. https://cloud.google.com/compute/docs/instances/instance-lifecycle

import { type CollectionFacts, defineReads } from "./collection.ts";
import { refuse } from "./errors.ts";
import { type AttachedDiskBody, attachPlanned, overQuota, planDisks } from "./instance-disks.ts";
import { type InterfaceBody, planInterface } from "./instance-network.ts";
import { checkHostname, readAccounts, readMachineType, readMetadata, readScheduling, readShielding, readTags } from "./instance-parts.ts";
import { readName, regionOf, writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { checkLabels, numberOf } from "./names.ts";
import {
  addRow,
  changeRow,
  claimName,
  describeLabels,
  failCreation,
  failQuota,
  fingerprintWhole,
  requireIdle,
  requireRouted,
  startCreation,
} from "./objects.ts";
import { startOperation } from "./operations.ts";
import { ZONE_SCOPES } from "./regions.ts";
import type { InstanceResource, Labels, MetadataResource, SchedulingResource, ShieldedConfig } from "./resources.ts";
import type { OperationRow, ResourceRow } from "./rows.ts";
import { exceeds } from "./usage.ts";
import { type World, writeTime } from "./world.ts";

interface Body {
  readonly name?: string;
  readonly description?: string;
  readonly machineType?: string;
  readonly hostname?: string;
  readonly canIpForward?: boolean;
  readonly deletionProtection?: boolean;
  readonly tags?: { readonly items?: readonly string[] };
  readonly metadata?: { readonly items?: NonNullable<MetadataResource["items"]> };
  readonly networkInterfaces?: readonly InterfaceBody[];
  readonly disks?: readonly AttachedDiskBody[];
  readonly serviceAccounts?: NonNullable<InstanceResource["serviceAccounts"]>;
  readonly scheduling?: Partial<SchedulingResource>;
  readonly shieldedInstanceConfig?: Partial<ShieldedConfig>;
  readonly labels?: Labels;
}

/** The whole's fingerprint is of what is shown; disks show their size of now. */
function render(world: World, row: ResourceRow<"instances">): InstanceResource {
  const disks = row.resource.disks.map((disk) => {
    const size = world.get("disks", disk.source.slice(disk.source.indexOf("projects/")))?.resource.sizeGb;
    return size === undefined || size === disk.diskSizeGb ? disk : { ...disk, diskSizeGb: size };
  });
  const { fingerprint: _old, ...rest } = row.resource;
  return { ...rest, disks, fingerprint: fingerprintWhole(rest) };
}

const listing: Listing<ResourceRow<"instances">> = {
  kind: "compute#instanceList",
  collection: "instances",
  render,
  computed: ["fingerprint", "disks"],
};

/** The error in which one more of a type would end, if any. */
function overInstanceQuota(world: World, scope: string, vcpus: number): OperationRow["error"] {
  const region = regionOf(scope);
  const cpus = exceeds(world, "CPUS", region, vcpus);
  if (cpus !== undefined) return failQuota("CPUS", cpus, region);
  const instances = exceeds(world, "INSTANCES", region, 1);
  return instances === undefined ? undefined : failQuota("INSTANCES", instances, region);
}

function createInstance(world: World, scope: string, body: Body): object {
  claimName(world, "instances", scope, body.name);
  const name = body.name ?? "";
  const zone = readName(scope);
  const machine = readMachineType(world, scope, "resource.machineType", body.machineType);
  checkHostname(body.hostname);
  checkLabels("resource.labels", body.labels ?? {});
  const tags = readTags(body.tags?.items ?? []);
  const metadata = readMetadata(body.metadata?.items ?? []);
  const scheduling = readScheduling(body.scheduling ?? {});
  const accounts = readAccounts(body.serviceAccounts, numberOf(world.project));
  const plans = planDisks(world, scope, name, machine, body.disks ?? []);
  const boot = plans[0]?.disk;
  const features = (boot?.kind === "existing" ? boot.row.resource : boot?.resource)?.guestOsFeatures ?? [];
  const shielding = readShielding(features, body.shieldedInstanceConfig);
  const network = planInterface(world, scope, body.networkInterfaces ?? []);
  const failure =
    "failure" in network ? network.failure : (overInstanceQuota(world, scope, machine.vcpus) ?? overQuota(world, scope, plans));
  if ("failure" in network || failure !== undefined)
    return failCreation(world, "instances", scope, name, failure as NonNullable<OperationRow["error"]>);
  const { disks, made } = attachPlanned(world, scope, plans);
  const row = addRow(world, "instances", "instance", scope, name, {
    ...(body.description === undefined ? {} : { description: body.description }),
    ...describeLabels(body.labels),
    zone: writeLink(`projects/${world.project}/${scope}`),
    machineType: writeLink(`projects/${world.project}/zones/${zone}/machineTypes/${machine.name}`),
    status: "PROVISIONING",
    ...(body.hostname === undefined ? {} : { hostname: body.hostname }),
    cpuPlatform: "Unknown CPU Platform",
    canIpForward: body.canIpForward ?? false,
    deletionProtection: body.deletionProtection ?? false,
    startRestricted: false,
    tags,
    metadata,
    networkInterfaces: [network.plan],
    disks,
    ...(accounts === undefined ? {} : { serviceAccounts: accounts }),
    scheduling,
    ...(shielding === undefined
      ? {}
      : { shieldedInstanceConfig: shielding, shieldedInstanceIntegrityPolicy: { updateAutoLearnPolicy: true } }),
    resourceStatus: {},
    fingerprint: "",
  });
  const undo = made.map((disk) => ({ collection: "disks" as const, path: disk.id }));
  return startCreation(world, "insert", row, { kind: "instance-start" }, undo);
}

/** A change of power that is none still answers with an operation. */
function changePower(world: World, row: ResourceRow<"instances">, type: "start" | "stop"): object {
  const { status } = row.resource;
  const idle = type === "start" ? status === "RUNNING" : status === "TERMINATED";
  if (idle) return startOperation(world, { type, target: row, effect: { kind: "none" } });
  if (world.failing === undefined) changeRow(world, row, { status: type === "start" ? "STAGING" : "STOPPING" });
  return startOperation(world, { type, target: row, effect: { kind: type === "start" ? "instance-start" : "instance-stop" } });
}

const INSTANCES: CollectionFacts<"instances"> = {
  collection: "instances",
  parameter: "instance",
  place: "zones/{zone}",
  listing,
  scopes: ZONE_SCOPES,
};

export const instanceMethods: readonly Method[] = [
  defineChange<Body>("POST", "instances.insert", "zones/{zone}/instances", "Instance", (world, { body, scope }) =>
    createInstance(world, scope, body),
  ),

  ...defineReads(INSTANCES),

  defineChange("POST", "instances.start", "zones/{zone}/instances/{instance}/start", undefined, (world, call) =>
    changePower(world, requireIdle(world, "instances", call, call.route.instance), "start"),
  ),
  defineChange("POST", "instances.stop", "zones/{zone}/instances/{instance}/stop", undefined, (world, call) =>
    changePower(world, requireIdle(world, "instances", call, call.route.instance), "stop"),
  ),

  defineChange("DELETE", "instances.delete", "zones/{zone}/instances/{instance}", undefined, (world, call) => {
    const row = requireRouted(world, "instances", call, call.route.instance);
    if (row.resource.deletionProtection)
      refuse(
        412,
        "conditionNotMet",
        `Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion. Resource: '${row.id}''.`,
      );
    requireIdle(world, "instances", call, call.route.instance);
    if (world.failing === undefined && row.resource.status !== "TERMINATED") changeRow(world, row, { status: "STOPPING" });
    return startOperation(world, { type: "delete", target: row, effect: { kind: "instance-delete", ...lingering(world) } });
  }),
];

function lingering({ lingers }: World): { readonly lingers?: number } {
  return lingers === undefined ? {} : { lingers };
}

/** What a started instance is. */
export function startedFields(world: World, row: ResourceRow<"instances">): Readonly<Record<string, unknown>> {
  const series = readName(row.resource.machineType).split("-")[0] ?? "";
  return { status: "RUNNING", cpuPlatform: PLATFORMS[series] ?? "Intel Broadwell", lastStartTimestamp: writeTime(world.now) };
}

/** https://cloud.google.com/compute/docs/cpu-platforms */
const PLATFORMS: Readonly<Record<string, string>> = {
  c2: "Intel Cascade Lake",
  c2d: "AMD Milan",
  c3: "Intel Sapphire Rapids",
  c3d: "AMD Genoa",
  c4: "Intel Emerald Rapids",
  c4a: "Google Axion",
  c4d: "AMD Turin",
  n2: "Intel Cascade Lake",
  n2d: "AMD Rome",
  n4: "Intel Emerald Rapids",
  n4a: "Google Axion",
  n4d: "AMD Turin",
  t2a: "Ampere Altra",
  t2d: "AMD Milan",
};
