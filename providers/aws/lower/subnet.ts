// subnet on aws: a Subnet with a route table of its own, and the way out: through the internet gateway when public, through the NAT gateway of the subnet
// named by `nat` else. A subnet that others name in `nat` carries that gateway, one for all.

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { checkRange } from "../../lowering/ranges.ts";
import { checkTags, nameAndTags } from "./names-and-tags.ts";
import { vpcRange } from "./ranges.ts";
import { lowerZone } from "./zones.ts";

const anywhere = "0.0.0.0/0";

export const lowerSubnet: Lowering = (resource, context) => {
  const { object } = context;
  const { network, nat } = resource.props;
  const Tags = nameAndTags(context);
  const from = { Tags: "tags" };
  const vpcId = context.native(network ?? "");
  const letter = String(resource.props.zone ?? "a");
  const zone = lowerZone(letter, context);

  const subnet = object(
    "subnet",
    "aws.ec2.Subnet",
    { VpcId: vpcId, CidrBlock: context.native(resource.props.cidr ?? ""), AvailabilityZoneId: zone.id, Tags },
    { from: { VpcId: "network", CidrBlock: "cidr", AvailabilityZoneId: "zone", Tags: "tags" } },
  );
  const table = object("table", "aws.ec2.RouteTable", { VpcId: vpcId, Tags }, { from });
  const association = object("association", "aws.ec2.RouteTableAssociation", {
    SubnetId: subnet.ref("SubnetId"),
    RouteTableId: table.ref("RouteTableId"),
  });
  const objects = [subnet, table, association];

  const route = isRef(nat)
    ? routeThroughNat(nat.address, table, context)
    : resource.props.public !== false
      ? routeToInternet(network, table, context)
      : undefined;
  if (route) objects.push(route);

  const namedInNat = context.referrers(resource.address, "nat").length > 0;
  if (namedInNat) {
    const address = object("nat-address", "aws.ec2.Eip", { Domain: "vpc", Tags }, { from });
    // It reaches the internet through this subnet's own route, and is refused in a VPC whose gateway is not attached yet.
    const after = [association.key, ...(route ? [route.key] : [])];
    const gateway = object(
      "nat",
      "aws.ec2.NatGateway",
      { SubnetId: subnet.ref("SubnetId"), AllocationId: address.ref("AllocationId"), Tags },
      { after, from },
    );
    objects.push(address, gateway);
  }

  return {
    objects: objects.map((handle) => handle.object),
    outputs: {
      id: subnet.ref("SubnetId"),
      zone: letter,
      ...(namedInNat ? { nat_ip: nativeRef(`${resource.address}:nat-address`, "PublicIp") } : {}),
    },
    diagnostics: [...checkRange(resource, vpcRange, context), ...zone.diagnostics, ...checkTags(resource, context)],
  };
};

/** A route to a gateway that is not attached to the VPC yet is refused, so it waits for the attachment. */
function routeToInternet(network: unknown, table: NativeObjectHandle, context: LoweringContext): NativeObjectHandle | undefined {
  if (!isRef(network) || context.graph.resources.get(network.address)?.props.internet === false) return undefined;
  return context.object(
    "route",
    "aws.ec2.Route",
    {
      RouteTableId: table.ref("RouteTableId"),
      DestinationCidrBlock: anywhere,
      GatewayId: nativeRef(`${network.address}:gateway`, "InternetGatewayId"),
    },
    { after: [`${network.address}:attachment`], from: { GatewayId: "public" } },
  );
}

function routeThroughNat(through: string, table: NativeObjectHandle, context: LoweringContext): NativeObjectHandle {
  return context.object(
    "route",
    "aws.ec2.Route",
    { RouteTableId: table.ref("RouteTableId"), DestinationCidrBlock: anywhere, NatGatewayId: nativeRef(`${through}:nat`, "NatGatewayId") },
    { from: { NatGatewayId: "nat" } },
  );
}
