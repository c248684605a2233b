// VM sizes to choose from: which come into question for a shape, and in what order. Pure.

import type { Shape, SizeCatalog } from "../../lowering/sizes.ts";
import { pricesDate } from "./vm-sizes.generated.ts";
import { findVmSize, isOffered, isOfferedSurely, type VmSize, vmSizes } from "./vm-sizes.ts";

export const virtualMachineSizes: SizeCatalog<VmSize> = {
  cloud: "Azure",
  noun: "VM size",
  provider: "azure",
  prop: "vm_size",
  find: findVmSize,
  candidates: findCandidates,
  isOffered,
  describePrice: ({ price }) => `$${price} an hour in eastus, ${pricesDate}`,
  similar: similarSizes,
};

/** The same without the sizes that show their disks as NVMe: an image that is not known to start from those needs one. */
export const scsiSizes: SizeCatalog<VmSize> = {
  ...virtualMachineSizes,
  variant: "scsi",
  *candidates(shape, region) {
    for (const size of findCandidates(shape, region)) if (size.diskInterface === "scsi") yield size;
  },
};

/** Current sizes with ssd disks and without a temporary one that the region offers, cheapest first. */
function* findCandidates(shape: Shape, region: string): Iterable<VmSize> {
  for (const size of vmSizes().values()) {
    if (isCandidate(size, shape) && isOfferedSurely(size, region)) yield size;
  }
}

function isCandidate(size: VmSize, shape: Shape): boolean {
  return (
    size.price !== undefined &&
    size.current &&
    size.premium &&
    size.uefi &&
    !size.localDisk &&
    size.arch === shape.arch &&
    (shape.burst || !size.burst)
  );
}

/** Names to suggest for one that the catalog does not have: of the same family letter. */
function similarSizes(name: string): readonly string[] {
  const letter = /^standard_?([a-z])/i.exec(name)?.[1]?.toUpperCase();
  return [...vmSizes().keys()].filter((known) => letter === undefined || known.startsWith(`Standard_${letter}`));
}
