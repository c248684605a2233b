// Images registered from a snapshot of a root volume.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html

import type { BlockDeviceMapping, RegisterImageRequest, RegisterImageResult } from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import { readImageName } from "./image.ts";
import { defineMutation } from "./operation.ts";
import type { OwnImageDisk } from "./rows.ts";
import { requireSnapshot } from "./snapshot.ts";
import { readTagSpecifications } from "./tags.ts";
import { readDevice, readVolumeShape } from "./volume-shape.ts";
import type { World } from "./world.ts";

const ARCHITECTURES: readonly string[] = ["i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"];
const BOOT_MODES: readonly string[] = ["legacy-bios", "uefi", "uefi-preferred"];
const VIRTUALIZATION: readonly string[] = ["hvm", "paravirtual"];

function readChoice(parameter: string, value: string, choices: readonly string[]): string {
  return choices.includes(value) ? value : refuse("InvalidParameterValue", `Value (${value}) for parameter ${parameter} is invalid.`);
}

function readDisk(world: World, mapping: BlockDeviceMapping): OwnImageDisk {
  const device = readDevice("blockDeviceMapping.deviceName", mapping.DeviceName);
  const { Ebs } = mapping;
  if (Ebs?.SnapshotId === undefined)
    refuse("InvalidParameterValue", "Block device mappings without a snapshot are not implemented by the embedded EC2");
  // "If you specify an Amazon EBS volume using the ID of an Amazon EBS snapshot, you can't specify the encryption state of the volume."
  if (Ebs.Encrypted !== undefined)
    refuse("InvalidParameterCombination", "The parameter encrypted cannot be used with the parameter snapshotId.");
  const snapshot = requireSnapshot(world, Ebs.SnapshotId);
  const size = Ebs.VolumeSize ?? snapshot.size;
  if (size < snapshot.size) {
    refuse(
      "InvalidBlockDeviceMapping",
      `Volume of size ${size}GB is smaller than snapshot '${Ebs.SnapshotId}', expect size >= ${snapshot.size}GB`,
    );
  }
  const { type } = readVolumeShape({ size, type: Ebs.VolumeType ?? "gp2", iops: Ebs.Iops, throughput: Ebs.Throughput });
  return {
    device,
    snapshotId: Ebs.SnapshotId,
    size,
    type,
    encrypted: snapshot.encrypted,
    deleteOnTermination: Ebs.DeleteOnTermination ?? true,
  };
}

export const registerImageOperations = {
  RegisterImage: defineMutation<RegisterImageRequest, RegisterImageResult>(
    [
      "Name",
      "Description",
      "Architecture",
      "RootDeviceName",
      "BlockDeviceMappings.DeviceName",
      "BlockDeviceMappings.Ebs.SnapshotId",
      "BlockDeviceMappings.Ebs.VolumeSize",
      "BlockDeviceMappings.Ebs.VolumeType",
      "BlockDeviceMappings.Ebs.DeleteOnTermination",
      "BlockDeviceMappings.Ebs.Encrypted",
      "BlockDeviceMappings.Ebs.Iops",
      "BlockDeviceMappings.Ebs.Throughput",
      "VirtualizationType",
      "EnaSupport",
      "BootMode",
      "TagSpecifications",
    ],
    (world, input) => {
      const name = readImageName(world, input.Name);
      const disks = (input.BlockDeviceMappings ?? []).map((mapping) => readDisk(world, mapping));
      if (input.RootDeviceName === undefined) refuse("MissingParameter", "The request must contain the parameter rootDeviceName");
      const rootDevice = readDevice("rootDeviceName", input.RootDeviceName);
      if (!disks.some((disk) => disk.device === rootDevice))
        refuse("InvalidBlockDeviceMapping", `The root device '${rootDevice}' has no block device mapping`);
      const row = world.add("image", {
        id: world.newId("ami"),
        name,
        ...(input.Description === undefined ? {} : { description: input.Description }),
        architecture: readChoice("architecture", input.Architecture ?? "i386", ARCHITECTURES),
        state: "pending",
        rootDevice,
        disks,
        virtualization: readChoice("virtualizationType", input.VirtualizationType ?? "paravirtual", VIRTUALIZATION),
        ena: input.EnaSupport ?? false,
        ...(input.BootMode === undefined ? {} : { bootMode: readChoice("bootMode", input.BootMode, BOOT_MODES) }),
        tags: readTagSpecifications(input.TagSpecifications, "image").image ?? {},
      });
      world.after("image", "image-available", row.id, world.failing === undefined ? {} : { failed: true });
      return { ImageId: row.id };
    },
  ),
};
