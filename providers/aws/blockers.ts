// What holds up the deletion of an object that others use, for the message that names it. Reads only; finds nothing where nothing stands.

import type { Filter, NetworkInterface, Tag } from "@aws-sdk/client-ec2";
import type { Blocker } from "../../engine/provider/provider.ts";
import { splitId } from "../handlers/joined-id.ts";
import { readAddresses } from "./objects/read-addresses.ts";
import { readVolumes } from "./objects/volume-modification.ts";
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

/** The networks that it is attached to. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteInternetGateway.html */
export async function blockersOfGateway(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const Filters = [filter("internet-gateway-id", id)];
  const rows = await readPages(
    call.client,
    "DescribeInternetGateways",
    { Filters, MaxResults: 100 },
    (page) => page.InternetGateways,
    call.signal,
  );
  return rows.flatMap((row) =>
    (row.Attachments ?? []).flatMap(({ VpcId }) => (VpcId === undefined ? [] : [name("aws.ec2.Vpc", VpcId, "attached to this VPC", [])])),
  );
}

/** Interfaces with a public address. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html */
export async function blockersOfAttachment(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const rows = await readInterfaces(call, [filter("vpc-id", splitId(id)[1])]);
  return rows.filter((row) => row.Association?.PublicIp !== undefined).map(nameInterface);
}

/** Subnets that are associated with it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html */
export async function blockersOfTable(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const Filters = [filter("route-table-id", id)];
  const rows = await readPages(call.client, "DescribeRouteTables", { Filters, MaxResults: 100 }, (page) => page.RouteTables, call.signal);
  return rows.flatMap((row) =>
    (row.Associations ?? []).flatMap(({ SubnetId }) =>
      SubnetId === undefined ? [] : [name("aws.ec2.RouteTableAssociation", SubnetId, "associated subnet", [])],
    ),
  );
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html */
export async function blockersOfInterface(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const rows = await readInterfaces(call, [filter("network-interface-id", id)]);
  return rows.flatMap(({ Attachment }) =>
    Attachment?.InstanceId === undefined
      ? []
      : [name("aws.ec2.Instance", Attachment.InstanceId, `instance, ${Attachment.Status ?? "attached"}`, [])],
  );
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html */
export async function blockersOfVolume(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const rows = await readVolumes(call, [filter("volume-id", id)]);
  return rows.flatMap((row) =>
    (row.Attachments ?? []).map((each) => name("aws.ec2.Instance", each.InstanceId, `instance, ${each.State ?? "attached"}`, [])),
  );
}

/** What the address is associated with: an interface of an instance, or of a NAT gateway. */
export async function blockersOfAddress(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const cards = (await readAddresses(call, [filter("allocation-id", id)])).flatMap((row) => row.NetworkInterfaceId ?? []);
  return cards.length === 0 ? [] : (await readInterfaces(call, [filter("network-interface-id", ...cards)])).map(nameInterface);
}

/** Images that are registered with it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSnapshot.html */
export async function blockersOfSnapshot(call: Ec2Call, id: string): Promise<readonly Blocker[]> {
  const Filters = [filter("block-device-mapping.snapshot-id", id)];
  const rows = await readPages(
    call.client,
    "DescribeImages",
    { Filters, Owners: ["self"], MaxResults: 100 },
    (page) => page.Images,
    call.signal,
  );
  return rows.map((row) => name("aws.ec2.Image", row.ImageId, `image "${row.Name ?? ""}"`, row.Tags));
}

async function blockersByInterface(call: Ec2Call, Filters: Filter[]): Promise<readonly Blocker[]> {
  return (await readInterfaces(call, Filters)).map(nameInterface);
}

function readInterfaces({ client, signal }: Ec2Call, Filters: Filter[]): Promise<readonly NetworkInterface[]> {
  return readPages(client, "DescribeNetworkInterfaces", { Filters, MaxResults: 100 }, (page) => page.NetworkInterfaces, signal);
}

function nameInterface(row: NetworkInterface): Blocker {
  const named = name("aws.ec2.NetworkInterface", row.NetworkInterfaceId, describeInterface(row), row.TagSet);
  // "Interface for NAT Gateway nat-…": the service says so, and nothing else does.
  const holder = row.Attachment?.InstanceId ?? /\bnat-[0-9a-f]+\b/.exec(row.Description ?? "")?.[0];
  return holder === undefined ? named : { ...named, holder };
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
