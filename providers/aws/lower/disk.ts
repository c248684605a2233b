// disk on aws: a Volume, and with `attach` its attachment under a device name of its own.

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { problem } from "../../lowering/problems.ts";
import { followRef } from "../../lowering/read-props.ts";
import { zoneOfDisk } from "../../lowering/zones.ts";
import { assignDevices, attachedDevices, guestPath } from "./devices.ts";
import { lowerSize } from "./instance-size.ts";
import { checkTags, nameAndTags } from "./names-and-tags.ts";
import { checkPerformance, readSize, volumeType } from "./volumes.ts";
import { lowerZone } from "./zones.ts";

export const lowerDisk: Lowering = (resource, context) => {
  const { attach, encrypted, snapshot, zone: written } = resource.props;
  const { iops, throughput, kms_key: kmsKey } = resource.refinement;
  const machine = followRef(attach, context);
  const zone = lowerZone(zoneOfDisk(resource, context), context);
  const type = volumeType(resource.props.type, false);
  const size = readSize(resource.props, type, context.place("size"), `\`${resource.address}\``);
  const diagnostics = [
    ...zone.diagnostics,
    ...size.diagnostics,
    ...checkPerformance(resource, type, size.gib, context),
    ...checkTags(resource, context),
  ];

  const volume = context.object(
    "volume",
    "aws.ec2.Volume",
    {
      AvailabilityZoneId: zone.id,
      Size: size.gib,
      VolumeType: type,
      Iops: iops === undefined ? undefined : context.native(iops),
      Throughput: throughput === undefined ? undefined : context.native(throughput),
      Encrypted: encrypted !== false,
      KmsKeyId: kmsKey === undefined ? undefined : context.native(kmsKey),
      SnapshotId: snapshot === undefined ? undefined : context.native(snapshot),
      Tags: nameAndTags(context),
    },
    {
      from: {
        AvailabilityZoneId: written === undefined ? "attach" : "zone",
        Size: "size",
        VolumeType: "type",
        Iops: "on.aws.iops",
        Throughput: "on.aws.throughput",
        Encrypted: "encrypted",
        KmsKeyId: "on.aws.kms_key",
        SnapshotId: "snapshot",
        Tags: "tags",
      },
    },
  );
  const id = volume.ref("VolumeId");
  if (!machine) return { objects: [volume.object], outputs: { id }, diagnostics };

  const device = devicesOf(machine, context).get(resource.address);
  if (device === undefined) {
    diagnostics.push(
      problem(
        "K3032",
        context.place("attach"),
        `\`${machine.address}\` has more than ${attachedDevices.length} disks attached, EC2 has no device name left`,
        {
          hint: "attach it to another machine",
        },
      ),
    );
    return { objects: [volume.object], outputs: { id }, diagnostics };
  }
  const attachment = context.object(
    "attachment",
    "aws.ec2.VolumeAttachment",
    { VolumeId: id, InstanceId: nativeRef(`${machine.address}:instance`, "InstanceId"), DeviceName: device },
    { from: { InstanceId: "attach", DeviceName: "attach" } },
  );
  const path = guestPath(lowerSize(machine, context).diskInterface, device, { address: resource.address, path: ["id"] });
  return { objects: [volume.object, attachment.object], outputs: { id, device: context.native(path) }, diagnostics };
};

const devices = new WeakMap<PortableResource, ReadonlyMap<string, string>>();

/** Device names of all disks attached to a machine, by the disk's address. */
function devicesOf(machine: PortableResource, context: LoweringContext): ReadonlyMap<string, string> {
  let known = devices.get(machine);
  if (!known) {
    const attached = context.referrers(machine.address, "attach").filter((resource) => resource.kind === "disk");
    known = assignDevices(
      attached.map((disk) => disk.address),
      attachedDevices,
    );
    devices.set(machine, known);
  }
  return known;
}
