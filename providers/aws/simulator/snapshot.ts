// Snapshots of volumes.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html

import type {
  CreateSnapshotRequest,
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot,
} from "@aws-sdk/client-ec2";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { listPublicImages } from "./image-catalog.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { SnapshotRow, TagMap, VolumeRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

const lookup: Lookup<"snapshot"> = {
  kind: "snapshot",
  missing: (id) => refuseMissing("snapshot", id),
  idFilter: "snapshot-id",
  indexed: { "volume-id": "volume" },
  filters: {
    description: (row) => [row.description],
    encrypted: (row) => [row.encrypted],
    "owner-id": (_row, world) => [world.account],
    progress: (row) => [progressOf(row)],
    "snapshot-id": (row) => [row.id],
    "start-time": (row) => [new Date(row.createdAt).toISOString()],
    status: (row) => [row.state],
    "volume-id": (row) => [row.volumeId],
    "volume-size": (row) => [row.size],
  },
};

function progressOf(row: SnapshotRow): string {
  return row.state === "completed" ? "100%" : "0%";
}

function renderSnapshot(world: World, row: SnapshotRow): Snapshot {
  return {
    Tags: renderTags(row.tags),
    StorageTier: "standard",
    SnapshotId: row.id,
    VolumeId: row.volumeId,
    State: row.state,
    StartTime: new Date(row.createdAt),
    Progress: progressOf(row),
    OwnerId: world.account,
    Description: row.description,
    VolumeSize: row.size,
    Encrypted: row.encrypted,
    ...(row.kmsKeyId === undefined ? {} : { KmsKeyId: row.kmsKeyId }),
  };
}

export function addSnapshot(world: World, volume: VolumeRow, description: string, tags: TagMap): SnapshotRow {
  const snapshot = world.add("snapshot", {
    id: world.newId("snap"),
    volumeId: volume.id,
    size: volume.size,
    encrypted: volume.encrypted,
    ...(volume.kmsKeyId === undefined ? {} : { kmsKeyId: volume.kmsKeyId }),
    description,
    state: "pending",
    tags,
  });
  world.after("snapshot", "snapshot-completed", snapshot.id, world.failing === undefined ? {} : { failed: true });
  return snapshot;
}

/** What a volume can be made from: an own snapshot, or one behind a public image. */
export function requireSnapshot(
  world: World,
  id: string,
): { readonly size: number; readonly encrypted: boolean; readonly kmsKeyId?: string } {
  for (const image of listPublicImages(world.region).values()) {
    if (image.snapshotId === id) return { size: image.rootSize, encrypted: false };
  }
  const snapshot = requireRow(world, "snapshot", id);
  if (snapshot.state !== "completed") refuse("IncorrectState", `Snapshot is in invalid state - ${snapshot.state}`);
  return snapshot;
}

export const snapshotOperations = {
  CreateSnapshot: defineMutation<CreateSnapshotRequest, Snapshot>(["VolumeId", "Description", "TagSpecifications"], (world, input) => {
    const volume = requireRow(world, "volume", input.VolumeId);
    if (volume.state !== "available" && volume.state !== "in-use")
      refuse("IncorrectState", `The volume '${volume.id}' is in state '${volume.state}'`);
    const tags = readTagSpecifications(input.TagSpecifications, "snapshot").snapshot ?? {};
    const snapshot = addSnapshot(world, volume, input.Description ?? "", tags);
    return { ...renderSnapshot(world, snapshot), Progress: "" };
  }),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSnapshot.html
  DeleteSnapshot: defineMutation<DeleteSnapshotRequest, object>(["SnapshotId"], (world, input) => {
    const snapshot = requireRow(world, "snapshot", input.SnapshotId);
    const [image] = world.by("image", "snapshot", snapshot.id);
    // "You cannot delete a snapshot of the root device of an EBS volume used by a registered AMI."
    if (image !== undefined) refuse("InvalidSnapshot.InUse", `The snapshot ${snapshot.id} is currently in use by ${image.id}`);
    world.remove(snapshot);
    return {};
  }),

  DescribeSnapshots: defineQuery<DescribeSnapshotsRequest, DescribeSnapshotsResult>(
    ["SnapshotIds", "OwnerIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      for (const owner of input.OwnerIds ?? []) {
        if (!/^(\d{12}|self|amazon)$/.test(owner)) refuse("InvalidUserID.Malformed", `Invalid user id: "${owner}"`);
      }
      const { rows, nextToken } = selectRows(world, lookup, input.SnapshotIds, input.Filters, input);
      const own = input.OwnerIds === undefined || input.OwnerIds.includes("self") || input.OwnerIds.includes(world.account);
      return { NextToken: nextToken, Snapshots: own ? rows.map((row) => renderSnapshot(world, row)) : [] };
    },
  ),
};
