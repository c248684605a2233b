// Managed disks: their size, which only grows, their sku, and whose they are.
// https://learn.microsoft.com/rest/api/compute/disks/create-or-update

import { keyOf } from "./arm-id.ts";
import { refuse } from "./errors.ts";
import { compact, mapAt, numberAt, textAt, textsAt } from "./json.ts";
import { refuseZones } from "./public-address.ts";
import { checkZones } from "./regions.ts";
import { DISK_PART, type Draft, type ResourceType, refuseParameter, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, empty, flag, list, map, number, oneOf, record, text } from "./shape.ts";
import type { World } from "./world.ts";

export const DISK_TYPE = "Microsoft.Compute/disks";
/** https://learn.microsoft.com/azure/virtual-machines/disks-scalability-targets */
const MOST_GIB = 65_536;

export const DISK_SKUS = [
  "Standard_LRS",
  "Premium_LRS",
  "StandardSSD_LRS",
  "UltraSSD_LRS",
  "Premium_ZRS",
  "StandardSSD_ZRS",
  "PremiumV2_LRS",
] as const;

const SKU = record({ name: oneOf(...DISK_SKUS), tier: answered });

export const CREATION_DATA = record({
  createOption: oneOf("Empty", "Copy", "FromImage", "Attach"),
  sourceResourceId: text,
  imageReference: record({ id: text, lun: number, sharedGalleryImageId: empty, communityGalleryImageId: empty }),
  sourceUniqueId: answered,
  logicalSectorSize: number,
  storageAccountId: empty,
  galleryImageReference: empty,
  uploadSizeBytes: empty,
  performancePlus: empty,
  sourceUri: empty,
  securityDataUri: empty,
  securityMetadataUri: empty,
  elasticSanResourceId: empty,
  provisionedBandwidthCopySpeed: empty,
  instantAccessDurationMinutes: empty,
});

const UPDATABLE = {
  diskSizeGB: number,
  diskIOPSReadWrite: number,
  diskMBpsReadWrite: number,
  networkAccessPolicy: oneOf("AllowAll", "AllowPrivate", "DenyAll"),
  publicNetworkAccess: oneOf("Enabled", "Disabled"),
  dataAccessAuthMode: oneOf("None", "AzureActiveDirectory"),
  maxShares: number,
  tier: text,
  burstingEnabled: flag,
  osType: oneOf("Linux", "Windows"),
  supportsHibernation: flag,
  optimizedForFrequentAttach: flag,
  encryption: record({ type: oneOf("EncryptionAtRestWithPlatformKey"), diskEncryptionSetId: empty }),
  supportedCapabilities: record({
    diskControllerTypes: text,
    acceleratedNetwork: flag,
    architecture: oneOf("x64", "Arm64"),
    supportedSecurityOption: text,
  }),
  purchasePlan: record({ publisher: text, name: text, product: text, promotionCode: text }),
};

export const disk: ResourceType = {
  type: DISK_TYPE,
  noun: "disks",
  title: "Disk",
  ...DISK_PART,
  envelope: {
    sku: SKU,
    zones: list(text),
    managedBy: answered,
    managedByExtended: answered,
    extendedLocation: empty,
  },
  properties: record({
    ...UPDATABLE,
    creationData: CREATION_DATA,
    hyperVGeneration: oneOf("V1", "V2"),
    securityProfile: record({ securityType: oneOf("TrustedLaunch"), secureVMDiskEncryptionSetId: empty }),
    encryptionSettingsCollection: empty,
    diskIOPSReadOnly: empty,
    diskMBpsReadOnly: empty,
    diskAccessId: empty,
    completionPercent: answered,
    availabilityPolicy: empty,
    timeCreated: answered,
    diskSizeBytes: answered,
    uniqueId: answered,
    provisioningState: answered,
    diskState: answered,
    shareInfo: answered,
    burstingEnabledTime: answered,
    propertyUpdatesInProgress: answered,
    LastOwnershipUpdateTime: answered,
  }),
  passages: { create: "disk", update: "disk", remove: "diskDelete" },
  draft: draftDisk,
  patch: {
    body: record({ tags: map(text), sku: SKU, properties: record({ ...UPDATABLE, propertyUpdatesInProgress: answered }) }),
    draft: (request) => draftChange(request),
  },
  render: (world, row) => {
    const owner = findOwner(world, row);
    return compact({
      ...row.properties,
      diskSizeBytes: (numberAt(row.properties, "diskSizeGB") ?? 0) * 1024 ** 3,
      timeCreated: new Date(row.createdAt).toISOString(),
      uniqueId: row.guid,
      diskState: owner === undefined ? "Unattached" : isAllocated(owner) ? "Attached" : "Reserved",
    });
  },
  renderEnvelope: (world, row) => {
    const owner = findOwner(world, row);
    return compact({ ...row.envelope, managedBy: owner?.armId });
  },
  refuseRemoval: (world, row) => {
    const owner = findOwner(world, row);
    if (owner !== undefined) refuse("OperationNotAllowed", `Disk ${row.name} is attached to VM ${owner.armId}.`, 409);
  },
};

/** The machine that has the disk. */
export function findOwner(world: World, row: ResourceRow): ResourceRow | undefined {
  return world.referrersOf(row.id).find((other) => other.type === "Microsoft.Compute/virtualMachines");
}

/** Machines keep their disks while deallocated, but do not run them. */
export function isAllocated(machine: ResourceRow): boolean {
  return textAt(machine.properties, "power") !== "deallocated";
}

export function describeSku(name: string): JsonMap {
  return { name, tier: name.split("_")[0] ?? name };
}

function draftDisk(request: WriteRequest): Draft {
  const { world, body, properties, old } = request;
  const creation = mapAt(properties, "creationData");
  const option = textAt(creation, "createOption");
  if (option === undefined)
    refuseParameter("disk.creationData.createOption", "Required parameter 'disk.creationData.createOption' is missing (null).");
  const zones = textsAt(body, "zones");
  checkZones(zones, request.location, request.armId);
  if (old !== undefined) {
    const [was, is] = [textsAt(old.envelope, "zones").join(","), zones.join(",")];
    if (was !== is) refuseZones(request.armId, was, is);
    const [before, now] = [mapAt(old.properties, "creationData"), creation];
    if (
      textAt(before, "createOption") !== textAt(now, "createOption") ||
      textAt(before, "sourceResourceId")?.toLowerCase() !== textAt(now, "sourceResourceId")?.toLowerCase()
    )
      refuse("PropertyChangeNotAllowed", "Changing property 'creationData' is not allowed.", 409, { target: "creationData" });
    return draftChange(request);
  }
  const source = option === "Copy" ? requireSource(world, request, textAt(creation, "sourceResourceId")) : undefined;
  const size = numberAt(properties, "diskSizeGB") ?? (source === undefined ? undefined : numberAt(source.properties, "diskSizeGB"));
  if (size === undefined) return refuseParameter("disk.diskSizeGB", "Required parameter 'disk.diskSizeGB' is missing (null).");
  checkSize(size);
  const least = source === undefined ? 0 : (numberAt(source.properties, "diskSizeGB") ?? 0);
  if (size < least)
    refuseParameter("disk.diskSizeGB", `The specified disk size ${size} GB is smaller than the size of the source, ${least} GB.`);
  return {
    envelope: compact({
      sku: describeSku(textAt(body, "sku", "name") ?? "Standard_LRS"),
      ...(zones.length === 0 ? {} : { zones: [...zones] }),
    }),
    properties: compact({
      ...DEFAULTS,
      ...properties,
      ...(source === undefined ? {} : compact({ osType: source.properties.osType, hyperVGeneration: source.properties.hyperVGeneration })),
      creationData: compact({ ...creation, ...(source === undefined ? {} : { sourceUniqueId: source.guid }) }),
      diskSizeGB: size,
      ...performance(textAt(body, "sku", "name") ?? "Standard_LRS", size, properties),
    }),
    // The source may go: https://learn.microsoft.com/azure/virtual-machines/snapshot-copy-managed-disk
    references: [],
  };
}

const DEFAULTS: JsonMap = {
  encryption: { type: "EncryptionAtRestWithPlatformKey" },
  networkAccessPolicy: "AllowAll",
  publicNetworkAccess: "Enabled",
};

/** A changed disk: what the body does not name keeps its value, as the disk provider has it for both PUT and PATCH. */
function draftChange(request: WriteRequest): Draft {
  const { world, body, properties, old } = request;
  if (old === undefined) return { properties, references: [] };
  const owner = findOwner(world, old);
  const size = numberAt(properties, "diskSizeGB") ?? numberAt(old.properties, "diskSizeGB") ?? 0;
  const before = numberAt(old.properties, "diskSizeGB") ?? 0;
  checkSize(size);
  if (size < before)
    refuse(
      "OperationNotAllowed",
      `Disk size reduction is not supported. Current size is ${before * 1024 ** 3} bytes, requested size is ${size * 1024 ** 3} bytes.`,
      409,
    );
  if (size > before && owner !== undefined && isAllocated(owner)) checkOnlineGrowth(old, owner, before, size);
  const skuBefore = textAt(old.envelope, "sku", "name") ?? "";
  const sku = textAt(body, "sku", "name") ?? skuBefore;
  // https://learn.microsoft.com/azure/virtual-machines/disks-convert-types: the machine is deallocated, or has not the disk.
  if (sku !== skuBefore && owner !== undefined && isAllocated(owner))
    refuse(
      "OperationNotAllowed",
      `Cannot change the sku of disk ${old.name} from ${skuBefore} to ${sku} while it is attached to running VM ${owner.armId}. Deallocate the VM or detach the disk.`,
      409,
    );
  const { creationData: _creation, ...changed } = properties;
  return {
    envelope: { ...old.envelope, sku: describeSku(sku) },
    properties: compact({
      ...old.properties,
      ...changed,
      diskSizeGB: size,
      ...performance(sku, size, properties, chosenBefore(old, skuBefore, sku)),
    }),
    references: old.references,
  };
}

/** https://learn.microsoft.com/azure/virtual-machines/linux/expand-disks#expand-without-downtime: data disks, not over the 4 TiB line. */
function checkOnlineGrowth(row: ResourceRow, owner: ResourceRow, before: number, size: number): void {
  const isSystem = keyOf(textAt(owner.properties, "osDiskId") ?? "") === row.id;
  const crosses = before <= 4095 && size > 4095;
  if (isSystem || crosses)
    refuse("OperationNotAllowed", `Cannot resize disk ${row.name} while it is attached to running VM ${owner.armId}.`, 409);
}

/** What was chosen stays with the sku that it was chosen for. */
function chosenBefore(old: ResourceRow, before: string, sku: string): JsonMap {
  return before === sku ? old.properties : {};
}

function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > MOST_GIB)
    refuseParameter(
      "disk.diskSizeGB",
      `The value '${size}' of parameter 'disk.diskSizeGB' is out of range. Value '${size}' must be between '1' and '${MOST_GIB}' inclusive.`,
    );
}

/**
 * Chosen on Premium SSD v2 and ultra disks, where they start at 3,000 and 125 and stay as they are; of the size on others.
 * https://learn.microsoft.com/azure/virtual-machines/disks-types
 */
function performance(sku: string, size: number, asked: JsonMap, before: JsonMap = {}): JsonMap {
  if (sku === "PremiumV2_LRS" || sku === "UltraSSD_LRS")
    return {
      diskIOPSReadWrite: numberAt(asked, "diskIOPSReadWrite") ?? numberAt(before, "diskIOPSReadWrite") ?? 3_000,
      diskMBpsReadWrite: numberAt(asked, "diskMBpsReadWrite") ?? numberAt(before, "diskMBpsReadWrite") ?? 125,
    };
  const premium = sku.startsWith("Premium");
  return {
    diskIOPSReadWrite: premium ? Math.max(120, Math.min(20_000, size * 4)) : 500,
    diskMBpsReadWrite: premium ? Math.max(25, Math.min(900, Math.round(size / 5))) : 60,
  };
}

/** The disk or snapshot that a copy starts from. */
export function requireSource(world: World, request: WriteRequest, id: string | undefined): ResourceRow {
  if (id === undefined)
    return refuseParameter("creationData.sourceResourceId", "Required parameter 'creationData.sourceResourceId' is missing (null).");
  const row = world.find(id);
  if (row === undefined || row.state === "Deleting") return refuse("NotFound", `Resource ${id} is not found.`, 404);
  if (row.type !== DISK_TYPE && row.type !== "Microsoft.Compute/snapshots")
    return refuseParameter("creationData.sourceResourceId", `The source ${id} is neither a disk nor a snapshot.`);
  if (row.location !== request.location)
    refuseParameter(
      "creationData.sourceResourceId",
      `The source ${id} is in ${row.location}, and ${request.armId} in ${request.location}.`,
    );
  if (row.state !== "Succeeded")
    refuse("OperationNotAllowed", `The source ${id} is in ${row.state} state: it must be provisioned before it is copied.`, 409);
  return row;
}
