// Which sizes a machine can change between by deallocate, change, start, and which need a new machine. Pure.
// https://learn.microsoft.com/azure/virtual-machines/sizes/resize-vm#limitations

import { findVmSize } from "./vm-sizes.ts";

/**
 * Same architecture, same disk interface, and both with a temporary disk or both without
 * (https://learn.microsoft.com/azure/virtual-machines/azure-vms-no-temp-disk); both for UEFI images or both for those of generation 1. A size that the catalog does
 * not know is in no class but its own.
 */
export function sameClass(from: string, to: string): boolean {
  if (from.toLowerCase() === to.toLowerCase()) return true;
  const before = findVmSize(from);
  const after = findVmSize(to);
  if (!before || !after) return false;
  return (
    before.arch === after.arch &&
    before.diskInterface === after.diskInterface &&
    before.localDisk === after.localDisk &&
    before.uefi === after.uefi
  );
}
