// The launch request of an instance: one instance, with its disks, its interface, its tags and those of its children, in one call.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html

import type {
  BlockDeviceMapping,
  InstanceMetadataOptionsRequest,
  InstanceNetworkInterfaceSpecification,
  RunInstancesCommandInput,
  TagSpecification,
} from "@aws-sdk/client-ec2";
import type { NativeMap } from "../../../engine/lower/native-value.ts";
import { flag, map, maps, needText, present, text, texts, whole } from "../../handlers/body.ts";
import { tokenOf } from "../../handlers/request.ts";
import { specifyChildTags, specifyTags } from "../marks.ts";
import type { Ec2Call } from "../operations.ts";
import { normaliseDisk } from "./instance-disks.ts";
import { metadataDefaults, nameOfProfile } from "./instance-schema.ts";

/** Writes the whole request. Equal bodies, marks and tokens give equal bytes, which is what the token protects. */
export function launchInput(call: Ec2Call, body: NativeMap): RunInstancesCommandInput {
  const profile = text(body, "IamInstanceProfile");
  const tenancy = text(body, "Tenancy");
  const spot = text(map(body, "InstanceMarketOptions"), "MarketType") === "spot";
  const disks = maps(body, "Disks");
  const userData = text(body, "UserData");
  return {
    MinCount: 1,
    MaxCount: 1,
    ClientToken: tokenOf(call),
    ImageId: needText(body, "ImageId"),
    InstanceType: needText(body, "InstanceType") as "t3.micro",
    NetworkInterfaces: [networkInterface(body)],
    MetadataOptions: metadataOptions(map(body, "MetadataOptions")),
    TagSpecifications: tagSpecifications(call, body, spot),
    ...(disks.length === 0 ? {} : { BlockDeviceMappings: disks.map(blockDevice) }),
    ...(profile === undefined ? {} : { IamInstanceProfile: { Name: String(nameOfProfile(profile)) } }),
    ...(flag(body, "Monitoring") === true ? { Monitoring: { Enabled: true } } : {}),
    ...(tenancy === undefined || tenancy === "default" ? {} : { Placement: { Tenancy: tenancy as "dedicated" } }),
    ...(spot ? { InstanceMarketOptions: { MarketType: "spot" as const, SpotOptions: { SpotInstanceType: "one-time" as const } } } : {}),
    ...(userData === undefined ? {} : { UserData: Buffer.from(userData, "utf8").toString("base64") }),
    ...present({ KeyName: text(body, "KeyName"), EbsOptimized: flag(body, "EbsOptimized") }),
  };
}

/** Subnet, groups and addresses go with the interface: EC2 refuses them beside `NetworkInterfaces`. */
function networkInterface(body: NativeMap): InstanceNetworkInterfaceSpecification {
  const prepared = text(body, "NetworkInterfaceId");
  if (prepared !== undefined) return { DeviceIndex: 0, NetworkInterfaceId: prepared };
  const groups = texts(body, "Groups");
  return {
    DeviceIndex: 0,
    DeleteOnTermination: true,
    ...(groups.length === 0 ? {} : { Groups: groups }),
    ...present({
      SubnetId: text(body, "SubnetId"),
      PrivateIpAddress: text(body, "PrivateIpAddress"),
      AssociatePublicIpAddress: flag(body, "AssociatePublicIpAddress"),
    }),
  };
}

function blockDevice(written: NativeMap): BlockDeviceMapping {
  const disk = normaliseDisk(written);
  return {
    DeviceName: needText(disk, "DeviceName"),
    Ebs: {
      VolumeType: needText(disk, "VolumeType") as "gp3",
      ...present({
        VolumeSize: whole(disk, "VolumeSize"),
        Iops: whole(disk, "Iops"),
        Throughput: whole(disk, "Throughput"),
        Encrypted: flag(disk, "Encrypted"),
        DeleteOnTermination: flag(disk, "DeleteOnTermination"),
      }),
    },
  };
}

export function metadataOptions(written: NativeMap): InstanceMetadataOptionsRequest {
  const options = { ...metadataDefaults, ...written };
  return {
    HttpEndpoint: needText(options, "HttpEndpoint") as "enabled",
    HttpTokens: needText(options, "HttpTokens") as "required",
    HttpPutResponseHopLimit: whole(options, "HttpPutResponseHopLimit") ?? metadataDefaults.HttpPutResponseHopLimit,
    InstanceMetadataTags: needText(options, "InstanceMetadataTags") as "disabled",
  };
}

/** Volumes and the interface are children: they say whose, and are never taken for objects of their own. */
function tagSpecifications(call: Ec2Call, body: NativeMap, spot: boolean): TagSpecification[] {
  const tags = map(body, "Tags");
  return [
    ...specifyTags("instance", call.marks, tags),
    ...specifyChildTags("volume", call.marks, tags),
    ...(text(body, "NetworkInterfaceId") === undefined ? specifyChildTags("network-interface", call.marks, tags) : []),
    ...(spot ? specifyChildTags("spot-instances-request", call.marks, tags) : []),
  ];
}
