// What is true of an EC2 instance, as data: what it takes, what changes in place, what needs a new instance.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import { isMap } from "../../handlers/body.ts";
import { minutes } from "../../handlers/schema-parts.ts";
import { sameClass } from "../catalog/compatibility.ts";
import { keepsVolumes, needOtherDisks, normaliseDisks, sameDisks } from "./instance-disks.ts";
import { instanceTokenValid, tagsProp } from "./schema-parts.ts";

export const instanceSchema: NativeSchema = {
  type: "aws.ec2.Instance",
  version: 1,
  marks: "tags",
  props: {
    ImageId: { type: "string", required: true, immutable: true },
    InstanceType: { type: "string", required: true, replaceWhen: needOtherMachine, doc: "Changed by stop, modify, start." },
    SubnetId: { type: "string", immutable: true, whenAbsent: "keep" },
    PrivateIpAddress: { type: "string", immutable: true, whenAbsent: "keep" },
    NetworkInterfaceId: {
      type: "string",
      immutable: true,
      // It goes when nobody prepares it any more, and cannot while the instance has it.
      whenAbsent: "replace",
      doc: "A prepared primary interface, instead of the four props around it.",
    },
    Groups: { type: "set", holds: true, whenAbsent: "keep", doc: "Ids of the security groups of the primary interface." },
    AssociatePublicIpAddress: {
      type: "bool",
      default: false,
      // A list shows the address, not the wish for one: a stopped instance, or one with an Elastic IP, has to be asked.
      observed: "each",
      doc: "Whether EC2 gives it a public address for as long as it runs.",
    },
    KeyName: { type: "string", immutable: true },
    UserData: { type: "string", immutable: true, observed: "each", doc: "As text; it goes out in base64." },
    MetadataOptions: {
      type: "map",
      default: {},
      normalise: normaliseMetadataOptions,
      doc: "IMDSv2 with a hop limit of 2 unless said otherwise.",
    },
    Disks: {
      type: "set",
      identity: ["DeviceName"],
      normalise: normaliseDisks,
      same: sameDisks,
      replaceWhen: needOtherDisks,
      whenAbsent: "keep",
      doc: "Volumes that live and die with the instance, the root among them.",
    },
    RootDeviceName: { type: "string", immutable: true, whenAbsent: "keep", doc: "As the image has it; only observed." },
    Power: { type: "string", default: "on", doc: "`on` or `off`." },
    InstanceMarketOptions: { type: "map", immutable: true, doc: '`{ MarketType: "spot" }`: one-time, at the on-demand price at most.' },
    IamInstanceProfile: { type: "string", normalise: nameOfProfile, doc: "Name or ARN." },
    Monitoring: { type: "bool", default: false, doc: "Metrics every minute." },
    EbsOptimized: { type: "bool", default: false },
    Tenancy: { type: "string", default: "default", immutable: true },
    Tags: tagsProp,
  },
  attributes: {
    InstanceId: { type: "string" },
    PrivateIpAddress: { type: "string" },
    PublicIpAddress: { type: "string", changesWith: ["InstanceType", "EbsOptimized", "Power", "AssociatePublicIpAddress"] },
    AvailabilityZone: { type: "string" },
    InstanceType: { type: "string", changesWith: ["InstanceType"] },
    Disks: { type: "map", changesWith: ["Disks"], unchangedBy: keepsVolumes, doc: "Volume id by device name." },
    DetachedDisks: {
      type: "map",
      changesWith: ["Disks"],
      doc: "Volumes of its own that are not attached: what an interrupted change left.",
    },
    PrimaryNetworkInterfaceId: { type: "string" },
    IamInstanceProfileAssociationId: { type: "string", changesWith: ["IamInstanceProfile"] },
  },
  exclusive: [["SubnetId", "PrivateIpAddress"], ["NetworkInterfaceId"]],
  tokenValid: instanceTokenValid,
  // A stop waits for the guest to shut down.
  timeouts: { create: minutes(15), update: minutes(30), delete: minutes(20) },
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resize-limitations.html */
function needOtherMachine(from: NativeValue, to: NativeValue, observed: NativeMap): string | undefined {
  if (typeof from !== "string" || typeof to !== "string") return undefined;
  if (!sameClass(from, to)) return `${from} and ${to} are not of one compatibility class`;
  const market = observed.InstanceMarketOptions;
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/stop-spot-instances.html
  return isMap(market) && market.MarketType === "spot" ? "a one-time spot instance cannot be stopped" : undefined;
}

/**
 * Tokens required is Koine's default, and 2 hops let containers reach the service.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
 */
export const metadataDefaults = {
  HttpEndpoint: "enabled",
  HttpPutResponseHopLimit: 2,
  HttpTokens: "required",
  InstanceMetadataTags: "disabled",
} as const;

export function normaliseMetadataOptions(value: NativeValue): NativeValue {
  return isMap(value) ? { ...metadataDefaults, ...value } : value;
}

/** EC2 answers with the ARN; within an account the last part names it. */
export function nameOfProfile(value: NativeValue): NativeValue {
  return typeof value === "string" ? (value.split("/").at(-1) ?? value) : value;
}
