// disk on gcp: a Disk, and with `attach` its attachment under a device name of its own. Its type is that of its machine's series.

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { lowerMachineSize } from "../../lowering/machine-size.ts";
import { problem } from "../../lowering/problems.ts";
import { followRef, written } from "../../lowering/read-props.ts";
import { lowerZoneLetter, zoneOfDisk } from "../../lowering/zones.ts";
import type { DiskType, MachineType } from "../catalog/machine-types.ts";
import { regions } from "../catalog/places.ts";
import { machineSizes } from "../catalog/sizes.ts";
import { type ChosenType, checkEncrypted, chooseDiskType, guestPath, readSize, refuseType } from "./disk-types.ts";
import { checkLabels } from "./labels.ts";
import { gceName } from "./names.ts";

export const lowerDisk: Lowering = (resource, context) => {
  const { props, refinement } = resource;
  const what = `\`${resource.address}\``;
  const machine = followRef(props.attach, context);
  const zone = lowerZoneLetter(zoneOfDisk(resource, context), regions(), context);
  const chosen = typeOf(resource, machine && lowerMachineSize(machine, machineSizes, context).size, context);
  const size = readSize(props, chosen.type, context.place("size"), what);
  const name = gceName(context);
  const diagnostics = [
    ...zone.diagnostics,
    ...chosen.diagnostics,
    ...size.diagnostics,
    ...checkEncrypted(props, what, context.place("encrypted")),
    ...checkPerformance(resource, chosen.type, context),
    ...checkLabels(resource, context),
  ];

  const disk = context.object(
    "disk",
    "gcp.compute.Disk",
    {
      name,
      zone: zone.id,
      sizeGb: size.gib,
      type: chosen.type,
      sourceSnapshot: written(props.snapshot, context),
      provisionedIops: written(refinement.provisioned_iops, context),
      provisionedThroughput: written(refinement.provisioned_throughput, context),
      labels: context.tags,
    },
    {
      from: {
        zone: props.zone === undefined ? "attach" : "zone",
        sizeGb: "size",
        type: refinement.disk_type === undefined ? "type" : "on.gcp.disk_type",
        sourceSnapshot: "snapshot",
        provisionedIops: "on.gcp.provisioned_iops",
        provisionedThroughput: "on.gcp.provisioned_throughput",
        labels: "tags",
      },
    },
  );
  const id = disk.ref("selfLink");
  if (!machine) return { objects: [disk.object], outputs: { id }, diagnostics };
  const attachment = context.object(
    "attachment",
    "gcp.compute.AttachedDisk",
    { instance: nativeRef(`${machine.address}:instance`, "selfLink"), disk: id, deviceName: name },
    { from: { instance: "attach", deviceName: "attach" } },
  );
  return { objects: [disk.object, attachment.object], outputs: { id, device: guestPath(name) }, diagnostics };
};

function typeOf(resource: PortableResource, series: MachineType | undefined, context: LoweringContext): ChosenType {
  const what = `\`${resource.address}\``;
  const { disk_type: named } = resource.refinement;
  if (named === undefined)
    return chooseDiskType(resource.props.type, series, what, context.place(resource.places.type ? "type" : "attach"));
  const type = named as DiskType;
  const refused = series && !series.disks.includes(type);
  return {
    type,
    diagnostics: refused
      ? [refuseType(type, series, what, context.place("on.gcp.disk_type"), `write disk_type = "${series.disks[0]}"`)]
      : [],
  };
}

/** Performance is bought for Hyperdisk; a persistent disk has what its size gives it. */
function checkPerformance(resource: PortableResource, type: DiskType, context: LoweringContext): readonly Diagnostic[] {
  if (type === "hyperdisk-balanced") return [];
  return (["provisioned_iops", "provisioned_throughput"] as const).flatMap((prop) => {
    if (resource.refinement[prop] === undefined) return [];
    const message = `\`${prop}\` is for Hyperdisk, \`${resource.address}\` is ${type}`;
    const hint = "leave it out, or attach the disk to a machine of a series that takes Hyperdisk, such as n4";
    return [problem("K3031", context.place(`on.gcp.${prop}`), message, { hint })];
  });
}
