// Virtual machines: what a write makes of them, what may change, and what goes with them.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update

import { keyOf } from "./arm-id.ts";
import { passageTime } from "./delays.ts";
import { isAllocated } from "./disk.ts";
import { refuse } from "./errors.ts";
import { compact, flagAt, idAt, mapAt, mapsAt, textAt, textsAt } from "./json.ts";
import { changeStorage, refuseChanges } from "./machine-changes.ts";
import { digestCustomData, readOsProfile, requireSize, requireSource } from "./machine-checks.ts";
import { listDiskIds, makeDisks, type PlannedDisk, planDataDisks, planOsDisk } from "./machine-disks.ts";
import { HARDWARE_PROFILE, IDENTITY, MACHINE_ENVELOPE, MACHINE_PROPERTIES, STORAGE_PROFILE } from "./machine-shape.ts";
import { renderMachine } from "./machine-view.ts";
import { findMachine, INTERFACE_TYPE } from "./network-interface.ts";
import { refuseZones } from "./public-address.ts";
import { checkZones } from "./regions.ts";
import { type Draft, type ResourceType, refuseParameter, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { map, record, text } from "./shape.ts";
import { findSize, type Size } from "./sizes.ts";
import type { World } from "./world.ts";

export const MACHINE_TYPE = "Microsoft.Compute/virtualMachines";

export const virtualMachine: ResourceType = {
  type: MACHINE_TYPE,
  noun: "virtualMachines",
  title: "VirtualMachine",
  provider: "compute",
  apiVersions: ["2026-04-01"],
  envelope: MACHINE_ENVELOPE,
  properties: record(MACHINE_PROPERTIES),
  tracked: true,
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute
  names: { pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9_])?$/, most: 64 },
  statuses: { create: 201, update: 200, patch: 200 },
  passages: { create: "virtualMachine", update: "virtualMachineUpdate", remove: "virtualMachineDelete" },
  creating: "Creating",
  etags: true,
  draft: (request) => (request.old === undefined ? draftNew(request) : draftChanged(request, request.old)),
  patch: {
    body: record({
      tags: map(text),
      identity: IDENTITY,
      properties: record({ hardwareProfile: HARDWARE_PROFILE, storageProfile: STORAGE_PROFILE }),
    }),
    draft: draftPatch,
  },
  render: (world, row) => renderMachine(world, row),
  renderEnvelope: (_world, row) => renderIdentity(row),
  refuseRemoval: () => undefined,
  finished: (world, row, detail) => {
    const power = textAt(detail, "power");
    const now = world.find(row.id) ?? row;
    if (power !== undefined) world.change(now, { properties: { ...now.properties, power } });
  },
  removed: removeWithMachine,
};

function draftNew(request: WriteRequest): Draft {
  const { world, properties, body } = request;
  const size = requireSize(properties, request.location);
  const zones = textsAt(body, "zones");
  checkZones(zones, request.location, request.armId);
  if (zones.length > 1) refuseParameter("zones", "A virtual machine is in one zone at most.");
  checkQuota(world, size, request.location);
  const source = requireSource(request, size);
  const osProfile = readOsProfile(request);
  const nics = readInterfaces(request);
  const osDisk = planOsDisk(request, {
    diskSizeGB: source.diskSizeGB,
    properties: compact({
      creationData: { createOption: "FromImage", imageReference: source.reference },
      hyperVGeneration: source.generation,
      supportedCapabilities: compact({ architecture: source.arch, diskControllerTypes: "SCSI, NVMe", acceleratedNetwork: true }),
      purchasePlan: body.plan,
      ...(textAt(properties, "securityProfile", "securityType") === "TrustedLaunch"
        ? { securityProfile: { securityType: "TrustedLaunch" } }
        : {}),
    }),
  });
  const dataDisks = planDataDisks(request, mapsAt(properties, "storageProfile", "dataDisks"), [], size);
  checkSpot(properties);
  const stored = compact({
    ...withoutRead(properties),
    hardwareProfile: { vmSize: size.name },
    osProfile,
    networkProfile: { networkInterfaces: nics },
    storageProfile: compact({
      imageReference: source.reference,
      osDisk: osDisk.entry,
      dataDisks: dataDisks.map(({ entry }) => entry),
      diskControllerType: textAt(properties, "storageProfile", "diskControllerType") ?? size.controllers[0],
    }),
    customDataDigest: digestCustomData(properties),
    power: "starting",
  });
  return finishDraft(request, stored, [osDisk, ...dataDisks], { power: "running" });
}

/** What is kept as sent; the rest is kept in a form of its own. */
function withoutRead(properties: JsonMap): JsonMap {
  const { hardwareProfile, storageProfile, osProfile, networkProfile, ...rest } = properties;
  return rest;
}

function finishDraft(request: WriteRequest, properties: JsonMap, disks: readonly PlannedDisk[], detail: JsonMap | undefined): Draft {
  const { zones, identity, plan } = request.body;
  const old = request.old?.envelope;
  return {
    envelope: compact({
      zones: zones ?? (request.old === undefined ? undefined : old?.zones),
      identity: identity ?? undefined,
      plan: plan ?? old?.plan,
    }),
    properties: { ...properties, osDiskId: idAt(properties, "storageProfile", "osDisk", "managedDisk") },
    references: [
      ...listDiskIds(properties),
      ...mapsAt(properties, "networkProfile", "networkInterfaces").flatMap((nic) => idAt(nic) ?? []),
    ],
    after: (row) => makeDisks(request.world, row, disks),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** A PUT on what is there. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-property-change-not-allowed */
function draftChanged(request: WriteRequest, old: ResourceRow): Draft {
  const { properties, body } = request;
  const size = requireSize({ ...old.properties, ...compact({ hardwareProfile: properties.hardwareProfile }) }, request.location);
  if (body.zones !== undefined) {
    const [was, is] = [textsAt(old.envelope, "zones").join(","), textsAt(body, "zones").join(",")];
    if (was !== is) refuseZones(request.armId, was, is);
  }
  refuseChanges(request, old);
  const nics =
    properties.networkProfile === undefined ? mapsAt(old.properties, "networkProfile", "networkInterfaces") : readInterfaces(request);
  const [was, is] = [mapsAt(old.properties, "networkProfile", "networkInterfaces"), nics].map((list) =>
    list.map((nic) => keyOf(idAt(nic) ?? "")).join(),
  );
  if (was !== is && isAllocated(old))
    refuse(
      "AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported",
      "Network interfaces are added to and taken from a deallocated virtual machine only.",
      409,
    );
  const { storage, disks } = changeStorage(request, old, size);
  const stored = compact({
    ...old.properties,
    ...withoutRead(properties),
    hardwareProfile: { vmSize: size.name },
    networkProfile: { networkInterfaces: nics },
    storageProfile: storage,
  });
  // One whose creation failed is provisioned by the PUT that mends it; of one that runs or not, a PUT changes nothing in that.
  const unborn = old.state === "Failed" && textAt(old.properties, "power") === "starting";
  return finishDraft(request, stored, disks, unborn ? { power: "running" } : undefined);
}

function draftPatch(request: WriteRequest): Draft {
  const { old, properties, body } = request;
  if (old === undefined) return { properties, references: [] };
  const merged = {
    ...request,
    body: { ...body, identity: body.identity ?? old.envelope.identity },
    properties: compact({ hardwareProfile: properties.hardwareProfile, storageProfile: properties.storageProfile }),
  };
  return draftChanged(merged, old);
}

/** https://learn.microsoft.com/azure/virtual-machines/spot-vms */
function checkSpot(properties: JsonMap): void {
  if (textAt(properties, "priority") !== "Spot" && (properties.evictionPolicy !== undefined || properties.billingProfile !== undefined))
    refuseParameter("evictionPolicy", "Eviction policy and billing profile are for machines of priority Spot only.");
}

function checkQuota(world: World, size: Size, location: string): void {
  const { cores: most, virtualMachines } = world.settings.quotas;
  if (world.countBy("resource", "type", MACHINE_TYPE) >= virtualMachines)
    refuse(
      "OperationNotAllowed",
      `Operation could not be completed as it results in exceeding approved virtual machines quota of ${virtualMachines}.`,
      409,
    );
  if (most >= 1_000_000) return;
  const used = world
    .by("resource", "type", MACHINE_TYPE)
    .filter((row) => row.location === location)
    .reduce((sum, row) => sum + (findSize(textAt(row.properties, "hardwareProfile", "vmSize") ?? "")?.cores ?? 0), 0);
  if (used + size.cores > most)
    refuse(
      "OperationNotAllowed",
      `Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${most}, Current Usage: ${used}, Additional Required: ${size.cores}, (Minimum) New Limit Required: ${used + size.cores}.`,
      409,
    );
}

function readInterfaces(request: WriteRequest): readonly JsonMap[] {
  const { world, properties, old, location } = request;
  const nics = mapsAt(properties, "networkProfile", "networkInterfaces");
  if (nics.length === 0)
    return refuseParameter("networkInterfaces", "Required parameter 'networkProfile.networkInterfaces' is missing (null).");
  if (nics.length > 1 && nics.filter((nic) => flagAt(nic, "properties", "primary") === true).length !== 1)
    refuse("VirtualMachineMustHaveOneNetworkInterfaceAsPrimary", "Virtual machine must have one network interface set as the primary.");
  return nics.map((nic) => {
    const id = idAt(nic) ?? "";
    const row = world.find(id);
    if (row === undefined || row.type !== INTERFACE_TYPE || row.location !== location || row.state === "Deleting")
      return refuse("NotFound", `Resource ${id} not found.`, 404);
    const machine = findMachine(world, row);
    if (machine !== undefined && machine.id !== old?.id)
      refuse("NicInUse", `Network Interface ${row.armId} is used by existing resource ${machine.armId}.`);
    const { primary, deleteOption } = mapAt(nic, "properties");
    const own = compact({ primary: nics.length === 1 ? (primary ?? undefined) : primary, deleteOption: deleteOption ?? undefined });
    return { id: row.armId, ...(Object.keys(own).length === 0 ? {} : { properties: own }) };
  });
}

/** https://learn.microsoft.com/azure/virtual-machines/delete: what is marked Delete goes with the machine, the rest stays. */
function removeWithMachine(world: World, row: ResourceRow, detail: JsonMap): void {
  const disks = [mapAt(row.properties, "storageProfile", "osDisk"), ...mapsAt(row.properties, "storageProfile", "dataDisks")];
  const doomed = [
    ...disks.filter((one) => textAt(one, "deleteOption") === "Delete").map((one) => idAt(one, "managedDisk")),
    ...mapsAt(row.properties, "networkProfile", "networkInterfaces")
      .filter((nic) => textAt(nic, "properties", "deleteOption") === "Delete")
      .map((nic) => idAt(nic)),
  ];
  for (const id of doomed) {
    const other = world.find(id ?? "");
    if (other !== undefined) world.remove(other);
  }
  reserveInterfaces(world, row, detail);
}

/** "Nic(s) in request is reserved for another Virtual Machine for 180 seconds": https://github.com/Azure/karpenter-provider-azure/issues/92 */
function reserveInterfaces(world: World, row: ResourceRow, { lingers, afterFailure }: JsonMap): void {
  const held = typeof lingers === "number" ? lingers : afterFailure === true ? passageTime("reservation", world.settings.delays) : 0;
  if (held === 0) return;
  for (const nic of mapsAt(row.properties, "networkProfile", "networkInterfaces")) {
    const other = world.find(idAt(nic) ?? "");
    if (other !== undefined) world.change(other, { reserved: { by: row.armId, until: world.now + held } });
  }
}

function renderIdentity(row: ResourceRow): JsonMap {
  const { identity } = row.envelope;
  if (identity === undefined || identity === null) return row.envelope;
  const given = identity as JsonMap;
  const type = textAt(given, "type") ?? "None";
  const users = Object.keys(mapAt(given, "userAssignedIdentities"));
  return {
    ...row.envelope,
    identity: compact({
      type,
      ...(type.includes("SystemAssigned") ? { principalId: row.guid, tenantId: "72f988bf-0000-4000-8000-000000000000" } : {}),
      ...(users.length === 0
        ? {}
        : { userAssignedIdentities: Object.fromEntries(users.map((id) => [id, { principalId: row.guid, clientId: row.guid }])) }),
    }),
  };
}
