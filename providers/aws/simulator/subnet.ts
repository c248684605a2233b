// Subnets: a range of their VPC in one zone, five addresses of which are the cloud's own.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html

import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  ModifySubnetAttributeRequest,
  Subnet,
} from "@aws-sdk/client-ec2";
import { contains, formatCidr, formatIp, overlaps, rangeOf, readCidr } from "./cidr.ts";
import { type Lookup, selectRows } from "./describe.ts";
import { refuse } from "./errors.ts";
import { defineMutation, defineQuery } from "./operation.ts";
import { listZones } from "./regions.ts";
import { refuseMissing, requireRow } from "./require.ts";
import type { SubnetRow } from "./rows.ts";
import { readTagSpecifications, renderTags } from "./tags.ts";
import type { World } from "./world.ts";
import { nameZone, readZone } from "./zones.ts";

const lookup: Lookup<"subnet"> = {
  kind: "subnet",
  missing: (id) => refuseMissing("subnet", id),
  idFilter: "subnet-id",
  indexed: { "vpc-id": "vpc" },
  filters: {
    "availability-zone": (row, world) => [nameZone(world, row.zoneId)],
    availabilityZone: (row, world) => [nameZone(world, row.zoneId)],
    "availability-zone-id": (row) => [row.zoneId],
    "available-ip-address-count": (row, world) => [countFreeAddresses(world, row)],
    "cidr-block": (row) => [row.cidr],
    cidr: (row) => [row.cidr],
    cidrBlock: (row) => [row.cidr],
    "default-for-az": () => [false],
    defaultForAz: () => [false],
    "map-public-ip-on-launch": (row) => [row.mapPublicIp],
    "owner-id": (_row, world) => [world.account],
    "private-dns-name-options-on-launch.hostname-type": (row) => [row.hostnameType],
    "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": (row) => [row.resourceNameDnsA],
    "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": () => [false],
    "subnet-arn": (row, world) => [arnOf(world, row)],
    "subnet-id": (row) => [row.id],
    state: (row) => [row.state],
    "vpc-id": (row) => [row.vpcId],
  },
};

function arnOf(world: World, row: SubnetRow): string {
  return `arn:aws:ec2:${world.region}:${world.account}:subnet/${row.id}`;
}

function countFreeAddresses(world: World, row: SubnetRow): number {
  return 2 ** (32 - rangeOf(row.cidr).prefix) - 5 - world.countBy("network-interface", "subnet", row.id);
}

/**
 * The private address for a new interface: the one asked for, or the next free one. The first four and the last are the cloud's.
 * Throws InvalidParameterValue, InvalidIPAddress.InUse, InsufficientFreeAddressesInSubnet.
 */
export function takePrivateIp(world: World, subnet: SubnetRow, asked: string | undefined): string {
  const { first, last } = rangeOf(subnet.cidr);
  const isTaken = (ip: string): boolean => world.countBy("network-interface", "private", `${subnet.id}/${ip}`) > 0;
  if (asked !== undefined) {
    const { first: ip } = readCidr("privateIpAddress", `${asked}/32`);
    if (ip < first || ip > last) refuse("InvalidParameterValue", `Address ${asked} does not fall within the subnet's address range`);
    if (ip < first + 4 || ip === last) refuse("InvalidParameterValue", `Address ${asked} is in subnet's reserved address range`);
    if (isTaken(asked)) refuse("InvalidIPAddress.InUse", `Address ${asked} is in use.`);
    return asked;
  }
  const free = last - first + 1 - 5;
  const taken = world.countBy("network-interface", "subnet", subnet.id);
  if (taken >= free)
    refuse("InsufficientFreeAddressesInSubnet", "The specified subnet does not have enough free addresses to satisfy the request.");
  // EC2 deals addresses in no order that one could rely on.
  const start = world.draw(free);
  for (let step = 0; step < free; step++) {
    const ip = formatIp(first + 4 + ((start + step) % free));
    if (!isTaken(ip)) return ip;
  }
  throw new Error(`no free address in ${subnet.id} though ${taken} of ${free} are taken`);
}

function renderSubnet(world: World, row: SubnetRow): Subnet {
  return {
    AvailabilityZoneId: row.zoneId,
    MapCustomerOwnedIpOnLaunch: false,
    OwnerId: world.account,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: renderTags(row.tags),
    SubnetArn: arnOf(world, row),
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: row.hostnameType as "ip-name",
      EnableResourceNameDnsARecord: row.resourceNameDnsA,
      EnableResourceNameDnsAAAARecord: false,
    },
    SubnetId: row.id,
    State: row.state,
    VpcId: row.vpcId,
    CidrBlock: row.cidr,
    AvailableIpAddressCount: countFreeAddresses(world, row),
    AvailabilityZone: nameZone(world, row.zoneId),
    DefaultForAz: false,
    MapPublicIpOnLaunch: row.mapPublicIp,
  };
}

export const subnetOperations = {
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html
  CreateSubnet: defineMutation<CreateSubnetRequest, CreateSubnetResult>(
    ["VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "TagSpecifications"],
    (world, input) => {
      const vpc = requireRow(world, "vpc", input.VpcId);
      if (input.CidrBlock === undefined) refuse("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
      const range = readCidr("cidrBlock", input.CidrBlock);
      if (range.prefix < 16 || range.prefix > 28 || !contains(rangeOf(vpc.cidr), range)) {
        refuse("InvalidSubnet.Range", `The CIDR '${input.CidrBlock}' is invalid.`);
      }
      const zone =
        readZone(world, input.AvailabilityZone, input.AvailabilityZoneId) ?? listZones(world.seed, world.account, world.region)[0];
      if (zone === undefined) refuse("InvalidParameterValue", `The region ${world.region} has no availability zones`);
      const tags = readTagSpecifications(input.TagSpecifications, "subnet");
      const siblings = world.by("subnet", "vpc", vpc.id);
      if (siblings.some((sibling) => overlaps(rangeOf(sibling.cidr), range))) {
        refuse("InvalidSubnet.Conflict", `The CIDR '${input.CidrBlock}' conflicts with another subnet`);
      }
      const subnet = world.add("subnet", {
        id: world.newId("subnet"),
        vpcId: vpc.id,
        cidr: formatCidr(range),
        zoneId: zone.id,
        state: "pending",
        mapPublicIp: false,
        hostnameType: "ip-name",
        resourceNameDnsA: false,
        networkAclAssociationId: world.newId("aclassoc"),
        tags: tags.subnet ?? {},
      });
      world.after("subnet", "subnet-available", subnet.id);
      return { Subnet: renderSubnet(world, subnet) };
    },
  ),

  DeleteSubnet: defineMutation<DeleteSubnetRequest, object>(["SubnetId"], (world, input) => {
    const subnet = requireRow(world, "subnet", input.SubnetId);
    if (world.countBy("network-interface", "subnet", subnet.id) > 0) {
      refuse("DependencyViolation", `The subnet '${subnet.id}' has dependencies and cannot be deleted.`);
    }
    // An explicit association goes with its subnet.
    for (const table of world.by("route-table", "subnet", subnet.id)) {
      world.change(table, { associations: table.associations.filter((association) => association.subnetId !== subnet.id) });
    }
    world.remove(subnet);
    return {};
  }),

  DescribeSubnets: defineQuery<DescribeSubnetsRequest, DescribeSubnetsResult>(
    ["SubnetIds", "Filters", "MaxResults", "NextToken"],
    (world, input) => {
      const { rows, nextToken } = selectRows(world, lookup, input.SubnetIds, input.Filters, input);
      return { NextToken: nextToken, Subnets: rows.map((row) => renderSubnet(world, row)) };
    },
  ),

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
  ModifySubnetAttribute: defineMutation<ModifySubnetAttributeRequest, object>(
    ["SubnetId", "MapPublicIpOnLaunch", "PrivateDnsHostnameTypeOnLaunch", "EnableResourceNameDnsARecordOnLaunch"],
    (world, input) => {
      const subnet = requireRow(world, "subnet", input.SubnetId);
      const given = [
        input.MapPublicIpOnLaunch?.Value,
        input.PrivateDnsHostnameTypeOnLaunch,
        input.EnableResourceNameDnsARecordOnLaunch?.Value,
      ];
      const count = given.filter((value) => value !== undefined).length;
      if (count === 0) refuse("MissingParameter", "The request must contain an attribute to modify");
      // "You can only modify one attribute at a time."
      if (count > 1) refuse("InvalidParameterCombination", "Only one subnet attribute can be modified at a time");
      if (!["ip-name", "resource-name", undefined].includes(input.PrivateDnsHostnameTypeOnLaunch)) {
        refuse(
          "InvalidParameterValue",
          `Value (${input.PrivateDnsHostnameTypeOnLaunch}) for parameter privateDnsHostnameTypeOnLaunch is invalid.`,
        );
      }
      world.change(subnet, {
        mapPublicIp: input.MapPublicIpOnLaunch?.Value ?? subnet.mapPublicIp,
        hostnameType: input.PrivateDnsHostnameTypeOnLaunch ?? subnet.hostnameType,
        resourceNameDnsA: input.EnableResourceNameDnsARecordOnLaunch?.Value ?? subnet.resourceNameDnsA,
      });
      return {};
    },
  ),
};
