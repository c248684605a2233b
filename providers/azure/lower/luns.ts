// Logical unit numbers of the data disks of a machine: 0 to 63, those of its own disks and those attached to it in a half each, so that the two never meet.
// https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update#datadisk

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { assignSlots } from "../../lowering/slots.ts";

/** In each half. */
export const mostLuns = 32;

/** By label of the machine's own disks, without the root. */
export function ownLuns(machine: PortableResource): ReadonlyMap<string, number> {
  const labels = Object.keys(machine.blocks.disk ?? {}).filter((label) => label !== "root");
  return assignSlots(labels, mostLuns);
}

const attached = new WeakMap<PortableResource, ReadonlyMap<string, number>>();

/** By address of the disks that are attached to the machine. */
export function attachedLuns(machine: PortableResource, context: LoweringContext): ReadonlyMap<string, number> {
  let luns = attached.get(machine);
  if (!luns) {
    const disks = context.referrers(machine.address, "attach").filter((resource) => resource.kind === "disk");
    const slots = assignSlots(
      disks.map((disk) => disk.address),
      mostLuns,
    );
    luns = new Map([...slots].map(([address, slot]) => [address, mostLuns + slot]));
    attached.set(machine, luns);
  }
  return luns;
}

/**
 * The path of a disk inside the machine. SCSI numbers are linked by the rules of the Azure agent, NVMe disks by those of azure-vm-utils, which current images carry.
 * https://learn.microsoft.com/troubleshoot/azure/virtual-machines/linux/troubleshoot-device-names-problems ·
 * https://github.com/Azure/azure-vm-utils/blob/main/doc/disk-identification.md
 */
export function guestPath(diskInterface: "nvme" | "scsi", lun: number): string {
  return diskInterface === "nvme" ? `/dev/disk/azure/data/by-lun/${lun}` : `/dev/disk/azure/scsi1/lun${lun}`;
}

export function rootPath(diskInterface: "nvme" | "scsi"): string {
  return diskInterface === "nvme" ? "/dev/disk/azure/os" : "/dev/disk/azure/root";
}
