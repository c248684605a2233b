// Images: the public catalogue, and an account's own, as one list.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html

import type {
  BlockDeviceMapping,
  CreateImageRequest,
  CreateImageResult,
  DeregisterImageRequest,
  DeregisterImageResult,
  DescribeImagesRequest,
  DescribeImagesResult,
  Image,
} from "@aws-sdk/client-ec2";
import { cutPage, isBehind, matchFilters, USUAL_PAGE } from "./describe.ts";
import { refuse } from "./errors.ts";
import { listPublicImages, type PublicImage } from "./image-catalog.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { OwnImageDisk, OwnImageRow } from "./rows.ts";
import { addSnapshot } from "./snapshot.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";

/** What a launch needs to know of an image, public or own. */
export interface LaunchImage {
  readonly id: string;
  readonly architecture: string;
  readonly rootDevice: string;
  readonly disks: readonly OwnImageDisk[];
  readonly ephemeral: readonly string[];
  readonly bootMode?: string;
  readonly imdsV2: boolean;
  readonly virtualization: string;
  readonly ena: boolean;
}

/** The image that a launch names; InvalidAMIID.NotFound, or .Unavailable while it is made. */
export function requireImage(world: World, id: string): LaunchImage {
  const image = listPublicImages(world.region).get(id);
  if (image !== undefined) return { ...image, disks: [publicDisk(image)], virtualization: "hvm", ena: true };
  const own = requireRow(world, "image", id);
  if (own.state !== "available") refuse("InvalidAMIID.Unavailable", `The image ID '${id}' is not available`);
  return { ...own, ephemeral: [], imdsV2: false };
}

function publicDisk(image: PublicImage): OwnImageDisk {
  return {
    device: image.rootDevice,
    snapshotId: image.snapshotId,
    size: image.rootSize,
    type: image.rootType,
    encrypted: false,
    deleteOnTermination: true,
  };
}

function renderDisk(disk: OwnImageDisk): BlockDeviceMapping {
  return {
    DeviceName: disk.device,
    Ebs: {
      DeleteOnTermination: disk.deleteOnTermination,
      SnapshotId: disk.snapshotId,
      VolumeSize: disk.size,
      VolumeType: disk.type as "gp3",
      Encrypted: disk.encrypted,
    },
  };
}

const COMMON = {
  ImageType: "machine",
  PlatformDetails: "Linux/UNIX",
  UsageOperation: "RunInstances",
  EnaSupport: true,
  Hypervisor: "xen",
  RootDeviceType: "ebs",
  SriovNetSupport: "simple",
  VirtualizationType: "hvm",
} as const;

function renderPublic(image: PublicImage): Image {
  const deprecated = `${Number(image.created.slice(0, 4)) + 2}${image.created.slice(4)}`;
  return {
    ...COMMON,
    BlockDeviceMappings: [
      renderDisk(publicDisk(image)),
      ...image.ephemeral.map((device, n) => ({ DeviceName: device, VirtualName: `ephemeral${n}` })),
    ],
    Description: image.description,
    ...(image.ownerAlias === undefined ? {} : { ImageOwnerAlias: image.ownerAlias }),
    Name: image.name,
    RootDeviceName: image.rootDevice,
    Tags: [],
    ...(image.bootMode === undefined ? {} : { BootMode: image.bootMode as "uefi" }),
    DeprecationTime: deprecated,
    ...(image.imdsV2 ? { ImdsSupport: "v2.0" as const } : {}),
    ImageId: image.id,
    ImageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
    State: "available",
    OwnerId: image.ownerId,
    CreationDate: image.created,
    Public: true,
    Architecture: image.architecture,
  };
}

function renderOwn(world: World, row: OwnImageRow): Image {
  return {
    ...COMMON,
    BlockDeviceMappings: row.disks.map(renderDisk),
    Description: row.description ?? "",
    Name: row.name,
    RootDeviceName: row.rootDevice,
    Tags: renderTags(row.tags),
    ...(row.bootMode === undefined ? {} : { BootMode: row.bootMode as "uefi" }),
    ...(row.sourceInstanceId === undefined ? {} : { SourceInstanceId: row.sourceInstanceId }),
    EnaSupport: row.ena,
    VirtualizationType: row.virtualization as "hvm",
    ImageId: row.id,
    ImageLocation: `${world.account}/${row.name}`,
    State: row.state,
    OwnerId: world.account,
    CreationDate: new Date(row.createdAt).toISOString(),
    Public: false,
    Architecture: row.architecture as "x86_64",
  };
}

const filters: Readonly<Record<string, (image: Image) => readonly (string | number | boolean | undefined)[]>> = {
  architecture: (image) => [image.Architecture],
  "block-device-mapping.delete-on-termination": (image) => (image.BlockDeviceMappings ?? []).map((disk) => disk.Ebs?.DeleteOnTermination),
  "block-device-mapping.device-name": (image) => (image.BlockDeviceMappings ?? []).map((disk) => disk.DeviceName),
  "block-device-mapping.snapshot-id": (image) => (image.BlockDeviceMappings ?? []).map((disk) => disk.Ebs?.SnapshotId),
  "block-device-mapping.volume-size": (image) => (image.BlockDeviceMappings ?? []).map((disk) => disk.Ebs?.VolumeSize),
  "block-device-mapping.volume-type": (image) => (image.BlockDeviceMappings ?? []).map((disk) => disk.Ebs?.VolumeType),
  "block-device-mapping.encrypted": (image) => (image.BlockDeviceMappings ?? []).map((disk) => disk.Ebs?.Encrypted),
  "boot-mode": (image) => [image.BootMode],
  "creation-date": (image) => [image.CreationDate],
  description: (image) => [image.Description],
  "ena-support": (image) => [image.EnaSupport],
  hypervisor: (image) => [image.Hypervisor],
  "image-id": (image) => [image.ImageId],
  "image-type": (image) => [image.ImageType],
  "is-public": (image) => [image.Public],
  name: (image) => [image.Name],
  "owner-alias": (image) => [image.ImageOwnerAlias],
  "owner-id": (image) => [image.OwnerId],
  platform: () => [],
  "root-device-name": (image) => [image.RootDeviceName],
  "root-device-type": (image) => [image.RootDeviceType],
  "source-instance-id": (image) => [image.SourceInstanceId],
  state: (image) => [image.State],
  "tag-key": (image) => (image.Tags ?? []).map((tag) => tag.Key),
  "virtualization-type": (image) => [image.VirtualizationType],
};

/** `tag:KEY` filters are named by the caller; the others are known. */
function withTagFilters(asked: DescribeImagesRequest["Filters"]): typeof filters {
  const tags = (asked ?? []).map((filter) => filter.Name ?? "").filter((name) => name.startsWith("tag:"));
  return {
    ...filters,
    ...Object.fromEntries(
      tags.map((name) => [name, (image: Image) => (image.Tags ?? []).filter((tag) => `tag:${tag.Key}` === name).map((tag) => tag.Value)]),
    ),
  };
}

/** Owners: account ids, `self`, `amazon`, `aws-marketplace`. */
function isOwnedBy(world: World, image: Image, owners: readonly string[] | undefined): boolean {
  if (owners === undefined || owners.length === 0) return true;
  return owners.some((owner) =>
    owner === "self" ? image.OwnerId === world.account : owner === image.OwnerId || owner === image.ImageOwnerAlias,
  );
}

/** A name that no image of the account has yet. Throws InvalidAMIName.Malformed or .Duplicate. */
export function readImageName(world: World, name = ""): string {
  if (!/^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/.test(name))
    refuse(
      "InvalidAMIName.Malformed",
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  const [twin] = world.by("image", "name", name);
  if (twin !== undefined) refuse("InvalidAMIName.Duplicate", `AMI name ${name} is already in use by AMI ${twin.id}`);
  return name;
}

export const imageOperations = {
  DescribeImages: defineQuery<DescribeImagesRequest, DescribeImagesResult>(
    ["ImageIds", "Owners", "ExecutableUsers", "IncludeDeprecated", "IncludeDisabled", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      for (const owner of input.Owners ?? []) {
        if (!/^(\d{12}|self|amazon|aws-marketplace|aws-backup-vault)$/.test(owner))
          refuse("InvalidUserID.Malformed", `Invalid user id: "${owner}"`);
      }
      const publicImages = [...listPublicImages(world.region).values()].map(renderPublic);
      const own = [...world.all("image")]
        .filter((row) => input.ImageIds !== undefined || !isBehind(world, row, "lists"))
        .map((row) => renderOwn(world, row));
      const images = [...publicImages, ...own];
      const ids = input.ImageIds === undefined ? undefined : new Set(input.ImageIds);
      for (const id of ids ?? []) if (!images.some((image) => image.ImageId === id)) refuseMissing("image", id);
      const matches = matchFilters(withTagFilters(input.Filters), input.Filters);
      const executable = (image: Image): boolean =>
        input.ExecutableUsers === undefined ||
        input.ExecutableUsers.some((user) => (user === "all" ? image.Public === true : user === "self" && image.Public !== true));
      const found = images.filter(
        (image) => ids?.has(image.ImageId ?? "") !== false && isOwnedBy(world, image, input.Owners) && executable(image) && matches(image),
      );
      const order = (image: Image): string => image.ImageId ?? "";
      const { rows, nextToken } = cutPage(
        found.sort((a, b) => (order(a) < order(b) ? -1 : 1)),
        order,
        input,
        USUAL_PAGE,
      );
      return { NextToken: nextToken, Images: [...rows] };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html
  CreateImage: defineMutation<CreateImageRequest, CreateImageResult>(
    ["InstanceId", "Name", "Description", "NoReboot", "TagSpecifications"],
    (world, input) => {
      const instance = requireRow(world, "instance", input.InstanceId);
      if (instance.state !== "running" && instance.state !== "stopped")
        refuse("IncorrectInstanceState", `Instance '${instance.id}' is not in a state to be imaged: ${instance.state}`);
      const name = readImageName(world, input.Name);
      const tags = readTagSpecifications(input.TagSpecifications, "image", "snapshot");
      const disks = world
        .by("volume", "instance", instance.id)
        .filter((volume) => volume.attachment !== undefined)
        .map((volume) => ({
          device: volume.attachment?.device ?? "",
          snapshotId: addSnapshot(world, volume, `Created by CreateImage(${instance.id})`, tags.snapshot ?? {}).id,
          size: volume.size,
          type: volume.type,
          encrypted: volume.encrypted,
          deleteOnTermination: volume.attachment?.deleteOnTermination ?? false,
        }));
      const image = world.add("image", {
        id: world.newId("ami"),
        name,
        ...(input.Description === undefined ? {} : { description: input.Description }),
        architecture: instance.architecture,
        state: "pending",
        rootDevice: instance.rootDevice,
        disks,
        ...(instance.bootMode === undefined ? {} : { bootMode: instance.bootMode }),
        sourceInstanceId: instance.id,
        virtualization: "hvm",
        ena: true,
        tags: tags.image ?? {},
      });
      world.after("image", "image-available", image.id);
      return { ImageId: image.id };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeregisterImage.html
  DeregisterImage: defineMutation<DeregisterImageRequest, DeregisterImageResult>(["ImageId"], (world, input) => {
    if (listPublicImages(world.region).has(input.ImageId ?? ""))
      refuse("AuthFailure", `Not authorized for images: [${input.ImageId}]`, 403);
    world.remove(requireRow(world, "image", input.ImageId));
    return { Return: true };
  }),
};
