// machine on aws: an Instance, its volumes in the launch call. With an `address` the interface and its association come first, so that the first boot
// has the address. Waits for the way out of its subnet and for the rules of its firewalls, save those whose peer is not known yet.

import { type NativeMap, type NativeValue, nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { isRef, type Ref } from "../../../grammar/graph/value.ts";
import { problem, warning } from "../../lowering/problems.ts";
import { checkPrivateIp } from "../../lowering/ranges.ts";
import { asList, followRef, written } from "../../lowering/read-props.ts";
import { keysToWaitFor } from "../../lowering/waits.ts";
import { rulesOf } from "./firewall-rules.ts";
import { lowerSize } from "./instance-size.ts";
import { diskOutputs, lowerBlocks } from "./machine-disks.ts";
import { lowerImage } from "./machine-image.ts";
import { checkTags, displayName, nameAndTags } from "./names-and-tags.ts";
import { reservedAddresses } from "./ranges.ts";
import { lowerUserData } from "./user-data.ts";

/** Security groups on one interface: usual quota and the most it can be raised to. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const usualGroups = 5;
const mostGroups = 16;

export const lowerMachine: Lowering = (resource, context) => {
  const { props, refinement } = resource;
  const name = displayName(context);
  const Tags = nameAndTags(context, name);
  const subnet = followRef(props.subnet, context);
  const size = lowerSize(resource, context);
  const image = lowerImage(resource, context);
  const keys = asList(props.key).filter(isRef);
  const userData = lowerUserData(
    resource,
    keys.map((key) => context.graph.resources.get(key.address)?.props.public_key ?? ""),
    context,
  );
  const disks = lowerBlocks(resource, image, context);
  const firewalls = asList(props.firewall).filter(isRef);
  const groups = groupsOf(firewalls, subnet, context);
  const after = waitsFor(firewalls, subnet, context);
  const placed = placeInterface(resource, groups, after, Tags, context);

  const instance = context.object(
    "instance",
    "aws.ec2.Instance",
    {
      ImageId: image.id,
      InstanceType: size.name,
      ...placed.props,
      KeyName: keys[0] && nativeRef(`${keys[0].address}:key`, "KeyName"),
      UserData: userData.value,
      Disks: disks.wanted,
      MetadataOptions: { HttpTokens: "required" }, // IMDSv2 only
      IamInstanceProfile: written(refinement.iam_instance_profile, context),
      Monitoring: written(refinement.monitoring, context),
      EbsOptimized: written(refinement.ebs_optimized, context),
      Tenancy: written(refinement.tenancy, context),
      InstanceMarketOptions: props.spot === true ? { MarketType: "spot" } : undefined,
      Power: props.power === "off" ? "off" : "on",
      Tags,
    },
    { after: placed.after, from: originsOf(resource) },
  );

  const id = instance.ref("InstanceId");
  return {
    objects: [instance, ...placed.objects].map((handle) => handle.object),
    outputs: {
      id,
      name,
      private_ip: typeof props.private_ip === "string" ? props.private_ip : placed.privateIp(instance),
      ...placed.publicIp(instance),
      zone: String(subnet?.props.zone ?? "a"),
      ssh_user: image.user,
      instance_type: size.name,
      ...diskOutputs(resource, disks.devices, size, instance, context),
    },
    diagnostics: [
      ...size.diagnostics,
      ...image.diagnostics,
      ...userData.diagnostics,
      ...disks.diagnostics,
      ...checkGroups(resource, firewalls.length, context),
      ...(subnet ? checkPrivateIp(resource, subnet, reservedAddresses, context) : []),
      ...checkTags(resource, context),
    ],
  };
};

/** Which portable prop stands behind each native one: two of them depend on how the machine is written. Shared by all machines written alike. */
function originsOf({ props, refinement }: PortableResource): Readonly<Record<string, string>> {
  return (refinement.instance_type === undefined ? origins.sized : origins.typed)[props.cloud_init === undefined ? "plain" : "configured"];
}

const always = {
  ImageId: "image",
  SubnetId: "subnet",
  PrivateIpAddress: "private_ip",
  Groups: "firewall",
  AssociatePublicIpAddress: "public",
  NetworkInterfaceId: "public",
  KeyName: "key",
  Disks: "disk",
  IamInstanceProfile: "on.aws.iam_instance_profile",
  Monitoring: "on.aws.monitoring",
  EbsOptimized: "on.aws.ebs_optimized",
  Tenancy: "on.aws.tenancy",
  InstanceMarketOptions: "spot",
  Power: "power",
  Tags: "tags",
};
const sized = { ...always, InstanceType: "cpu" };
const typed = { ...always, InstanceType: "on.aws.instance_type" };
const origins = {
  sized: { plain: { ...sized, UserData: "user_data" }, configured: { ...sized, UserData: "cloud_init" } },
  typed: { plain: { ...typed, UserData: "user_data" }, configured: { ...typed, UserData: "cloud_init" } },
};

interface Placement {
  readonly props: Readonly<Record<string, NativeValue | undefined>>;
  readonly after: readonly string[];
  readonly objects: readonly NativeObjectHandle[];
  readonly privateIp: (instance: NativeObjectHandle) => NativeValue;
  readonly publicIp: (instance: NativeObjectHandle) => Readonly<Record<string, NativeValue>>;
}

/** Either the instance makes its own interface, or one is prepared that already carries the address. */
function placeInterface(
  resource: PortableResource,
  groups: readonly NativeValue[],
  after: readonly string[],
  Tags: NativeMap,
  context: LoweringContext,
): Placement {
  const { props } = resource;
  const subnetId = context.native(props.subnet ?? "");
  const privateIp = written(props.private_ip, context);
  if (!isRef(props.public)) {
    return {
      props: { SubnetId: subnetId, PrivateIpAddress: privateIp, Groups: groups, AssociatePublicIpAddress: props.public === true },
      after,
      objects: [],
      privateIp: (instance) => instance.ref("PrivateIpAddress"),
      publicIp: (instance) => (props.public === true ? { public_ip: instance.ref("PublicIpAddress") } : {}),
    };
  }
  const address = props.public.address;
  const card = context.object(
    "interface",
    "aws.ec2.NetworkInterface",
    { SubnetId: subnetId, PrivateIpAddress: privateIp, Groups: groups, Tags },
    { from: { SubnetId: "subnet", PrivateIpAddress: "private_ip", Groups: "firewall", Tags: "tags" } },
  );
  // Refused with Gateway.NotAttached before the VPC has its gateway, so it waits for the routes, as the instance does.
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
  const association = context.object(
    "association",
    "aws.ec2.EipAssociation",
    { AllocationId: nativeRef(`${address}:eip`, "AllocationId"), NetworkInterfaceId: card.ref("NetworkInterfaceId") },
    { after, from: { AllocationId: "public" } },
  );
  return {
    props: { NetworkInterfaceId: card.ref("NetworkInterfaceId") },
    after: [...after, association.key],
    objects: [card, association],
    privateIp: () => card.ref("PrivateIpAddress"),
    publicIp: () => ({ public_ip: nativeRef(`${address}:eip`, "PublicIp") }),
  };
}

function groupsOf(firewalls: readonly Ref[], subnet: PortableResource | undefined, context: LoweringContext): readonly NativeValue[] {
  if (firewalls.length > 0) return firewalls.map((firewall) => context.native(firewall));
  const network = followRef(subnet?.props.network, context);
  return network ? [nativeRef(`${network.address}:closed`, "GroupId")] : [];
}

/** What must be in place before the first boot: the subnet's routes and NAT, and the rules that can be there before the machine. */
function waitsFor(firewalls: readonly Ref[], subnet: PortableResource | undefined, context: LoweringContext): readonly string[] {
  const network = firewalls.length === 0 ? followRef(subnet?.props.network, context) : undefined;
  return [subnet, network, ...firewalls.map((firewall) => followRef(firewall, context))].flatMap((resource) =>
    resource ? waitsForOne(resource, context) : none,
  );
}

const none: readonly string[] = [];
/** The objects of a subnet, firewall or network without firewalls that its machines wait for. */
function waitsForOne(resource: PortableResource, context: LoweringContext): readonly string[] {
  return keysToWaitFor(
    resource,
    () =>
      resource.kind === "subnet"
        ? ["association", "route"]
        : resource.kind === "network"
          ? ["closed-egress"]
          : rulesOf(resource, context.graph).flatMap((rule) => (rule.peer.kind === "deferred" ? [] : [rule.role])),
    context,
  );
}

function checkGroups(resource: PortableResource, count: number, context: LoweringContext): readonly Diagnostic[] {
  if (count <= usualGroups) return [];
  const place = context.place("firewall");
  const message = `\`${resource.address}\` carries ${count} firewalls, EC2 takes`;
  const hint = "put the rules into fewer firewalls";
  if (count > mostGroups) return [problem("K3033", place, `${message} ${mostGroups} at most`, { hint })];
  return [warning("K3033", place, `${message} ${usualGroups} unless the quota was raised`, { hint })];
}
