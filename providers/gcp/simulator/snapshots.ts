// Snapshots of disks. https://cloud.google.com/compute/docs/reference/rest/v1/snapshots

import { type CollectionFacts, defineDelete, defineReads, defineSetLabels } from "./collection.ts";
import { refuseAbsent, refuseMissing, refuseNotReady, refuseValue } from "./errors.ts";
import { readReference, writeLink, writePath } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { checkLabels } from "./names.ts";
import { addRow, claimName, describeLabels, failCreation, failQuota, requireIdle, startCreation } from "./objects.ts";
import { startOperation } from "./operations.ts";
import type { Labels, SnapshotResource } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import type { World } from "./world.ts";

interface Body extends Partial<Pick<SnapshotResource, "name" | "description" | "sourceDisk" | "storageLocations" | "snapshotType">> {
  readonly labels?: Labels;
}

const listing: Listing<ResourceRow<"snapshots">> = {
  kind: "compute#snapshotList",
  collection: "snapshots",
  render: (_world, row) => row.resource,
};

interface Plan {
  readonly name: string;
  readonly resource: Omit<SnapshotResource, "name" | "id" | "kind" | "selfLink" | "creationTimestamp">;
}

function planSnapshot(world: World, path: string, body: Body): Plan {
  claimName(world, "snapshots", "global", body.name);
  const disk = world.get("disks", path) ?? refuseMissing(path);
  if (disk.resource.status !== "READY") refuseNotReady(path);
  checkLabels("resource.labels", body.labels ?? {});
  const type = body.snapshotType ?? "STANDARD";
  if (type !== "STANDARD" && type !== "ARCHIVE") refuseValue("resource.snapshotType", type, "Must be STANDARD or ARCHIVE.");
  const { licenses, guestOsFeatures, architecture, sizeGb } = disk.resource;
  const carried = Object.fromEntries(
    Object.entries({ licenses, guestOsFeatures, architecture }).filter(([, value]) => value !== undefined),
  );
  return {
    name: body.name ?? "",
    resource: {
      ...(body.description === undefined ? {} : { description: body.description }),
      ...carried,
      ...describeLabels(body.labels),
      status: "CREATING",
      sourceDisk: disk.resource.selfLink,
      sourceDiskId: disk.resource.id,
      diskSizeGb: sizeGb,
      storageBytes: "0",
      storageBytesStatus: "UPDATING",
      creationSizeBytes: "0",
      downloadBytes: "0",
      storageLocations: body.storageLocations ?? ["eu"],
      snapshotType: type,
      autoCreated: false,
      enableConfidentialCompute: false,
    },
  };
}

function finishedFields(sizeGb: string): Readonly<Record<string, unknown>> {
  const bytes = String(Number(sizeGb) * 30_000_000);
  return { status: "READY", storageBytes: bytes, storageBytesStatus: "UP_TO_DATE", creationSizeBytes: bytes, downloadBytes: bytes };
}

const SNAPSHOTS: CollectionFacts<"snapshots"> = {
  collection: "snapshots",
  parameter: "snapshot",
  place: "global",
  listing,
};

export const snapshotMethods: readonly Method[] = [
  defineChange<Body>("POST", "snapshots.insert", "global/snapshots", "Snapshot", (world, { body, scope }) => {
    const path = readReference(
      "resource.sourceDisk",
      body.sourceDisk ?? refuseAbsent("resource.sourceDisk"),
      { project: world.project, scope },
      "disks",
    );
    const { name, resource } = planSnapshot(world, path, body);
    const most = world.settings.quotas.SNAPSHOTS;
    if (world.count("snapshots") >= most) return failCreation(world, "snapshots", "global", name, failQuota("SNAPSHOTS", most, "global"));
    const row = addRow(world, "snapshots", "snapshot", "global", name, resource);
    return startCreation(world, "insert", row, { kind: "set", set: finishedFields(resource.diskSizeGb) });
  }),

  // The same by way of the disk: its operation is in the disk's zone, and the disk is its target.
  defineChange<Body>(
    "POST",
    "disks.createSnapshot",
    "zones/{zone}/disks/{disk}/createSnapshot",
    "Snapshot",
    (world, call) => {
      const path = writePath({ project: world.project, scope: call.scope }, "disks", call.route.disk ?? "");
      if (call.body.sourceDisk !== undefined && call.body.sourceDisk !== writeLink(path))
        refuseValue("resource.sourceDisk", call.body.sourceDisk, "Must be the disk of the request.");
      const disk = requireIdle(world, "disks", call, call.route.disk);
      const { name, resource } = planSnapshot(world, path, call.body);
      const row = addRow(world, "snapshots", "snapshot", "global", name, resource);
      return startOperation(world, {
        type: "createSnapshot",
        target: disk,
        subject: row,
        effect: { kind: "set", set: finishedFields(resource.diskSizeGb) },
        undo: [{ collection: "snapshots", path: row.id }],
      });
    },
    ["guestFlush"],
  ),

  ...defineReads(SNAPSHOTS),
  defineSetLabels("snapshots", SNAPSHOTS.place, "GlobalSetLabelsRequest"),
  defineDelete(SNAPSHOTS),
];
