// The volumes of a launch: the image's own, changed and added to by the request's block device mappings.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html

import type { BlockDeviceMapping } from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import type { LaunchImage } from "./image.ts";
import type { InstanceRow, TagMap, VolumeShape } from "./rows.ts";
import { requireSnapshot } from "./snapshot.ts";
import { attachVolume, readEncryption } from "./volume.ts";
import { readDevice, readVolumeShape } from "./volume-shape.ts";
import type { World } from "./world.ts";

export interface LaunchVolume extends VolumeShape {
  readonly device: string;
  readonly deleteOnTermination: boolean;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly snapshotId?: string;
}

/** What each device gets. Throws InvalidBlockDeviceMapping, MissingParameter, InvalidParameterValue. */
export function readLaunchVolumes(
  world: World,
  image: LaunchImage,
  mappings: readonly BlockDeviceMapping[] | undefined,
): readonly LaunchVolume[] {
  const asked = new Map<string, BlockDeviceMapping>();
  for (const mapping of mappings ?? []) {
    const device = readDevice("blockDeviceMapping.deviceName", mapping.DeviceName);
    if (asked.has(device)) refuse("InvalidBlockDeviceMapping", `The device '${device}' is used in more than one block-device mapping`);
    if (mapping.VirtualName !== undefined)
      refuse("InvalidParameterValue", "BlockDeviceMapping.VirtualName is not implemented by the embedded EC2");
    asked.set(device, mapping);
  }
  const fromImage = image.disks.map((disk) => [disk.device, disk] as const);
  const devices = new Map([
    ...fromImage,
    ...[...asked.keys()]
      .filter((device) => !image.disks.some((disk) => disk.device === device))
      .map((device) => [device, undefined] as const),
  ]);
  return [...devices].flatMap(([device, disk]) => {
    const mapping = asked.get(device);
    if (mapping?.NoDevice !== undefined) {
      if (device === image.rootDevice) refuse("InvalidBlockDeviceMapping", `The root device '${device}' cannot be suppressed`);
      return [];
    }
    const ebs = mapping?.Ebs ?? {};
    const snapshotId = ebs.SnapshotId ?? disk?.snapshotId;
    const own = ebs.SnapshotId === undefined ? disk : undefined;
    const snapshot = own ?? (snapshotId === undefined ? undefined : requireSnapshot(world, snapshotId));
    if (disk === undefined && ebs.VolumeSize === undefined && snapshot === undefined) {
      refuse("MissingParameter", `The request must contain the parameter size or snapshotId`);
    }
    const size = ebs.VolumeSize ?? snapshot?.size ?? 0;
    if (snapshot !== undefined && size < snapshot.size) {
      refuse(
        "InvalidBlockDeviceMapping",
        `Volume of size ${size}GB is smaller than snapshot '${snapshotId}', expect size >= ${snapshot.size}GB`,
      );
    }
    const shape = readVolumeShape({ size, type: ebs.VolumeType ?? disk?.type ?? "gp2", iops: ebs.Iops, throughput: ebs.Throughput });
    return [
      {
        device,
        ...shape,
        // "true" for volumes of a launch, those added to the image's included.
        deleteOnTermination: ebs.DeleteOnTermination ?? disk?.deleteOnTermination ?? true,
        ...readEncryption(world, ebs, snapshot),
        ...(snapshotId === undefined ? {} : { snapshotId }),
      },
    ];
  });
}

export function addLaunchVolumes(world: World, instance: InstanceRow, volumes: readonly LaunchVolume[], tags: TagMap): void {
  for (const { device, deleteOnTermination, ...volume } of volumes) {
    const row = world.add("volume", {
      id: world.newId("vol"),
      ...volume,
      zoneId: instance.zoneId,
      state: "creating",
      multiAttach: false,
      tags,
    });
    attachVolume(world, row, instance, { device, deleteOnTermination, state: "attaching" });
    world.after("volumeAttach", "volume-attached", row.id);
  }
}
