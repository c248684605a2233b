// RunInstances: all that can be refused is refused before anything is made.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html

import type { Reservation, RunInstancesRequest } from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import { findByToken } from "./idempotency.ts";
import { type LaunchImage, requireImage } from "./image.ts";
import { renderReservation } from "./instance.ts";
import { readProfile } from "./instance-profile.ts";
import { isOffered, readType, type TypeFacts } from "./instance-types.ts";
import { addLaunchInterfaces, readLaunchInterfaces } from "./launch-interfaces.ts";
import { addLaunchVolumes, readLaunchVolumes } from "./launch-volumes.ts";
import { readMetadataOptions } from "./metadata-options.ts";
import { namePrivately } from "./network-interface.ts";
import { defineMutation } from "./operation.ts";
import { listZones } from "./regions.ts";
import type { InstanceRow } from "./rows.ts";
import { readTagSpecifications } from "./tags.ts";
import type { World } from "./world.ts";
import { nameZone, readZone } from "./zones.ts";

/** "User data is limited to 16 KB, in raw form, before it is base64-encoded." */
export const MOST_USER_DATA = 16_384;

const ACCEPTS = [
  "ImageId",
  "InstanceType",
  "MinCount",
  "MaxCount",
  "KeyName",
  "SecurityGroupIds",
  "SubnetId",
  "PrivateIpAddress",
  "UserData",
  "IamInstanceProfile",
  "ClientToken",
  "NetworkInterfaces.DeviceIndex",
  "NetworkInterfaces.NetworkInterfaceId",
  "NetworkInterfaces.SubnetId",
  "NetworkInterfaces.PrivateIpAddress",
  "NetworkInterfaces.Groups",
  "NetworkInterfaces.Description",
  "NetworkInterfaces.DeleteOnTermination",
  "NetworkInterfaces.AssociatePublicIpAddress",
  "BlockDeviceMappings.DeviceName",
  "BlockDeviceMappings.NoDevice",
  "BlockDeviceMappings.VirtualName",
  "BlockDeviceMappings.Ebs.DeleteOnTermination",
  "BlockDeviceMappings.Ebs.Encrypted",
  "BlockDeviceMappings.Ebs.KmsKeyId",
  "BlockDeviceMappings.Ebs.Iops",
  "BlockDeviceMappings.Ebs.SnapshotId",
  "BlockDeviceMappings.Ebs.Throughput",
  "BlockDeviceMappings.Ebs.VolumeSize",
  "BlockDeviceMappings.Ebs.VolumeType",
  "MetadataOptions",
  "InstanceMarketOptions.MarketType",
  "InstanceMarketOptions.SpotOptions.SpotInstanceType",
  "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior",
  "InstanceMarketOptions.SpotOptions.MaxPrice",
  "CreditSpecification",
  "TagSpecifications",
  "DisableApiTermination",
  "DisableApiStop",
  "InstanceInitiatedShutdownBehavior",
  "EbsOptimized",
  "Monitoring",
  "Placement.AvailabilityZone",
  "Placement.AvailabilityZoneId",
  "Placement.Tenancy",
  "PrivateDnsNameOptions.HostnameType",
  "PrivateDnsNameOptions.EnableResourceNameDnsARecord",
] as const;

/** Base64 as sent; the limit counts what it stands for. */
export function readUserData(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) refuse("InvalidParameterValue", "Invalid BASE64 encoding of user data");
  if (Buffer.from(text, "base64").length > MOST_USER_DATA)
    refuse("InvalidParameterValue", `User data is limited to ${MOST_USER_DATA} bytes`);
  return text;
}

/** The type runs in the zone, or `Unsupported` with the zones where it would. */
export function checkOffered(world: World, type: TypeFacts, zoneId: string): void {
  if (isOffered(type, zoneId)) return;
  const others = listZones(world.seed, world.account, world.region).filter((zone) => isOffered(type, zone.id));
  refuse(
    "Unsupported",
    `Your requested instance type (${type.name}) is not supported in your requested Availability Zone (${nameZone(world, zoneId)}). ` +
      `Please retry your request by not specifying an Availability Zone or choosing ${others.map((zone) => zone.name).join(", ")}.`,
  );
}

function checkArchitecture(type: TypeFacts, architecture: string): void {
  if (type.arch === architecture) return;
  refuse(
    "InvalidParameterValue",
    `The architecture '${type.arch}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI. ` +
      `Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
  );
}

/**
 * Current types run hardware-virtualised images that speak ENA, and no others.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/enhanced-networking-ena.html, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html
 */
function checkDrivers(type: TypeFacts, image: LaunchImage): void {
  if (image.virtualization !== "hvm")
    refuse(
      "InvalidParameterCombination",
      `The instance type '${type.name}' does not support the virtualization type '${image.virtualization}'`,
    );
  if (type.nitro && !image.ena) {
    refuse(
      "InvalidParameterCombination",
      `Enhanced networking with the Elastic Network Adapter (ENA) is required for the '${type.name}' instance type. ` +
        "Ensure that you are using an AMI that is enabled for ENA.",
    );
  }
}

/** Living instances only count. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits */
function checkQuotas(world: World, type: TypeFacts, count: number): void {
  const { instances, vcpus } = world.settings.quotas;
  let [living, used] = [0, 0];
  for (const instance of world.all("instance")) {
    if (instance.state === "terminated" || instance.state === "shutting-down") continue;
    living += 1;
    if (instance.state !== "stopped") used += readType(instance.instanceType).vcpus;
  }
  if (living + count > instances) {
    refuse(
      "InstanceLimitExceeded",
      `You have requested more instances (${living + count}) than your current instance limit of ${instances} allows for the specified instance type.`,
    );
  }
  if (used + type.vcpus * count > vcpus) {
    refuse(
      "VcpuLimitExceeded",
      `You have requested more vCPU capacity than your current vCPU limit of ${vcpus} allows for the instance bucket that the specified instance type belongs to.`,
    );
  }
}

/** T2 starts out standard, the later ones unlimited. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html */
function readCredits(type: TypeFacts, asked: string | undefined): string | undefined {
  if (!type.burstable) {
    if (asked !== undefined)
      refuse("InvalidParameterCombination", `The instance type ${type.name} does not support the credit specification`);
    return undefined;
  }
  if (asked !== undefined && asked !== "standard" && asked !== "unlimited")
    refuse("InvalidParameterValue", `Value (${asked}) for parameter CpuCredits is invalid. Valid values: standard, unlimited`);
  return asked ?? (type.name.startsWith("t2.") ? "standard" : "unlimited");
}

function readSpot(world: World, input: RunInstancesRequest): InstanceRow["spot"] {
  const market = input.InstanceMarketOptions;
  if (market === undefined) return undefined;
  if (market.MarketType !== "spot")
    refuse("InvalidParameterValue", `Value (${market.MarketType}) for parameter MarketType is not implemented by the embedded EC2`);
  const type = market.SpotOptions?.SpotInstanceType ?? "one-time";
  const interruption = market.SpotOptions?.InstanceInterruptionBehavior ?? "terminate";
  // "hibernate" and "stop" need a persistent request.
  if (type === "one-time" && interruption !== "terminate") {
    refuse(
      "InvalidParameterCombination",
      `The instance interruption behavior '${interruption}' is not supported for one-time Spot requests`,
    );
  }
  return { requestId: world.newId("sir").replace("sir-0", "sir-").slice(0, 12), type, interruption };
}

function findLaunched(world: World, ids: readonly string[]): Reservation {
  const instances = ids.map((id) => world.get("instance", id));
  const living = instances.filter((row) => row !== undefined && row.state !== "terminated" && row.state !== "shutting-down");
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: "The request token has been used for an instance that was terminated"
  if (living.length === 0)
    refuse("IdempotentInstanceTerminated", "The client token you have provided is associated with an instance that has been terminated.");
  return renderReservation(
    world,
    instances.filter((row) => row !== undefined),
  );
}

/** In a VPC of dedicated tenancy every instance is. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-instance.html */
function readTenancy(world: World, asked: string | undefined, vpcId: string): "default" | "dedicated" {
  if (asked !== undefined && asked !== "default" && asked !== "dedicated")
    refuse("InvalidParameterValue", `Value (${asked}) for parameter Placement.Tenancy is not implemented by the embedded EC2`);
  return asked === "dedicated" || world.get("vpc", vpcId)?.tenancy === "dedicated" ? "dedicated" : "default";
}

export const runInstancesOperations = {
  RunInstances: defineMutation<RunInstancesRequest, Reservation>([...ACCEPTS], (world, input) => {
    const token = findByToken(world, "RunInstances", input.ClientToken, input);
    if (token.ids !== undefined) return findLaunched(world, token.ids);
    const [least, most] = [input.MinCount ?? 0, input.MaxCount ?? 0];
    if (least < 1 || most < least)
      refuse("InvalidParameterValue", `Invalid value '${most}' for maxCount. It must be at least minCount, and minCount at least 1.`);
    if (input.ImageId === undefined) refuse("MissingParameter", "The request must contain the parameter ImageId");
    const image = requireImage(world, input.ImageId);
    const type = readType(input.InstanceType ?? "m1.small");
    checkArchitecture(type, image.architecture);
    checkDrivers(type, image);
    if (input.KeyName !== undefined && world.countBy("key-pair", "name", input.KeyName) === 0) {
      refuse("InvalidKeyPair.NotFound", `The key pair '${input.KeyName}' does not exist`);
    }
    const interfaces = readLaunchInterfaces(world, input, type);
    const [primary] = interfaces;
    if (primary === undefined) throw new Error("a launch has an interface");
    const zone = readZone(world, input.Placement?.AvailabilityZone, input.Placement?.AvailabilityZoneId);
    if (zone !== undefined && zone.id !== primary.subnet.zoneId)
      refuse("InvalidParameterValue", `The availability zone '${zone.name}' is not that of the subnet '${primary.subnet.id}'`);
    const tenancy = readTenancy(world, input.Placement?.Tenancy, primary.subnet.vpcId);
    checkOffered(world, type, primary.subnet.zoneId);
    if (most > 1 && interfaces.some((one) => one.privateIp !== undefined || one.existing !== undefined)) {
      refuse("InvalidParameterCombination", "A private address or an existing network interface cannot be given to more than one instance");
    }
    const volumes = readLaunchVolumes(world, image, input.BlockDeviceMappings);
    const tags = readTagSpecifications(input.TagSpecifications, "instance", "volume", "network-interface", "spot-instances-request");
    const userData = readUserData(input.UserData);
    const metadata = readMetadataOptions(image, input.MetadataOptions);
    const credits = readCredits(type, input.CreditSpecification?.CpuCredits);
    const profile = input.IamInstanceProfile === undefined ? undefined : readProfile(world, input.IamInstanceProfile);
    const spot = readSpot(world, input);
    const shutdown = input.InstanceInitiatedShutdownBehavior ?? "stop";
    if (!["stop", "terminate"].includes(shutdown))
      refuse("InvalidParameterValue", `Value (${shutdown}) for parameter instanceInitiatedShutdownBehavior is invalid.`);
    checkQuotas(world, type, most);

    const reservationId = world.newId("r");
    const launched = Array.from({ length: most }, (_, launchIndex) => {
      const id = world.newId("i");
      const [first] = addLaunchInterfaces(world, { id }, interfaces, tags["network-interface"] ?? {});
      if (first === undefined) throw new Error("a launch has an interface");
      const hostnameType = input.PrivateDnsNameOptions?.HostnameType ?? primary.subnet.hostnameType;
      const instance = world.add("instance", {
        id,
        reservationId,
        launchIndex,
        imageId: image.id,
        instanceType: type.name,
        architecture: image.architecture,
        ...(input.KeyName === undefined ? {} : { keyName: input.KeyName }),
        launchedAt: world.now,
        state: "pending",
        transitionReason: "",
        zoneId: primary.subnet.zoneId,
        subnetId: primary.subnet.id,
        vpcId: primary.subnet.vpcId,
        groups: first.groups,
        rootDevice: image.rootDevice,
        ...(tenancy === "dedicated" ? { tenancy } : {}),
        ...(userData === undefined ? {} : { userData }),
        disableApiTermination: input.DisableApiTermination ?? false,
        disableApiStop: input.DisableApiStop ?? false,
        shutdownBehavior: shutdown,
        ebsOptimized: input.EbsOptimized ?? false,
        sourceDestCheck: true,
        monitoring: input.Monitoring?.Enabled ?? false,
        metadata,
        ...(spot === undefined ? {} : { spot }),
        ...(profile === undefined
          ? {}
          : { profile: { id: world.newId("iip-assoc"), arn: profile, state: "associated" as const, at: world.now } }),
        ...(credits === undefined ? {} : { cpuCredits: credits }),
        ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
        privateDnsName: namePrivately(world, first.privateIp),
        hostnameType,
        resourceNameDnsA: input.PrivateDnsNameOptions?.EnableResourceNameDnsARecord ?? primary.subnet.resourceNameDnsA,
        ...(image.bootMode === undefined ? {} : { bootMode: image.bootMode }),
        platformDetails: "Linux/UNIX",
        usageOperation: "RunInstances",
        tags: tags.instance ?? {},
      });
      addLaunchVolumes(world, instance, volumes, tags.volume ?? {});
      world.after("instanceStart", "instance-running", id, world.failing === undefined ? {} : { failed: world.failing.reason });
      return instance;
    });
    token.remember(launched.map((instance) => instance.id));
    return renderReservation(world, launched);
  }),
};
