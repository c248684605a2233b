// By what instances can be found. Filters of IPv6, Outposts, dedicated hosts and the like belong to things that this world does not have.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html

import type { FilterValues, Lookup } from "./describe.ts";
import { idOfProfile } from "./instance-profile.ts";
import { namePrivately, namePublicly, publicAddressOf } from "./network-interface.ts";
import { refuseMissing } from "./require.ts";
import type { InstanceRow, InstanceState, NetworkInterfaceRow, VolumeRow } from "./rows.ts";
import type { World } from "./world.ts";
import { nameZone } from "./zones.ts";

/** The low byte of the state's code. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function interfacesOf(world: World, row: InstanceRow): readonly NetworkInterfaceRow[] {
  return [...world.by("network-interface", "instance", row.id)].sort(
    (a, b) => (a.attachment?.deviceIndex ?? 0) - (b.attachment?.deviceIndex ?? 0),
  );
}

export function volumesOf(world: World, row: InstanceRow): readonly VolumeRow[] {
  return [...world.by("volume", "instance", row.id)].sort((a, b) => a.n - b.n);
}

function primaryOf(world: World, row: InstanceRow): NetworkInterfaceRow | undefined {
  return interfacesOf(world, row)[0];
}

function publicIpOf(world: World, row: InstanceRow): string | undefined {
  const primary = primaryOf(world, row);
  return primary === undefined ? undefined : publicAddressOf(world, primary)?.ip;
}

type Value = string | number | boolean | undefined;

/** A filter on any of an instance's interfaces. */
function ofInterfaces(value: (one: NetworkInterfaceRow, world: World) => Value | readonly Value[]): FilterValues<InstanceRow> {
  return (row, world) => interfacesOf(world, row).flatMap((one) => value(one, world));
}

const interfaceFilters: Readonly<Record<string, FilterValues<InstanceRow>>> = {
  "network-interface.addresses.association.allocation-id": ofInterfaces((one, world) => publicAddressOf(world, one)?.allocationId),
  "network-interface.addresses.association.association-id": ofInterfaces((one, world) => publicAddressOf(world, one)?.associationId),
  "network-interface.addresses.association.ip-owner-id": ofInterfaces((one, world) => publicAddressOf(world, one)?.owner),
  "network-interface.addresses.association.public-dns-name": ofInterfaces((one, world) => publicNameOf(world, one)),
  "network-interface.addresses.association.public-ip": ofInterfaces((one, world) => publicAddressOf(world, one)?.ip),
  "network-interface.addresses.primary": ofInterfaces(() => true),
  "network-interface.addresses.private-dns-name": ofInterfaces((one, world) => namePrivately(world, one.privateIp)),
  "network-interface.addresses.private-ip-address": ofInterfaces((one) => one.privateIp),
  "network-interface.association.allocation-id": ofInterfaces((one, world) => publicAddressOf(world, one)?.allocationId),
  "network-interface.association.association-id": ofInterfaces((one, world) => publicAddressOf(world, one)?.associationId),
  "network-interface.association.ip-owner-id": ofInterfaces((one, world) => publicAddressOf(world, one)?.owner),
  "network-interface.association.public-dns-name": ofInterfaces((one, world) => publicNameOf(world, one)),
  "network-interface.association.public-ip": ofInterfaces((one, world) => publicAddressOf(world, one)?.ip),
  "network-interface.attachment.attach-time": ofInterfaces((one) => one.attachment && new Date(one.attachment.attachedAt).toISOString()),
  "network-interface.attachment.attachment-id": ofInterfaces((one) => one.attachment?.id),
  "network-interface.attachment.delete-on-termination": ofInterfaces((one) => one.attachment?.deleteOnTermination),
  "network-interface.attachment.device-index": ofInterfaces((one) => one.attachment?.deviceIndex),
  "network-interface.attachment.instance-id": ofInterfaces((one) => one.attachment?.instanceId),
  "network-interface.attachment.instance-owner-id": ofInterfaces((one) => one.attachment?.ownerId),
  "network-interface.attachment.network-card-index": ofInterfaces((one) => (one.attachment === undefined ? undefined : 0)),
  "network-interface.attachment.status": ofInterfaces((one) => one.attachment?.status),
  "network-interface.availability-zone": ofInterfaces((one, world) => nameZone(world, one.zoneId)),
  "network-interface.description": ofInterfaces((one) => one.description),
  "network-interface.group-id": ofInterfaces((one) => one.groups),
  "network-interface.group-name": ofInterfaces((one, world) => one.groups.map((id) => world.get("security-group", id)?.name)),
  "network-interface.mac-address": ofInterfaces((one) => one.mac),
  "network-interface.network-interface-id": ofInterfaces((one) => one.id),
  "network-interface.owner-id": ofInterfaces((_one, world) => world.account),
  "network-interface.private-dns-name": ofInterfaces((one, world) => namePrivately(world, one.privateIp)),
  "network-interface.private-ip-address": ofInterfaces((one) => one.privateIp),
  "network-interface.public-dns-name": ofInterfaces((one, world) => publicNameOf(world, one)),
  "network-interface.requester-managed": ofInterfaces((one) => one.requesterManaged),
  "network-interface.source-dest-check": ofInterfaces((one) => one.sourceDestCheck),
  "network-interface.status": ofInterfaces((one) => one.status),
  "network-interface.subnet-id": ofInterfaces((one) => one.subnetId),
  "network-interface.tag-key": ofInterfaces((one) => Object.keys(one.tags)),
  "network-interface.tag-value": ofInterfaces((one) => Object.values(one.tags)),
  "network-interface.vpc-id": ofInterfaces((one) => one.vpcId),
};

function publicNameOf(world: World, one: NetworkInterfaceRow): string | undefined {
  const address = publicAddressOf(world, one);
  return address === undefined ? undefined : namePublicly(world, one.vpcId, address.ip);
}

export const instanceLookup: Lookup<"instance"> = {
  kind: "instance",
  missing: (id) => refuseMissing("instance", id),
  idFilter: "instance-id",
  indexed: { "vpc-id": "vpc", "subnet-id": "subnet", "image-id": "image" },
  filters: {
    architecture: (row) => [row.architecture],
    "availability-zone": (row, world) => [nameZone(world, row.zoneId)],
    "availability-zone-id": (row) => [row.zoneId],
    "block-device-mapping.attach-time": (row, world) =>
      volumesOf(world, row).map((volume) => volume.attachment && new Date(volume.attachment.attachedAt).toISOString()),
    "block-device-mapping.delete-on-termination": (row, world) =>
      volumesOf(world, row).map((volume) => volume.attachment?.deleteOnTermination),
    "block-device-mapping.device-name": (row, world) => volumesOf(world, row).map((volume) => volume.attachment?.device),
    "block-device-mapping.status": (row, world) => volumesOf(world, row).map((volume) => volume.attachment?.state),
    "block-device-mapping.volume-id": (row, world) => volumesOf(world, row).map((volume) => volume.id),
    "boot-mode": (row) => [row.bootMode],
    "client-token": (row) => [row.clientToken],
    "dns-name": (row, world) => [namePublicly(world, row.vpcId, publicIpOf(world, row) ?? "")],
    "ebs-optimized": (row) => [row.ebsOptimized],
    "ena-support": () => [true],
    "enclave-options.enabled": () => [false],
    "hibernation-options.configured": () => [false],
    hypervisor: () => ["xen"],
    "iam-instance-profile.id": (row) => [row.profile && idOfProfile(row.profile.arn)],
    "iam-instance-profile.arn": (row) => [row.profile?.arn],
    "image-id": (row) => [row.imageId],
    "instance-id": (row) => [row.id],
    "instance-lifecycle": (row) => [row.spot === undefined ? undefined : "spot"],
    "instance-state-code": (row) => [STATE_CODES[row.state]],
    "instance-state-name": (row) => [row.state],
    "instance-type": (row) => [row.instanceType],
    "instance.group-id": (row, world) => [...row.groups, ...interfacesOf(world, row).flatMap((one) => one.groups)],
    "instance.group-name": (row, world) => row.groups.map((id) => world.get("security-group", id)?.name),
    "ip-address": (row, world) => [publicIpOf(world, row)],
    "key-name": (row) => [row.keyName],
    "launch-index": (row) => [row.launchIndex],
    "launch-time": (row) => [new Date(row.launchedAt).toISOString()],
    "metadata-options.http-endpoint": (row) => [row.metadata.endpoint],
    "metadata-options.http-protocol-ipv6": (row) => [row.metadata.ipv6],
    "metadata-options.http-put-response-hop-limit": (row) => [row.metadata.hopLimit],
    "metadata-options.http-tokens": (row) => [row.metadata.tokens],
    "metadata-options.instance-metadata-tags": (row) => [row.metadata.instanceTags],
    "metadata-options.state": (row) => [row.metadata.state],
    "monitoring-state": (row) => [row.monitoring ? "enabled" : "disabled"],
    ...interfaceFilters,
    "owner-id": (_row, world) => [world.account],
    "platform-details": (row) => [row.platformDetails],
    "private-dns-name-options.enable-resource-name-dns-a-record": (row) => [row.resourceNameDnsA],
    "private-dns-name-options.hostname-type": (row) => [row.hostnameType],
    "private-dns-name": (row) => [row.privateDnsName],
    "private-ip-address": (row, world) => [primaryOf(world, row)?.privateIp],
    "reservation-id": (row) => [row.reservationId],
    "root-device-name": (row) => [row.rootDevice],
    "root-device-type": () => ["ebs"],
    "source-dest-check": (row) => [row.sourceDestCheck],
    "spot-instance-request-id": (row) => [row.spot?.requestId],
    "state-reason-code": (row) => [row.stateReason?.code],
    "state-reason-message": (row) => [row.stateReason?.message],
    reason: (row) => [row.transitionReason],
    "subnet-id": (row) => [row.subnetId],
    tenancy: (row) => [row.tenancy ?? "default"],
    "usage-operation": (row) => [row.usageOperation],
    "usage-operation-update-time": (row) => [new Date(row.createdAt).toISOString()],
    "virtualization-type": () => ["hvm"],
    "vpc-id": (row) => [row.vpcId],
  },
};
