// The network interfaces of a launch: one made from the request's subnet and groups, or those that it lists.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceSpecification.html

import type { InstanceNetworkInterfaceSpecification, RunInstancesRequest } from "@aws-sdk/client-ec2";
import { refuse } from "./errors.ts";
import { countInterfaces, type TypeFacts } from "./instance-types.ts";
import { addInterface, takePublicIp } from "./network-interface.ts";
import { requireRow } from "./require.ts";
import type { InstanceRow, NetworkInterfaceRow, SubnetRow, TagMap } from "./rows.ts";
import { readGroups } from "./security-group.ts";
import type { World } from "./world.ts";

export interface LaunchInterface {
  readonly deviceIndex: number;
  readonly subnet: SubnetRow;
  readonly existing?: NetworkInterfaceRow;
  readonly privateIp?: string;
  readonly groups: readonly string[];
  readonly description: string;
  readonly deleteOnTermination: boolean;
  readonly lendsIp: boolean;
}

/** What the instance's interfaces will be, the one of device index 0 first. Throws the vendor's refusals; makes nothing. */
export function readLaunchInterfaces(world: World, input: RunInstancesRequest, type: TypeFacts): readonly LaunchInterface[] {
  const specifications = input.NetworkInterfaces;
  if (specifications === undefined || specifications.length === 0) return [readPlainInterface(world, input)];
  for (const [given, name] of [
    [input.SubnetId, "subnetId"],
    [input.SecurityGroupIds, "securityGroupIds"],
    [input.PrivateIpAddress, "privateIpAddress"],
  ] as const) {
    if (given !== undefined)
      refuse("InvalidParameterCombination", `Network interfaces and an instance-level ${name} may not be specified on the same request`);
  }
  const interfaces = specifications.map((specification) => readSpecification(world, specification, specifications.length));
  const indexes = interfaces.map((one) => one.deviceIndex);
  if (new Set(indexes).size !== indexes.length) refuse("InvalidParameterValue", "Each network interface requires a unique device index.");
  if (!indexes.includes(0)) refuse("InvalidParameterValue", "A network interface with device index 0 is required.");
  if (interfaces.length > countInterfaces(type))
    refuse("AttachmentLimitExceeded", `Interface count ${interfaces.length} exceeds the limit for ${type.name}`);
  const sorted = interfaces.sort((a, b) => a.deviceIndex - b.deviceIndex);
  if (new Set(sorted.map((one) => one.subnet.zoneId)).size > 1)
    refuse("InvalidParameterCombination", "All network interfaces must be in the same availability zone");
  return sorted;
}

function readPlainInterface(world: World, input: RunInstancesRequest): LaunchInterface {
  // Without a subnet EC2 looks for the default VPC; this world has none, as an account may have deleted it.
  if (input.SubnetId === undefined)
    refuse("VPCIdNotSpecified", "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.");
  const subnet = requireRow(world, "subnet", input.SubnetId);
  return {
    deviceIndex: 0,
    subnet,
    ...(input.PrivateIpAddress === undefined ? {} : { privateIp: input.PrivateIpAddress }),
    groups: readGroups(world, subnet.vpcId, input.SecurityGroupIds),
    description: "",
    deleteOnTermination: true,
    lendsIp: subnet.mapPublicIp,
  };
}

function readSpecification(world: World, asked: InstanceNetworkInterfaceSpecification, count: number): LaunchInterface {
  if (asked.DeviceIndex === undefined) refuse("MissingParameter", "The request must contain the parameter networkInterface.deviceIndex");
  if (asked.NetworkInterfaceId !== undefined) return readExisting(world, asked, asked.DeviceIndex, asked.NetworkInterfaceId);
  if (asked.SubnetId === undefined) refuse("VPCIdNotSpecified", "No default VPC for this user.");
  const subnet = requireRow(world, "subnet", asked.SubnetId);
  // "You can specify this only for a new interface with device index 0, and only if it is the only one."
  if (asked.AssociatePublicIpAddress === true && (count > 1 || asked.DeviceIndex !== 0)) {
    refuse(
      "InvalidParameterCombination",
      "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.",
    );
  }
  return {
    deviceIndex: asked.DeviceIndex,
    subnet,
    ...(asked.PrivateIpAddress === undefined ? {} : { privateIp: asked.PrivateIpAddress }),
    groups: readGroups(world, subnet.vpcId, asked.Groups),
    description: asked.Description ?? "",
    deleteOnTermination: asked.DeleteOnTermination ?? true,
    lendsIp: asked.AssociatePublicIpAddress ?? (subnet.mapPublicIp && count === 1),
  };
}

function readExisting(world: World, asked: InstanceNetworkInterfaceSpecification, deviceIndex: number, id: string): LaunchInterface {
  if (
    asked.Groups !== undefined ||
    asked.SubnetId !== undefined ||
    asked.PrivateIpAddress !== undefined ||
    asked.AssociatePublicIpAddress !== undefined
  ) {
    refuse("InvalidParameterCombination", "A network interface may not specify a subnet, groups or addresses together with its id");
  }
  if (asked.DeleteOnTermination === true)
    refuse("InvalidParameterCombination", "An existing network interface cannot be specified with DeleteOnTermination");
  const existing = requireRow(world, "network-interface", id);
  if (existing.attachment !== undefined) refuse("InvalidNetworkInterface.InUse", `Interface: [${id}] in use.`);
  if (existing.status !== "available") refuse("IncorrectState", `Network interface '${id}' is in state '${existing.status}'`);
  const subnet = requireRow(world, "subnet", existing.subnetId);
  return {
    deviceIndex,
    subnet,
    existing,
    groups: existing.groups,
    description: existing.description,
    deleteOnTermination: false,
    lendsIp: false,
  };
}

/** Makes or takes the interfaces for one instance; the addresses are dealt now. */
export function addLaunchInterfaces(
  world: World,
  instance: Pick<InstanceRow, "id">,
  interfaces: readonly LaunchInterface[],
  tags: TagMap,
): readonly NetworkInterfaceRow[] {
  return interfaces.map((one) => {
    const attachment = {
      id: world.newId("eni-attach"),
      instanceId: instance.id,
      ownerId: world.account,
      deviceIndex: one.deviceIndex,
      deleteOnTermination: one.deleteOnTermination,
      attachedAt: world.now,
      status: "attaching" as const,
    };
    const row =
      one.existing === undefined
        ? addInterface(world, { ...one, status: "in-use", attachment, tags })
        : world.change(one.existing, { status: "in-use", attachment });
    for (const address of world.by("address", "interface", row.id)) {
      if (address.association !== undefined) world.change(address, { association: { ...address.association, instanceId: instance.id } });
    }
    world.after("interfaceAttach", "interface-attached", row.id);
    return row;
  });
}

/** A stop takes a lent address back; a start lends another. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html */
export function relendAddresses(world: World, instanceId: string): void {
  for (const row of world.by("network-interface", "instance", instanceId)) {
    const owned = world.by("address", "interface", row.id).length > 0;
    if (row.lendsIp && !owned && row.lentIp === undefined) world.change(row, { lentIp: takePublicIp(world) });
  }
}

export function takeBackAddresses(world: World, instanceId: string): void {
  for (const row of world.by("network-interface", "instance", instanceId)) {
    if (row.lentIp === undefined) continue;
    const { lentIp: _back, ...rest } = row;
    world.change(rest, {});
  }
}
