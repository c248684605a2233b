// network on aws: a Vpc; with `internet` its gateway and the attachment; a closed security group once a machine without a firewall lives in it.

import type { Lowering, LoweringContext } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { checkRange } from "../../lowering/ranges.ts";
import { carriesFirewall } from "../../lowering/read-props.ts";
import { allOutbound } from "./firewall-rules.ts";
import { checkTags, groupName, nameAndTags } from "./names-and-tags.ts";
import { vpcRange } from "./ranges.ts";

export const lowerNetwork: Lowering = (resource, context) => {
  const { object } = context;
  const Tags = nameAndTags(context);
  const diagnostics = [...checkRange(resource, vpcRange, context), ...checkTags(resource, context)];

  const vpc = object(
    "vpc",
    "aws.ec2.Vpc",
    {
      CidrBlock: context.native(resource.props.cidr ?? ""),
      EnableDnsSupport: true,
      EnableDnsHostnames: true, // public names for public addresses; off by default on a VPC
      Tags,
    },
    { from: { CidrBlock: "cidr", Tags: "tags" } },
  );
  const objects = [vpc];

  if (resource.props.internet !== false) {
    const gateway = object("gateway", "aws.ec2.InternetGateway", { Tags }, { from: { Tags: "tags" } });
    const attachment = object("attachment", "aws.ec2.GatewayAttachment", {
      InternetGatewayId: gateway.ref("InternetGatewayId"),
      VpcId: vpc.ref("VpcId"),
    });
    objects.push(gateway, attachment);
  }

  if (hasMachineWithoutFirewall(resource, context)) {
    const closed = object("closed", "aws.ec2.SecurityGroup", {
      GroupName: groupName(context, "-closed"),
      Description: "Machines of this network that carry no firewall: closed inbound, open outbound",
      VpcId: vpc.ref("VpcId"),
      UnmanagedRules: [], // what others put in is drift
      Tags,
    });
    objects.push(closed, object("closed-egress", "aws.ec2.SecurityGroupRule", allOutbound(closed.ref("GroupId"), Tags)));
  }

  return { objects: objects.map((handle) => handle.object), outputs: { id: vpc.ref("VpcId") }, diagnostics };
};

function hasMachineWithoutFirewall(network: PortableResource, { referrers }: LoweringContext): boolean {
  return referrers(network.address, "network").some(
    (subnet) =>
      subnet.kind === "subnet" &&
      referrers(subnet.address, "subnet").some((machine) => machine.kind === "machine" && !carriesFirewall(machine)),
  );
}
