// disk on azure: a managed Disk, and with `attach` its attachment under a LUN of its own.

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { checkEncryption } from "../../lowering/encryption.ts";
import { problem } from "../../lowering/problems.ts";
import { followRef, regionOf, written } from "../../lowering/read-props.ts";
import { zoneOfDisk } from "../../lowering/zones.ts";
import { zonesOf } from "../catalog/places.ts";
import { isZoneRedundant, readSize, skuOf } from "./disk-types.ts";
import { attachedLuns, guestPath, mostLuns } from "./luns.ts";
import { lowerImage } from "./machine-image.ts";
import { lowerSize } from "./machine-size.ts";
import { armName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { checkTags } from "./tags.ts";
import { lowerZone } from "./zones.ts";

export const lowerDisk: Lowering = (resource, context) => {
  const { props, refinement } = resource;
  const machine = followRef(props.attach, context);
  const sku = typeof refinement.sku === "string" ? refinement.sku : skuOf(props.type);
  const zone = isZoneRedundant(sku) ? { diagnostics: [] } : lowerZone(zoneOfDisk(resource, context), context);
  const what = `\`${resource.address}\``;
  const size = readSize(props, sku, false, context.place("size"), what);
  const diagnostics = [
    ...zone.diagnostics,
    ...size.diagnostics,
    ...checkEncryption(props, what, "Azure", context.place("encrypted")),
    ...checkPerformance(resource, sku, context),
    ...checkRedundancy(resource, sku, context),
    ...checkTags(resource, context),
  ];
  const disk = context.object(
    "disk",
    "azure.compute.Disk",
    {
      name: armName(context, nameLimits.disk),
      ...placeOf(context),
      zones: "zones" in zone ? zone.zones : undefined,
      diskSizeGB: size.gib,
      sku,
      diskIOPSReadWrite: written(refinement.iops, context),
      diskMBpsReadWrite: written(refinement.throughput, context),
      sourceResourceId: written(props.snapshot, context),
      tags: context.tags,
    },
    {
      from: {
        zones: props.zone === undefined ? "attach" : "zone",
        diskSizeGB: "size",
        sku: refinement.sku === undefined ? "type" : "on.azure.sku",
        diskIOPSReadWrite: "on.azure.iops",
        diskMBpsReadWrite: "on.azure.throughput",
        sourceResourceId: "snapshot",
        tags: "tags",
      },
    },
  );
  const id = disk.ref("id");
  if (!machine) return { objects: [disk.object], outputs: { id }, diagnostics };

  const lun = attachedLuns(machine, context).get(resource.address);
  if (lun === undefined) {
    const message = `\`${machine.address}\` has more than ${mostLuns} disks attached, Koine keeps ${mostLuns} of Azure's 64 numbers for those`;
    diagnostics.push(problem("K3032", context.place("attach"), message, { hint: "attach it to another machine" }));
    return { objects: [disk.object], outputs: { id }, diagnostics };
  }
  const attachment = context.object(
    "attachment",
    "azure.compute.DiskAttachment",
    { virtualMachine: nativeRef(`${machine.address}:machine`, "id"), disk: id, lun },
    { from: { virtualMachine: "attach", lun: "attach" } },
  );
  const { diskInterface } = lowerSize(machine, lowerImage(machine, context), context);
  return { objects: [disk.object, attachment.object], outputs: { id, device: guestPath(diskInterface, lun) }, diagnostics };
};

/** Only PremiumV2 sells operations and throughput apart from size. https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssd-v2 */
function checkPerformance(resource: PortableResource, sku: string, context: LoweringContext): readonly Diagnostic[] {
  if (sku === "PremiumV2_LRS") return [];
  return (["iops", "throughput"] as const)
    .filter((prop) => resource.refinement[prop] !== undefined)
    .map((prop) =>
      problem(
        "K3031",
        context.place(`on.azure.${prop}`),
        `\`${prop}\` is for disks of the type PremiumV2_LRS, \`${resource.address}\` is ${sku}`,
        {
          hint: 'write sku = "PremiumV2_LRS" beside it',
        },
      ),
    );
}

/** A disk in all zones is in none of them, and needs a region that has some. https://learn.microsoft.com/azure/virtual-machines/disks-redundancy#zone-redundant-storage-for-managed-disks */
function checkRedundancy(resource: PortableResource, sku: string, context: LoweringContext): readonly Diagnostic[] {
  if (!isZoneRedundant(sku)) return [];
  const local = sku.replace("_ZRS", "_LRS");
  if (resource.props.zone !== undefined) {
    const message = `\`${resource.address}\` is ${sku}, copied over all zones, and \`zone\` says one`;
    return [problem("K3081", context.place("zone"), message, { hint: `drop \`zone\`, or write sku = "${local}"` })];
  }
  const region = regionOf(context);
  if (zonesOf(region).length > 0) return [];
  const message = `\`${resource.address}\` is ${sku}, and ${region} has no zones to copy it over`;
  return [problem("K3081", context.place("on.azure.sku"), message, { hint: `write sku = "${local}"` })];
}
