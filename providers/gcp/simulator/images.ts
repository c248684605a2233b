// Images: a project's own, made of a disk, a snapshot or another image; and the vendor's. https://cloud.google.com/compute/docs/reference/rest/v1/images

import { isBehind } from "../../simulation/settings.ts";
import { defineDelete, defineSetLabels } from "./collection.ts";
import { refuse, refuseAbsent, refuseInUse, refuseMissing, refuseNotReady, refuseValue } from "./errors.ts";
import { listFixed } from "./fixed-lists.ts";
import { listPublicImages } from "./image-catalog.ts";
import { placeOf, readName, readReference, writeLink } from "./links.ts";
import { defineChange, defineGet, defineList, type Method } from "./method.ts";
import { checkLabels, readNewName } from "./names.ts";
import { addRow, claimName, describeLabels, failCreation, failQuota, requireSeen, startCreation } from "./objects.ts";
import type { ImageResource, Labels } from "./resources.ts";
import type { World } from "./world.ts";

interface Body
  extends Partial<
    Pick<
      ImageResource,
      | "name"
      | "description"
      | "family"
      | "sourceSnapshot"
      | "sourceDisk"
      | "sourceImage"
      | "storageLocations"
      | "guestOsFeatures"
      | "architecture"
      | "licenses"
    >
  > {
  readonly labels?: Labels;
}

/** All images of the world's project. */
function listImages(world: World, project = world.project): readonly ImageResource[] {
  const own = project === world.project ? [...world.all("images")].map((row) => row.resource) : [];
  return [...listPublicImages(project), ...own];
}

/** What a list shows of them: its index may lag behind. */
function listSeen(world: World): readonly ImageResource[] {
  const { lag } = world.settings;
  const own = [...world.all("images")].filter((row) => !isBehind(lag, "lists", row.createdAt, world.now));
  return [
    ...listPublicImages(world.project),
    ...own.map((row) =>
      isBehind(lag, "tags", row.labelsAt ?? 0, world.now) ? { ...row.resource, labels: row.labelsBefore ?? {} } : row.resource,
    ),
  ];
}

/** "Returns the latest image that is part of an image family and is not deprecated." */
function findInFamily(images: readonly ImageResource[], family: string): ImageResource | undefined {
  return images
    .filter((image) => image.family === family && image.deprecated === undefined && image.status === "READY")
    .sort((a, b) => Date.parse(b.creationTimestamp) - Date.parse(a.creationTimestamp))[0];
}

/** The image that a field names: by path, by URL, or by its family. Throws `invalid` and `notFound`. */
export function findImage(world: World, field: string, text: string, scope: string): ImageResource {
  const path = readReference(field, text, { project: world.project, scope }, "images");
  const { project } = placeOf(path);
  const images = listImages(world, project);
  const name = readName(path);
  const found = path.includes("/images/family/") ? findInFamily(images, name) : images.find((image) => image.name === name);
  if (found === undefined) refuseMissing(path);
  if (found.status !== "READY") refuseNotReady(path);
  return found;
}

function readSource(world: World, body: Body, forced: boolean): Partial<ImageResource> {
  const given = [body.sourceSnapshot, body.sourceDisk, body.sourceImage].filter((source) => source !== undefined);
  if (given.length === 0) refuseAbsent("resource.sourceSnapshot");
  if (given.length > 1) refuseValue("resource.sourceDisk", given[0], "Exactly one source can be specified.");
  const place = { project: world.project, scope: "global" };
  if (body.sourceSnapshot !== undefined) {
    const path = readReference("resource.sourceSnapshot", body.sourceSnapshot, place, "snapshots");
    const { resource } = world.get("snapshots", path) ?? refuseMissing(path);
    if (resource.status !== "READY") refuseNotReady(path);
    return { ...carryOver(resource), sourceSnapshot: resource.selfLink, sourceSnapshotId: resource.id, diskSizeGb: resource.diskSizeGb };
  }
  if (body.sourceDisk !== undefined) {
    const path = readReference("resource.sourceDisk", body.sourceDisk, place, "disks");
    const { resource } = world.get("disks", path) ?? refuseMissing(path);
    const user = world.by("instances", "disk", path).find((one) => one.resource.status !== "TERMINATED");
    if (user !== undefined && !forced) refuseInUse("disk", path, user.id);
    return { ...carryOver(resource), sourceDisk: resource.selfLink, sourceDiskId: resource.id, diskSizeGb: resource.sizeGb };
  }
  const image = findImage(world, "resource.sourceImage", body.sourceImage ?? "", "global");
  return { ...carryOver(image), sourceImage: image.selfLink, sourceImageId: image.id, diskSizeGb: image.diskSizeGb };
}

function carryOver(from: Pick<ImageResource, "licenses" | "guestOsFeatures" | "architecture">): Partial<ImageResource> {
  const { licenses, guestOsFeatures, architecture } = from;
  return Object.fromEntries(Object.entries({ licenses, guestOsFeatures, architecture }).filter(([, value]) => value !== undefined));
}

export const imageMethods: readonly Method[] = [
  defineChange<Body>(
    "POST",
    "images.insert",
    "global/images",
    "Image",
    (world, { body, query }) => {
      claimName(world, "images", "global", body.name);
      const name = body.name ?? "";
      if (listPublicImages(world.project).some((image) => image.name === name))
        refuse(409, "alreadyExists", `The resource '${name}' already exists`);
      if (body.family !== undefined) readNewName(body.family);
      checkLabels("resource.labels", body.labels ?? {});
      const source = readSource(world, body, query.forceCreate === "true");
      const { IMAGES } = world.settings.quotas;
      if (world.count("images") >= IMAGES) return failCreation(world, "images", "global", name, failQuota("IMAGES", IMAGES, "global"));
      const { description, family, guestOsFeatures, architecture, licenses } = body;
      const given = Object.fromEntries(
        Object.entries({ description, family, guestOsFeatures, architecture, licenses }).filter(([, value]) => value !== undefined),
      );
      const row = addRow(world, "images", "image", "global", name, {
        ...source,
        ...given,
        ...describeLabels(body.labels),
        sourceType: "RAW",
        status: "PENDING",
        archiveSizeBytes: "0",
        storageLocations: body.storageLocations ?? ["eu"],
        enableConfidentialCompute: false,
      } as never);
      const size = String(Number(row.resource.diskSizeGb) * 50_000_000);
      return startCreation(world, "insert", row, { kind: "set", set: { status: "READY", archiveSizeBytes: size } });
    },
    ["forceCreate"],
  ),

  defineGet("images.get", "global/images/{image}", (world, call) => {
    const name = call.route.image ?? "";
    return listPublicImages(world.project).find((image) => image.name === name) ?? requireSeen(world, "images", call, name).resource;
  }),
  defineGet("images.getFromFamily", "global/images/family/{family}", (world, { route }) => {
    const found = findInFamily(listImages(world), route.family ?? "");
    return found ?? refuseMissing(`projects/${world.project}/global/images/family/${route.family}`);
  }),
  defineList("images.list", "global/images", (world, call) =>
    listFixed("compute#imageList", listSeen(world), call, writeLink(`projects/${world.project}/global/images`)),
  ),
  defineSetLabels("images", "global", "GlobalSetLabelsRequest"),
  defineDelete({ collection: "images", parameter: "image", place: "global" }),
];
