// The disks of a machine: made with it, attached to it, taken from it. A list of data disks takes the place of the one before.
// https://learn.microsoft.com/azure/virtual-machines/managed-disks-overview

import { keyOf, writeArmId } from "./arm-id.ts";
import { DISK_TYPE, describeSku, findOwner } from "./disk.ts";
import { refuse } from "./errors.ts";
import { compact, flagAt, idAt, mapAt, mapsAt, numberAt, textAt, textsAt } from "./json.ts";
import { refuseParameter, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import type { Size } from "./sizes.ts";
import type { World } from "./world.ts";

/** A disk that comes into being with the write. */
export interface NewDisk {
  readonly armId: string;
  readonly sku: string;
  readonly properties: JsonMap;
}

export interface PlannedDisk {
  /** As the machine's row keeps it: `managedDisk.id` always set. */
  readonly entry: JsonMap;
  readonly make?: NewDisk;
}

/** Real answers write the group of a disk that a machine made in capitals. */
function newDiskId(request: WriteRequest, name: string): string {
  return writeArmId(request.world.subscription, (request.id.group ?? "").toUpperCase(), DISK_TYPE, [name]);
}

export function planOsDisk(request: WriteRequest, source: { readonly diskSizeGB: number; readonly properties: JsonMap }): PlannedDisk {
  const asked = mapAt(request.properties, "storageProfile", "osDisk");
  const size = numberAt(asked, "diskSizeGB") ?? source.diskSizeGB;
  if (size < source.diskSizeGB)
    refuse(
      "OperationNotAllowed",
      `The specified disk size ${size} GB is smaller than the size of the corresponding disk in the VM image: ${source.diskSizeGB} GB. This is not allowed. Please choose equal or greater size or do not specify an explicit size.`,
      409,
    );
  const name = textAt(asked, "name") ?? `${request.name}_OsDisk_1_${request.world.newGuid("disk").replaceAll("-", "")}`;
  const sku = textAt(asked, "managedDisk", "storageAccountType") ?? "Premium_LRS";
  const armId = newDiskId(request, name);
  refuseTaken(request.world, armId, name);
  return {
    entry: compact({
      osType: "Linux",
      name,
      createOption: "FromImage",
      caching: textAt(asked, "caching") ?? "ReadWrite",
      writeAcceleratorEnabled: flagAt(asked, "writeAcceleratorEnabled"),
      managedDisk: { id: armId },
      deleteOption: textAt(asked, "deleteOption") ?? "Detach",
    }),
    make: { armId, sku, properties: { ...source.properties, osType: "Linux", diskSizeGB: size } },
  };
}

function refuseTaken(world: World, armId: string, name: string): void {
  if (world.find(armId) !== undefined)
    refuse("ConflictingUserInput", `Disk '${name}' already exists in the resource group. Only CreateOption.Attach is supported.`, 409);
}

/** What the data disks of a body come to. `before` are those that the machine has. */
export function planDataDisks(
  request: WriteRequest,
  asked: readonly JsonMap[],
  before: readonly JsonMap[],
  size: Size,
): readonly PlannedDisk[] {
  if (asked.length > size.dataDisks)
    refuse(
      "OperationNotAllowed",
      `The maximum number of data disks allowed to be attached to a VM of this size is ${size.dataDisks}.`,
      409,
      { target: "dataDisks" },
    );
  const luns = new Set<number>();
  return asked.map((disk) => {
    const lun = numberAt(disk, "lun");
    if (lun === undefined) return refuseParameter("dataDisk.lun", "Required parameter 'dataDisk.lun' is missing (null).");
    if (!Number.isInteger(lun) || lun < 0 || lun > 63)
      refuseParameter("dataDisk.lun", `The value '${lun}' of parameter 'dataDisk.lun' is out of range.`);
    if (luns.has(lun))
      refuseParameter("dataDisk.lun", `A disk with LUN ${lun} is specified more than once. Each disk must have a LUN of its own.`);
    luns.add(lun);
    return planDataDisk(request, disk, lun, before, size);
  });
}

function planDataDisk(request: WriteRequest, asked: JsonMap, lun: number, before: readonly JsonMap[], size: Size): PlannedDisk {
  const { world } = request;
  const id = idAt(asked, "managedDisk");
  const name = textAt(asked, "name");
  const was = before.find((one) =>
    id === undefined
      ? numberAt(one, "lun") === lun && (name === undefined || name === textAt(one, "name"))
      : keyOf(idAt(one, "managedDisk") ?? "") === keyOf(id),
  );
  const settings = {
    caching: textAt(asked, "caching") ?? (was === undefined ? "None" : textAt(was, "caching")),
    writeAcceleratorEnabled: flagAt(asked, "writeAcceleratorEnabled"),
    deleteOption: textAt(asked, "deleteOption") ?? (was === undefined ? "Detach" : textAt(was, "deleteOption")),
  };
  if (was !== undefined) {
    if (numberAt(was, "lun") !== lun)
      refuse("PropertyChangeNotAllowed", "Changing property 'dataDisk.lun' is not allowed.", 409, { target: "dataDisk.lun" });
    return { entry: compact({ ...was, ...settings, toBeDetached: flagAt(asked, "toBeDetached") ?? false }) };
  }
  const option = textAt(asked, "createOption");
  if (option === undefined)
    return refuseParameter("dataDisk.createOption", "Required parameter 'dataDisk.createOption' is missing (null).");
  if (option === "Attach" || id !== undefined) {
    if (option !== "Attach")
      refuseParameter("dataDisk.managedDisk.id", `Parameter 'dataDisk.managedDisk.id' is not allowed with createOption ${option}.`);
    if (id === undefined)
      return refuseParameter("dataDisk.managedDisk.id", "Required parameter 'dataDisk.managedDisk.id' is missing (null).");
    const row = requireAttachable(request, id, size);
    return {
      entry: compact({ lun, name: row.name, createOption: "Attach", ...settings, managedDisk: { id: row.armId }, toBeDetached: false }),
    };
  }
  if (option !== "Empty") return refuseParameter("dataDisk.createOption", "Of data disks the embedded ARM makes empty ones only.");
  const gib = numberAt(asked, "diskSizeGB");
  if (gib === undefined) return refuseParameter("dataDisk.diskSizeGB", "Required parameter 'dataDisk.diskSizeGB' is missing (null).");
  const called = name ?? `${request.name}_disk${lun + 2}_${world.newGuid("disk").replaceAll("-", "")}`;
  const armId = newDiskId(request, called);
  refuseTaken(world, armId, called);
  return {
    entry: compact({ lun, name: called, createOption: "Empty", ...settings, managedDisk: { id: armId }, toBeDetached: false }),
    make: {
      armId,
      sku: textAt(asked, "managedDisk", "storageAccountType") ?? "Premium_LRS",
      properties: { creationData: { createOption: "Empty" }, diskSizeGB: gib },
    },
  };
}

/** A disk that a machine can take. Throws where it is elsewhere, or another's. */
export function requireAttachable(
  request: Pick<WriteRequest, "world" | "armId" | "location" | "body" | "old">,
  id: string,
  size: Size,
): ResourceRow {
  const { world, old } = request;
  const row = world.find(id);
  if (row === undefined || row.type !== DISK_TYPE || row.state === "Deleting")
    return refuse("NotFound", `Disk ${id} is not found.`, 404, { target: "dataDisks" });
  if (row.state !== "Succeeded")
    refuse("OperationNotAllowed", `Disk '${row.name}' is in ${row.state} state and cannot be attached until it is provisioned.`, 409);
  if (row.location !== request.location)
    refuse("OperationNotAllowed", `Disk '${row.name}' is in location ${row.location}, and the VM in ${request.location}.`, 409);
  const owner = findOwner(world, row);
  if (owner !== undefined && owner.id !== old?.id)
    refuse("ConflictingUserInput", `Disk '${row.armId}' cannot be attached as the disk is already owned by VM '${owner.armId}'.`, 409);
  const zones = textsAt(row.envelope, "zones");
  const zone = textsAt(old?.envelope ?? request.body, "zones")[0];
  const sku = textAt(row.envelope, "sku", "name") ?? "";
  if (!sku.endsWith("_ZRS") && zones.length > 0 && zones[0] !== zone)
    refuse(
      "BadRequest",
      `Disk ${row.armId} cannot be attached to the VM because it is not in the same zone as the VM. VM zone: '${zone ?? ""}'. Disk zone: '${zones.join(",")}'.`,
    );
  // https://learn.microsoft.com/azure/virtual-machines/disks-types#regional-disks: a disk of no zone goes to a machine of no zone.
  if (zones.length === 0 && zone !== undefined && !sku.endsWith("_ZRS"))
    refuse("BadRequest", `Disk ${row.armId} cannot be attached to the VM because it is regional and the VM is in zone '${zone}'.`);
  if (sku.startsWith("Premium") && !size.premium) refuse("InvalidParameter", `The size ${size.name} does not take premium disks.`);
  return row;
}

/** Stores the disks that come with a machine; they take its tags as they are then. https://github.com/hashicorp/terraform-provider-azurerm/issues/8162 */
export function makeDisks(world: World, machine: ResourceRow, disks: readonly PlannedDisk[]): void {
  for (const { make } of disks) {
    if (make === undefined) continue;
    const zones = textsAt(machine.envelope, "zones");
    world.add("resource", {
      id: keyOf(make.armId),
      armId: make.armId,
      type: DISK_TYPE,
      name: make.armId.split("/").at(-1) ?? "",
      group: machine.group,
      ...(machine.location === undefined ? {} : { location: machine.location }),
      ...(machine.tags === undefined ? {} : { tags: machine.tags }),
      tagsAt: world.now,
      envelope: compact({ sku: describeSku(make.sku), ...(zones.length === 0 ? {} : { zones: [...zones] }) }),
      properties: {
        encryption: { type: "EncryptionAtRestWithPlatformKey" },
        networkAccessPolicy: "AllowAll",
        publicNetworkAccess: "Enabled",
        ...make.properties,
      },
      state: "Succeeded",
      etag: world.newGuid("etag"),
      guid: world.newGuid("resource"),
      references: [],
    });
  }
}

/** The ids of the disks that a machine's row names. */
export function listDiskIds(properties: JsonMap): readonly string[] {
  const system = idAt(properties, "storageProfile", "osDisk", "managedDisk");
  return [
    ...(system === undefined ? [] : [system]),
    ...mapsAt(properties, "storageProfile", "dataDisks").flatMap((one) => idAt(one, "managedDisk") ?? []),
  ];
}
