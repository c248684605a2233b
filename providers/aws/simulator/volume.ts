// Volumes: create, describe, attach, detach, delete. Growth and change of type are in volume-modification.ts.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-describing-volumes.html

import type {
  AttachVolumeRequest,
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  DetachVolumeRequest,
  Volume,
  VolumeAttachment,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { findByToken } from "./idempotency.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { VolumeAttachment as Attachment, InstanceRow, VolumeRow } from "./rows.ts";
import { requireSnapshot } from "./snapshot.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import { readDevice, readVolumeShape } from "./volume-shape.ts";
import type { World } from "./world.ts";
import { nameZone, readZone } from "./zones.ts";

const lookup: Lookup<"volume"> = {
  kind: "volume",
  missing: (id) => refuseMissing("volume", id),
  idFilter: "volume-id",
  indexed: { "attachment.instance-id": "instance", "snapshot-id": "snapshot" },
  filters: {
    "attachment.attach-time": (row) => [row.attachment && new Date(row.attachment.attachedAt).toISOString()],
    "attachment.delete-on-termination": (row) => [row.attachment?.deleteOnTermination],
    "attachment.device": (row) => [row.attachment?.device],
    "attachment.instance-id": (row) => [row.attachment?.instanceId],
    "attachment.status": (row) => [row.attachment?.state],
    "availability-zone": (row, world) => [nameZone(world, row.zoneId)],
    "availability-zone-id": (row) => [row.zoneId],
    "create-time": (row) => [new Date(row.createdAt).toISOString()],
    encrypted: (row) => [row.encrypted],
    "fast-restored": () => [false],
    "multi-attach-enabled": (row) => [row.multiAttach],
    size: (row) => [row.size],
    "snapshot-id": (row) => [row.snapshotId],
    status: (row) => [row.state],
    "volume-id": (row) => [row.id],
    "volume-type": (row) => [row.type],
  },
};

/** The account's own key for EBS, used where encryption names none. */
export function defaultKmsKey(world: World): string {
  return `arn:aws:kms:${world.region}:${world.account}:key/${world.account.slice(0, 8)}-0000-4000-8000-${world.account}`;
}

function renderAttachment(row: VolumeRow, attachment: Attachment): VolumeAttachment {
  return {
    DeleteOnTermination: attachment.deleteOnTermination,
    VolumeId: row.id,
    InstanceId: attachment.instanceId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: new Date(attachment.attachedAt),
  };
}

function renderVolume(world: World, row: VolumeRow): Volume {
  return {
    AvailabilityZoneId: row.zoneId,
    ...(row.iops === undefined ? {} : { Iops: row.iops }),
    Tags: renderTags(row.tags),
    VolumeType: row.type as "gp3",
    MultiAttachEnabled: row.multiAttach,
    ...(row.throughput === undefined ? {} : { Throughput: row.throughput }),
    VolumeId: row.id,
    Size: row.size,
    SnapshotId: row.snapshotId ?? "",
    AvailabilityZone: nameZone(world, row.zoneId),
    State: row.state as "available",
    CreateTime: new Date(row.createdAt),
    Attachments: row.attachment === undefined ? [] : [renderAttachment(row, row.attachment)],
    Encrypted: row.encrypted,
    ...(row.kmsKeyId === undefined ? {} : { KmsKeyId: row.kmsKeyId }),
  };
}

/** A device of an instance holds one volume. */
export function attachVolume(
  world: World,
  row: VolumeRow,
  instance: InstanceRow,
  attachment: Pick<Attachment, "device" | "deleteOnTermination" | "state">,
): VolumeRow {
  return world.change(row, { state: "in-use", attachment: { ...attachment, instanceId: instance.id, attachedAt: world.now } });
}

/** Encryption as asked, as the snapshot has it, or off. A snapshot's encryption cannot be taken away. */
export function readEncryption(
  world: World,
  asked: { readonly Encrypted?: boolean | undefined; readonly KmsKeyId?: string | undefined },
  snapshot: { readonly encrypted: boolean; readonly kmsKeyId?: string } | undefined,
): { readonly encrypted: boolean; readonly kmsKeyId?: string } {
  if (asked.KmsKeyId !== undefined && asked.Encrypted !== true)
    refuse("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.");
  if (snapshot?.encrypted === true && asked.Encrypted === false)
    refuse("InvalidParameterValue", "Cannot create an unencrypted volume from an encrypted snapshot.");
  const encrypted = asked.Encrypted ?? snapshot?.encrypted ?? false;
  return encrypted ? { encrypted, kmsKeyId: asked.KmsKeyId ?? snapshot?.kmsKeyId ?? defaultKmsKey(world) } : { encrypted };
}

export const volumeOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
  CreateVolume: defineMutation<CreateVolumeRequest, Volume>(
    [
      "AvailabilityZone",
      "AvailabilityZoneId",
      "Encrypted",
      "Iops",
      "KmsKeyId",
      "Size",
      "SnapshotId",
      "VolumeType",
      "Throughput",
      "ClientToken",
      "MultiAttachEnabled",
      "TagSpecifications",
    ],
    (world, input) => {
      const token = findByToken(world, "CreateVolume", input.ClientToken, input);
      const known = token.ids?.map((id) => world.get("volume", id))[0];
      if (known !== undefined) return renderVolume(world, known);
      const zone = readZone(world, input.AvailabilityZone, input.AvailabilityZoneId);
      if (zone === undefined) refuse("MissingParameter", "The request must contain the parameter availabilityZone or availabilityZoneId");
      const snapshot = input.SnapshotId === undefined || input.SnapshotId === "" ? undefined : requireSnapshot(world, input.SnapshotId);
      if (input.Size === undefined && snapshot === undefined)
        refuse("MissingParameter", "The request must contain the parameter size/snapshotId");
      const size = input.Size ?? snapshot?.size ?? 0;
      if (snapshot !== undefined && size < snapshot.size)
        refuse(
          "InvalidParameterValue",
          `Volume of size ${size}GB is smaller than snapshot '${input.SnapshotId}', expect size >= ${snapshot.size}GB`,
        );
      const shape = readVolumeShape({ size, type: input.VolumeType ?? "gp2", iops: input.Iops, throughput: input.Throughput });
      if (input.MultiAttachEnabled === true) {
        if (!["io1", "io2"].includes(shape.type))
          refuse("InvalidParameterCombination", "Multi-attach is supported for io1 and io2 volumes only.");
        refuse("InvalidParameterValue", "Value (true) for parameter MultiAttachEnabled is not implemented by the embedded EC2");
      }
      const row = world.add("volume", {
        id: world.newId("vol"),
        ...shape,
        zoneId: zone.id,
        ...readEncryption(world, input, snapshot),
        ...(input.SnapshotId === undefined || input.SnapshotId === "" ? {} : { snapshotId: input.SnapshotId }),
        state: "creating",
        multiAttach: false,
        tags: readTagSpecifications(input.TagSpecifications, "volume").volume ?? {},
      });
      token.remember([row.id]);
      world.after("volumeCreate", "volume-available", row.id, world.failing === undefined ? {} : { failed: true });
      return renderVolume(world, row);
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html: "must be in the available state"
  DeleteVolume: defineMutation<DeleteVolumeRequest, object>(["VolumeId"], (world, input) => {
    const row = requireRow(world, "volume", input.VolumeId);
    if (row.attachment !== undefined) refuse("VolumeInUse", `Volume ${row.id} is currently attached to ${row.attachment.instanceId}`);
    if (row.state === "deleting") refuse("InvalidVolume.NotFound", `The volume '${row.id}' does not exist.`);
    if (row.state === "creating") refuse("IncorrectState", `The volume '${row.id}' is 'creating'`);
    world.change(row, { state: "deleting" });
    world.after("volumeDelete", "volume-deleted", row.id);
    return {};
  }),

  DescribeVolumes: defineQuery<DescribeVolumesRequest, DescribeVolumesResult>(
    ["VolumeIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.VolumeIds, input.Filters, input);
      return { NextToken: nextToken, Volumes: rows.map((row) => renderVolume(world, row)) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html
  AttachVolume: defineMutation<AttachVolumeRequest, VolumeAttachment>(["Device", "InstanceId", "VolumeId"], (world, input) => {
    const row = requireRow(world, "volume", input.VolumeId);
    const instance = requireRow(world, "instance", input.InstanceId);
    const device = readDevice("device", input.Device);
    if (row.attachment !== undefined) refuse("VolumeInUse", `${row.id} is already attached to an instance`);
    if (row.state !== "available") refuse("IncorrectState", `${row.id} is not 'available'.`);
    if (instance.state !== "running" && instance.state !== "stopped")
      refuse("IncorrectState", `Instance '${instance.id}' is not 'running'.`);
    if (instance.zoneId !== row.zoneId)
      refuse("InvalidVolume.ZoneMismatch", `The volume '${row.id}' is not in the same availability zone as instance '${instance.id}'`);
    if (world.by("volume", "instance", instance.id).some((other) => other.attachment?.device === device)) {
      refuse("InvalidParameterValue", `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`);
    }
    const attached = attachVolume(world, row, instance, { device, deleteOnTermination: false, state: "attaching" });
    world.after("volumeAttach", "volume-attached", row.id);
    return attached.attachment === undefined ? {} : renderAttachment(attached, attached.attachment);
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachVolume.html
  DetachVolume: defineMutation<DetachVolumeRequest, VolumeAttachment>(["VolumeId", "InstanceId", "Device", "Force"], (world, input) => {
    const row = requireRow(world, "volume", input.VolumeId);
    const { attachment } = row;
    if (attachment === undefined) refuse("IncorrectState", `Volume '${row.id}' is in the 'available' state.`);
    if (input.InstanceId !== undefined && requireRow(world, "instance", input.InstanceId).id !== attachment.instanceId) {
      refuse("InvalidAttachment.NotFound", `The volume '${row.id}' is not attached to instance '${input.InstanceId}'.`);
    }
    if (input.Device !== undefined && input.Device !== attachment.device) {
      refuse(
        "InvalidAttachment.NotFound",
        `The volume '${row.id}' is not attached to instance '${attachment.instanceId}' as device '${input.Device}'.`,
      );
    }
    const instance = world.get("instance", attachment.instanceId);
    if (instance !== undefined && attachment.device === instance.rootDevice && instance.state !== "stopped") {
      refuse("OperationNotPermitted", `Unable to detach root volume '${row.id}' from instance '${instance.id}'`);
    }
    if (attachment.state === "detaching") refuse("IncorrectState", `Volume '${row.id}' is in the 'detaching' state.`);
    const detaching = { ...attachment, state: "detaching" as const };
    world.change(row, { attachment: detaching });
    world.after("volumeDetach", "volume-detached", row.id);
    return renderAttachment(row, detaching);
  }),
};
