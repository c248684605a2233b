// Which machine types an instance can change between by stop, set, start, and which need a new instance. Pure.
// https://cloud.google.com/compute/docs/instances/changing-machine-type-of-stopped-instance

import { findMachineType, type MachineType } from "./machine-types.ts";

/**
 * Same architecture, same disk interface, same type of disk, same presence of local disks: the machine boots again from its disks. A type that the catalog
 * does not know is in no class but its own.
 */
export function sameClass(from: string, to: string): boolean {
  if (from === to) return true;
  const before = findMachineType(from);
  const after = findMachineType(to);
  return before !== undefined && after !== undefined && classOf(before) === classOf(after);
}

function classOf({ arch, diskInterface, disks, localDisk, bareMetal }: MachineType): string {
  return [arch, diskInterface, disks[0], localDisk, bareMetal].join(" ");
}
