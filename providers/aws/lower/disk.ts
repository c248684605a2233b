// disk on aws: a Volume, and with `attach` its attachment under a device name of its own.

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { assignDevices, attachedDevices, guestPath } from "./devices.ts";
import { lowerSize } from "./instance-size.ts";
import { problem } from "./lowering-problems.ts";
import { checkTags, nameAndTags } from "./names-and-tags.ts";
import { readSize, volumeType } from "./volumes.ts";
import { lowerZone } from "./zones.ts";

export const lowerDisk: Lowering = (resource, context) => {
  const { attach, encrypted, zone: written } = resource.props;
  const { iops, throughput, kms_key: kmsKey } = resource.refinement;
  const machine = isRef(attach) ? context.graph.resources.get(attach.address) : undefined;
  const zone = lowerZone(String(written ?? zoneOfMachine(machine, context.graph) ?? "a"), context);
  const type = volumeType(resource.props.type, false);
  const size = readSize(resource.props, type, context.place("size"), `\`${resource.address}\``);
  const diagnostics = [...zone.diagnostics, ...size.diagnostics, ...checkTags(resource, context)];
  if (type !== "gp3") {
    for (const prop of ["iops", "throughput"] as const) {
      if (resource.refinement[prop] === undefined) continue;
      diagnostics.push(
        problem("K3031", context.place(`on.aws.${prop}`), `\`${prop}\` is for ssd disks, \`${resource.address}\` is an hdd`, {
          hint: 'write type = "ssd"',
        }),
      );
    }
  }

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

function zoneOfMachine(machine: PortableResource | undefined, graph: ResourceGraph): string | undefined {
  const subnet = machine?.props.subnet;
  return isRef(subnet) ? String(graph.resources.get(subnet.address)?.props.zone ?? "a") : undefined;
}

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
