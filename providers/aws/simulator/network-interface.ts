// Network interfaces as rows and answers: making one, giving it addresses and names, ending it. The operations are in network-interface-operations.ts.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html

import type { InstanceNetworkInterface, NetworkInterface } from "@aws-sdk/client-ec2";
import { formatIp } from "./cidr.ts";
import type { AddressRow, NetworkInterfaceRow, SubnetRow, TagMap } from "./rows.ts";
import { takePrivateIp } from "./subnet.ts";
import { renderTags } from "./tags.ts";
import type { World } from "./world.ts";
import { nameZone } from "./zones.ts";

export interface InterfaceRequest {
  readonly subnet: SubnetRow;
  readonly privateIp?: string | undefined;
  readonly groups: readonly string[];
  readonly description?: string | undefined;
  readonly type?: NetworkInterfaceRow["interfaceType"];
  readonly tags?: TagMap;
  readonly status: NetworkInterfaceRow["status"];
  readonly attachment?: NetworkInterfaceRow["attachment"];
  readonly lendsIp?: boolean;
}

export function addInterface(world: World, request: InterfaceRequest): NetworkInterfaceRow {
  const { subnet } = request;
  const id = world.newId("eni");
  return world.add("network-interface", {
    id,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zoneId: subnet.zoneId,
    description: request.description ?? "",
    interfaceType: request.type ?? "interface",
    // Locally administered, from the id.
    mac: ["02", ...(id.slice(-10).match(/../g) ?? [])].join(":"),
    privateIp: takePrivateIp(world, subnet, request.privateIp),
    groups: request.groups,
    sourceDestCheck: request.type !== "natGateway",
    status: request.status,
    ...(request.attachment === undefined ? {} : { attachment: request.attachment }),
    ...(request.lendsIp === true ? { lentIp: takePublicIp(world) } : {}),
    lendsIp: request.lendsIp ?? false,
    requesterManaged: request.type === "natGateway",
    tags: request.tags ?? {},
  });
}

/**
 * A public address. From 198.18.0.0/15, which is set aside for benchmarks (RFC 2544): nobody who tries a simulated address reaches a real host.
 */
export function takePublicIp(world: World): string {
  const first = 198 * 2 ** 24 + 18 * 2 ** 16;
  for (;;) {
    const ip = formatIp(first + 1 + world.draw(2 ** 17 - 2));
    if (world.countBy("address", "ip", ip) === 0 && world.countBy("network-interface", "lent", ip) === 0) return ip;
  }
}

/** Its interface is gone; an address associated with it stays allocated. */
export function removeInterface(world: World, row: NetworkInterfaceRow): void {
  for (const address of world.by("address", "interface", row.id)) disassociate(world, address);
  world.remove(row);
}

export function disassociate(world: World, address: AddressRow): AddressRow {
  const { association: _gone, ...free } = address;
  return world.change(free as AddressRow, {});
}

/** `ip-10-0-0-5.eu-west-1.compute.internal`; us-east-1 keeps its older form. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
export function namePrivately(world: World, ip: string): string {
  const suffix = world.region === "us-east-1" ? "ec2.internal" : `${world.region}.compute.internal`;
  return `ip-${ip.replaceAll(".", "-")}.${suffix}`;
}

/** Only in VPCs with DNS hostnames on. */
export function namePublicly(world: World, vpcId: string, ip: string): string {
  if (world.get("vpc", vpcId)?.dnsHostnames !== true) return "";
  const suffix = world.region === "us-east-1" ? "compute-1.amazonaws.com" : `${world.region}.compute.amazonaws.com`;
  return `ec2-${ip.replaceAll(".", "-")}.${suffix}`;
}

export interface PublicAddress {
  readonly ip: string;
  readonly owner: string;
  readonly allocationId?: string;
  readonly associationId?: string;
}

/** An associated Elastic IP hides the lent address. */
export function publicAddressOf(world: World, row: NetworkInterfaceRow): PublicAddress | undefined {
  const [address] = world.by("address", "interface", row.id);
  if (address?.association !== undefined) {
    return { ip: address.publicIp, owner: world.account, allocationId: address.id, associationId: address.association.id };
  }
  const [gateway] =
    row.interfaceType === "natGateway"
      ? world.by("nat-gateway", "subnet", row.subnetId).filter((nat) => nat.networkInterfaceId === row.id)
      : [];
  if (gateway?.publicIp !== undefined) return { ip: gateway.publicIp, owner: world.account };
  return row.lentIp === undefined ? undefined : { ip: row.lentIp, owner: "amazon" };
}

function renderAssociation(world: World, row: NetworkInterfaceRow): NetworkInterface["Association"] {
  const address = publicAddressOf(world, row);
  if (address === undefined) return undefined;
  return {
    ...(address.allocationId === undefined ? {} : { AllocationId: address.allocationId }),
    ...(address.associationId === undefined ? {} : { AssociationId: address.associationId }),
    IpOwnerId: address.owner,
    PublicDnsName: namePublicly(world, row.vpcId, address.ip),
    PublicIp: address.ip,
  };
}

function renderGroups(world: World, row: NetworkInterfaceRow): { GroupId: string; GroupName: string }[] {
  return row.groups.map((id) => ({ GroupId: id, GroupName: world.get("security-group", id)?.name ?? "" }));
}

/** The SDK's enumeration says `natGateway`; the documentation of the filter, and the service, say `nat_gateway`. */
export function nameInterfaceType(row: NetworkInterfaceRow): string {
  return row.interfaceType === "natGateway" ? "nat_gateway" : "interface";
}

export function renderInterface(world: World, row: NetworkInterfaceRow): NetworkInterface {
  const association = renderAssociation(world, row);
  const name = namePrivately(world, row.privateIp);
  return {
    ...(association === undefined ? {} : { Association: association }),
    ...(row.attachment === undefined
      ? {}
      : {
          Attachment: {
            AttachTime: new Date(row.attachment.attachedAt),
            AttachmentId: row.attachment.id,
            DeleteOnTermination: row.attachment.deleteOnTermination,
            DeviceIndex: row.attachment.deviceIndex,
            NetworkCardIndex: 0,
            ...(row.attachment.instanceId === undefined ? {} : { InstanceId: row.attachment.instanceId }),
            InstanceOwnerId: row.attachment.ownerId,
            Status: row.attachment.status,
          },
        }),
    AvailabilityZone: nameZone(world, row.zoneId),
    AvailabilityZoneId: row.zoneId,
    Description: row.description,
    Groups: renderGroups(world, row),
    InterfaceType: nameInterfaceType(row) as "interface",
    Ipv6Addresses: [],
    MacAddress: row.mac,
    NetworkInterfaceId: row.id,
    OwnerId: world.account,
    PrivateDnsName: name,
    PrivateIpAddress: row.privateIp,
    PrivateIpAddresses: [
      {
        ...(association === undefined ? {} : { Association: association }),
        Primary: true,
        PrivateDnsName: name,
        PrivateIpAddress: row.privateIp,
      },
    ],
    ...(row.requesterManaged ? { RequesterId: world.account } : {}),
    RequesterManaged: row.requesterManaged,
    SourceDestCheck: row.sourceDestCheck,
    // `pending` is shown right after the creation, though the model's enumeration leaves it out (its own example has it).
    Status: row.status as "available",
    SubnetId: row.subnetId,
    TagSet: renderTags(row.tags),
    VpcId: row.vpcId,
  };
}

/** The same interface as part of its instance's description. */
export function renderInstanceInterface(world: World, row: NetworkInterfaceRow): InstanceNetworkInterface {
  const address = publicAddressOf(world, row);
  const association =
    address === undefined
      ? undefined
      : { IpOwnerId: address.owner, PublicDnsName: namePublicly(world, row.vpcId, address.ip), PublicIp: address.ip };
  const name = namePrivately(world, row.privateIp);
  return {
    ...(association === undefined ? {} : { Association: association }),
    ...(row.attachment === undefined
      ? {}
      : {
          Attachment: {
            AttachTime: new Date(row.attachment.attachedAt),
            AttachmentId: row.attachment.id,
            DeleteOnTermination: row.attachment.deleteOnTermination,
            DeviceIndex: row.attachment.deviceIndex,
            NetworkCardIndex: 0,
            Status: row.attachment.status,
          },
        }),
    Description: row.description,
    Groups: renderGroups(world, row),
    InterfaceType: "interface",
    Ipv6Addresses: [],
    MacAddress: row.mac,
    NetworkInterfaceId: row.id,
    OwnerId: world.account,
    PrivateDnsName: name,
    PrivateIpAddress: row.privateIp,
    PrivateIpAddresses: [
      {
        ...(association === undefined ? {} : { Association: association }),
        Primary: true,
        PrivateDnsName: name,
        PrivateIpAddress: row.privateIp,
      },
    ],
    SourceDestCheck: row.sourceDestCheck,
    Status: row.status as "in-use",
    SubnetId: row.subnetId,
    VpcId: row.vpcId,
  };
}
