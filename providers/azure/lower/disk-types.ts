// Disks as managed disks: types, sizes and their limits. Pure.
// https://learn.microsoft.com/azure/virtual-machines/disks-types · https://learn.microsoft.com/azure/virtual-machines/disks-scalability-targets

import type { PropMap } from "../../../grammar/graph/value.ts";
import type { Span } from "../../../grammar/source/span.ts";
import { type DiskSize, readDiskSize } from "../../lowering/disk-size.ts";

/** What the refinement `sku` of a disk takes. */
export const diskSkus = ["Premium_LRS", "PremiumV2_LRS", "StandardSSD_LRS", "Standard_LRS", "Premium_ZRS", "StandardSSD_ZRS"] as const;

export function skuOf(type: unknown): "Premium_LRS" | "Standard_LRS" {
  return type === "hdd" ? "Standard_LRS" : "Premium_LRS";
}

/** Premium storage, which a size takes or does not. */
export function isPremium(sku: string): boolean {
  return sku.startsWith("Premium");
}

/** Copied over all zones of the region, so that it is in none. */
export function isZoneRedundant(sku: string): boolean {
  return sku.endsWith("_ZRS");
}

/** GiB. "The maximum capacity of an OS disk is 4,095 GiB." https://learn.microsoft.com/azure/virtual-machines/managed-disks-overview#os-disk */
const mostOfRoot = 4_095;
const mostOfData = 32_767;
const mostOfPremiumV2 = 65_536;

/** The size of a disk in GiB. `what` names it in messages, `smallest` is what its image needs. */
export function readSize(props: PropMap, sku: string, root: boolean, place: Span, what: string, smallest = 0): DiskSize {
  const most = root ? mostOfRoot : sku === "PremiumV2_LRS" ? mostOfPremiumV2 : mostOfData;
  const limits = {
    least: 1,
    most,
    one: root ? "an OS disk" : `a managed disk of the type ${sku}`,
    many: "managed disks",
  };
  return readDiskSize(props, limits, place, what, smallest);
}
