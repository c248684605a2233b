// Zonal disks. https://cloud.google.com/compute/docs/reference/rest/v1/disks

import { type CollectionFacts, defineDelete, defineReads, defineSetLabels } from "./collection.ts";
import { DISK_TYPES, type DiskTypeFacts } from "./disk-type-facts.ts";
import { refuseAbsent, refuseInUse, refuseMissing, refuseNotReady, refuseUnimplemented, refuseValue } from "./errors.ts";
import { findImage } from "./images.ts";
import { readName, readReference, regionOf, writeLink } from "./links.ts";
import type { Listing } from "./lists.ts";
import { defineChange, type Method } from "./method.ts";
import { checkLabels } from "./names.ts";
import { addRow, claimName, describeLabels, failCreation, failQuota, requireIdle, startCreation, startUpdate } from "./objects.ts";
import { ZONE_SCOPES } from "./regions.ts";
import type { DiskResource, Labels } from "./resources.ts";
import type { ResourceRow } from "./rows.ts";
import { exceeds } from "./usage.ts";
import type { World } from "./world.ts";

export interface DiskRequest {
  readonly description?: string | undefined;
  readonly sizeGb?: string | undefined;
  readonly type?: string | undefined;
  readonly sourceImage?: string | undefined;
  readonly sourceSnapshot?: string | undefined;
  readonly provisionedIops?: string | undefined;
  readonly provisionedThroughput?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly licenses?: readonly string[] | undefined;
  readonly guestOsFeatures?: readonly { readonly type: string }[] | undefined;
  readonly architecture?: string | undefined;
}

interface Body extends DiskRequest {
  readonly name?: string;
}

function render(world: World, row: ResourceRow<"disks">): DiskResource {
  const users = world.by("instances", "disk", row.id).map((one) => one.resource.selfLink);
  return { ...row.resource, ...(users.length === 0 ? {} : { users }) };
}

const listing: Listing<ResourceRow<"disks">> = { kind: "compute#diskList", collection: "disks", render, computed: ["users"] };

/** The type that a field names, in its zone. Throws `invalid`. */
function readDiskType(world: World, scope: string, field: string, text: string | undefined): DiskTypeFacts {
  const path = text === undefined ? "pd-standard" : readReference(field, text, { project: world.project, scope }, "diskTypes");
  if (text !== undefined && !path.includes(`/${scope}/`))
    refuseValue(field, text, `The disk type must be in the zone '${readName(scope)}'.`);
  return DISK_TYPES.get(readName(path)) ?? refuseMissing(path);
}

function checkPerformance(field: string, value: string | undefined, range: readonly [number, number] | undefined): void {
  if (value === undefined) return;
  if (range === undefined) refuseValue(field, value, "This disk type does not take it.");
  if (Number(value) < range[0] || Number(value) > range[1]) refuseValue(field, value, `Must be between ${range[0]} and ${range[1]}.`);
}

interface Source {
  readonly leastGb: number;
  readonly fields: Partial<DiskResource>;
}

function readSource(world: World, scope: string, prefix: string, request: DiskRequest): Source {
  if (request.sourceImage !== undefined && request.sourceSnapshot !== undefined)
    refuseValue(`${prefix}.sourceImage`, request.sourceImage, "At most one source can be specified.");
  if (request.sourceImage !== undefined) {
    const image = findImage(world, `${prefix}.sourceImage`, request.sourceImage, scope);
    const { licenses, guestOsFeatures, architecture } = image;
    const fields = { sourceImage: image.selfLink, sourceImageId: image.id };
    return { leastGb: Number(image.diskSizeGb), fields: { ...fields, ...dropUndefined({ licenses, guestOsFeatures, architecture }) } };
  }
  if (request.sourceSnapshot !== undefined) {
    const path = readReference(`${prefix}.sourceSnapshot`, request.sourceSnapshot, { project: world.project, scope }, "snapshots");
    const snapshot = world.get("snapshots", path) ?? refuseMissing(path);
    if (snapshot.resource.status !== "READY") refuseNotReady(path);
    const { licenses, guestOsFeatures, architecture } = snapshot.resource;
    const fields = { sourceSnapshot: snapshot.resource.selfLink, sourceSnapshotId: snapshot.resource.id };
    return {
      leastGb: Number(snapshot.resource.diskSizeGb),
      fields: { ...fields, ...dropUndefined({ licenses, guestOsFeatures, architecture }) },
    };
  }
  return { leastGb: 0, fields: {} };
}

function dropUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Checks a request for a disk and makes its resource, still in creation. `prefix` is where the fields stand. */
export function planDisk(
  world: World,
  scope: string,
  prefix: string,
  request: DiskRequest,
): Omit<DiskResource, "name" | "id" | "kind" | "selfLink" | "creationTimestamp"> {
  const type = readDiskType(world, scope, `${prefix}.type`, request.type);
  const source = readSource(world, scope, prefix, request);
  const sizeGb = request.sizeGb === undefined ? source.leastGb || type.defaultGb : Number(request.sizeGb);
  if (sizeGb < source.leastGb)
    refuseValue(
      `${prefix}.sizeGb`,
      sizeGb,
      `Requested disk size cannot be smaller than the ${request.sourceImage === undefined ? "snapshot" : "image"} size (${source.leastGb} GB)`,
    );
  const least = source.leastGb > 0 ? Math.min(type.leastGb, source.leastGb) : type.leastGb;
  if (sizeGb < least || sizeGb > type.mostGb)
    refuseValue(
      `${prefix}.sizeGb`,
      sizeGb,
      `Disk size: '${sizeGb} GB' is outside the valid range of ${type.leastGb} GB to ${type.mostGb} GB for ${type.name}.`,
    );
  checkPerformance(`${prefix}.provisionedIops`, request.provisionedIops, type.iops);
  checkPerformance(`${prefix}.provisionedThroughput`, request.provisionedThroughput, type.throughput);
  checkLabels(`${prefix}.labels`, request.labels ?? {});
  const { description, licenses, guestOsFeatures, architecture } = request;
  const resource = {
    ...(description === undefined ? {} : { description }),
    ...describeLabels(request.labels),
    ...source.fields,
    ...dropUndefined({ licenses, guestOsFeatures, architecture }),
    zone: writeLink(`projects/${world.project}/${scope}`),
    sizeGb: String(sizeGb),
    type: writeLink(`projects/${world.project}/${scope}/diskTypes/${type.name}`),
    status: "CREATING",
    physicalBlockSizeBytes: "4096",
    enableConfidentialCompute: false,
    ...performanceOf(type, request, sizeGb),
  };
  return resource as Omit<DiskResource, "name" | "id" | "kind" | "selfLink" | "creationTimestamp">;
}

/** "Default" columns of https://cloud.google.com/compute/docs/disks/hyperdisks and …/extreme-persistent-disk. */
function performanceOf(type: DiskTypeFacts, request: DiskRequest, sizeGb: number): Partial<DiskResource> {
  const iops = request.provisionedIops ?? (type.iops === undefined ? undefined : String(defaultIops(type, sizeGb)));
  const throughput = request.provisionedThroughput ?? (type.throughput === undefined ? undefined : String(defaultThroughput(type, sizeGb)));
  return dropUndefined({ provisionedIops: iops, provisionedThroughput: throughput }) as Partial<DiskResource>;
}

function defaultIops(type: DiskTypeFacts, sizeGb: number): number {
  if (type.name === "hyperdisk-balanced") return Math.min(3000 + 6 * sizeGb, type.iops?.[1] ?? 0);
  if (type.name === "hyperdisk-extreme") return Math.min(100 * sizeGb, type.iops?.[1] ?? 0);
  return 100_000;
}

function defaultThroughput(type: DiskTypeFacts, sizeGb: number): number {
  if (type.name === "hyperdisk-balanced") return Math.min(140 + Math.floor((6 * sizeGb) / 4), type.throughput?.[1] ?? 0);
  return Math.min(Math.floor((90 * sizeGb) / 1024), type.throughput?.[1] ?? 0);
}

/** The error that one disk more would end in, if any. */
export function overDiskQuota(world: World, scope: string, sizeGb: number): ReturnType<typeof failQuota> | undefined {
  const limit = exceeds(world, "DISKS_TOTAL_GB", regionOf(scope), sizeGb);
  return limit === undefined ? undefined : failQuota("DISKS_TOTAL_GB", limit, regionOf(scope));
}

function resize(world: World, row: ResourceRow<"disks">, text: string | undefined): object {
  const size = Number(text ?? refuseAbsent("sizeGb"));
  const current = Number(row.resource.sizeGb);
  if (size <= current) refuseValue("sizeGb", size, `New disk size '${size}' must be larger than existing size '${current}'.`);
  const most = DISK_TYPES.get(readName(row.resource.type))?.mostGb ?? 0;
  if (size > most) refuseValue("sizeGb", size, `Disk size is outside the valid range (at most ${most} GB).`);
  return startUpdate(world, "compute.disks.resize", row, { sizeGb: String(size) });
}

const UPDATED = ["provisionedIops", "provisionedThroughput", "sizeGb"] as const;

const DISKS: CollectionFacts<"disks"> = {
  collection: "disks",
  parameter: "disk",
  place: "zones/{zone}",
  listing,
  scopes: ZONE_SCOPES,
};

export const diskMethods: readonly Method[] = [
  defineChange<Body>(
    "POST",
    "disks.insert",
    "zones/{zone}/disks",
    "Disk",
    (world, { body, scope, query }) => {
      if (query.sourceImage !== undefined) refuseUnimplemented("The query parameter sourceImage");
      claimName(world, "disks", scope, body.name);
      const name = body.name ?? "";
      const resource = planDisk(world, scope, "resource", body);
      const over = overDiskQuota(world, scope, Number(resource.sizeGb));
      if (over !== undefined) return failCreation(world, "disks", scope, name, over);
      return startCreation(world, "insert", addRow(world, "disks", "disk", scope, name, resource), {
        kind: "set",
        set: { status: "READY" },
      });
    },
    ["sourceImage"],
  ),

  ...defineReads(DISKS),
  defineChange<{ readonly sizeGb?: string }>(
    "POST",
    "disks.resize",
    "zones/{zone}/disks/{disk}/resize",
    "DisksResizeRequest",
    (world, call) => resize(world, requireIdle(world, "disks", call, call.route.disk), call.body.sizeGb),
  ),
  defineSetLabels("disks", DISKS.place, "ZoneSetLabelsRequest"),
  // "The following fields can be updated: …": https://cloud.google.com/compute/docs/reference/rest/v1/disks/update; those of `paths` are honoured.
  defineChange<Body>(
    "PATCH",
    "disks.update",
    "zones/{zone}/disks/{disk}",
    "Disk",
    (world, call) => {
      const row = requireIdle(world, "disks", call, call.route.disk);
      const type = DISK_TYPES.get(readName(row.resource.type));
      const paths = (call.query.paths ?? call.query.updateMask ?? Object.keys(call.body).join(","))
        .split(",")
        .filter((path) => path !== "name");
      const set: Record<string, unknown> = {};
      for (const path of paths) {
        const field = UPDATED.find((one) => one === path) ?? refuseUnimplemented(`The update of '${path}'`);
        if (field === "sizeGb") return resize(world, row, call.body.sizeGb);
        checkPerformance(field, call.body[field] ?? refuseAbsent(field), field === "provisionedIops" ? type?.iops : type?.throughput);
        set[field] = call.body[field];
      }
      return startUpdate(world, "update", row, set);
    },
    ["paths", "updateMask"],
  ),

  defineDelete(DISKS, (world, row) => {
    const [user] = world.by("instances", "disk", row.id);
    if (user !== undefined) refuseInUse("disk", row.id, user.id);
  }),
];
