// What holds up the deletion of a network, a subnet or a group, for the message that names it. Reads only; finds nothing where nothing stands.

import type { Filter, NetworkInterface, Tag } from "@aws-sdk/client-ec2";
import type { Blocker } from "../../engine/provider/provider.ts";
import type { Ec2Call } from "./operations.ts";
import { filter, readPages } from "./sweep.ts";

/** https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html */
export async function blockersOfVpc(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const within = [filter("vpc-id", id)];
  const { client, signal } = call;
  const [interfaces, subnets, gateways, groups, tables, nats] = await Promise.all([
    blockersByInterface(call, within),
    readPages(client, "DescribeSubnets", { Filters: within, MaxResults: 100 }, (page) => page.Subnets, signal),
    readPages(
      client,
      "DescribeInternetGateways",
      { Filters: [filter("attachment.vpc-id", id)], MaxResults: 100 },
      (page) => page.InternetGateways,
      signal,
    ),
    readPages(client, "DescribeSecurityGroups", { Filters: within, MaxResults: 100 }, (page) => page.SecurityGroups, signal),
    readPages(client, "DescribeRouteTables", { Filters: within, MaxResults: 100 }, (page) => page.RouteTables, signal),
    readPages(client, "DescribeNatGateways", { Filter: within, MaxResults: 100 }, (page) => page.NatGateways, signal),
  ]);
  return [
    ...interfaces,
    ...nats
      .filter((each) => each.State !== "deleted" && each.State !== "failed")
      .map((each) => name("aws.ec2.NatGateway", each.NatGatewayId, `NAT gateway, ${each.State}`, each.Tags)),
    ...subnets.map((each) => name("aws.ec2.Subnet", each.SubnetId, `subnet ${each.CidrBlock}`, each.Tags)),
    ...gateways.map((each) => name("aws.ec2.InternetGateway", each.InternetGatewayId, "attached internet gateway", each.Tags)),
    // The default group and the main table go with the VPC.
    ...groups
      .filter((each) => each.GroupName !== "default")
      .map((each) => name("aws.ec2.SecurityGroup", each.GroupId, `security group "${each.GroupName}"`, each.Tags)),
    ...tables
      .filter((each) => !each.Associations?.some((association) => association.Main))
      .map((each) => name("aws.ec2.RouteTable", each.RouteTableId, "route table", each.Tags)),
  ];
}

export async function blockersOfSubnet(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  return blockersByInterface(call, [filter("subnet-id", id)]);
}

/** Interfaces that carry the group, and other groups whose rules name it. */
export async function blockersOfGroup(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const { client, signal } = call;
  const referring = (
    name: string,
  ): Promise<readonly { GroupId?: string | undefined; GroupName?: string | undefined; Tags?: Tag[] | undefined }[]> =>
    readPages(client, "DescribeSecurityGroups", { Filters: [filter(name, id)], MaxResults: 100 }, (page) => page.SecurityGroups, signal);
  const [interfaces, inbound, outbound] = await Promise.all([
    blockersByInterface(call, [filter("group-id", id)]),
    referring("ip-permission.group-id"),
    referring("egress.ip-permission.group-id"),
  ]);
  const others = new Map([...inbound, ...outbound].filter((each) => each.GroupId !== id).map((each) => [each.GroupId, each]));
  return [
    ...interfaces,
    ...[...others.values()].map((each) =>
      name("aws.ec2.SecurityGroup", each.GroupId, `security group "${each.GroupName}" has a rule that names it`, each.Tags),
    ),
  ];
}

async function blockersByInterface(call: Ec2Call, Filters: Filter[]): Promise<readonly Blocker[]> {
  const rows = await readPages(
    call.client,
    "DescribeNetworkInterfaces",
    { Filters, MaxResults: 100 },
    (page) => page.NetworkInterfaces,
    call.signal,
  );
  return rows.map((row) => name("aws.ec2.NetworkInterface", row.NetworkInterfaceId, describeInterface(row), row.TagSet));
}

function describeInterface(row: NetworkInterface): string {
  const holder = row.Attachment?.InstanceId;
  if (holder !== undefined) return `network interface of instance ${holder}`;
  // Load balancers, NAT gateways, functions: the service says so in the description.
  return row.Description ? `network interface: ${row.Description}` : `network interface, ${row.Status ?? "in use"}`;
}

function name(type: string, id: string | undefined, description: string, tags: readonly Tag[] | undefined): Blocker {
  const label = tags?.find((tag) => tag.Key === "Name")?.Value;
  return { type, id: id ?? "", description: label === undefined || label === "" ? description : `${description} ("${label}")` };
}
