// NAT gateways: Standard, with Standard public addresses, for the subnets of one network.
// https://learn.microsoft.com/rest/api/virtualnetwork/nat-gateways/create-or-update

import { refuse } from "./errors.ts";
import { compact, idsAt, numberAt, textAt, textsAt } from "./json.ts";
import { refuseZones, requireFreeAddress } from "./public-address.ts";
import { checkZones } from "./regions.ts";
import { type Draft, NETWORK_PART, type ResourceType, type WriteRequest } from "./resource-type.ts";
import type { ResourceRow } from "./rows.ts";
import { answered, empty, list, number, oneOf, record, reference, text } from "./shape.ts";
import { SUBNET_TYPE } from "./subnet.ts";
import type { World } from "./world.ts";

/** https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource#nat-gateway-ip-addresses */
const MOST_ADDRESSES = 16;

export const natGateway: ResourceType = {
  type: "Microsoft.Network/natGateways",
  noun: "natGateways",
  title: "NatGateway",
  ...NETWORK_PART,
  envelope: { sku: record({ name: oneOf("Standard", "StandardV2") }), zones: list(text) },
  properties: record({
    idleTimeoutInMinutes: number,
    publicIpAddresses: list(reference),
    publicIpAddressesV6: empty,
    publicIpPrefixes: empty,
    publicIpPrefixesV6: empty,
    sourceVirtualNetwork: empty,
    serviceGateway: empty,
    nat64: oneOf("None", "Disabled"),
    subnets: answered,
    resourceGuid: answered,
    provisioningState: answered,
  }),
  tracked: true,
  passages: { create: "natGateway", update: "natGateway", remove: "natGateway" },
  draft: draftGateway,
  render: (world, row) => {
    const subnets = listUsers(world, row);
    return compact({
      resourceGuid: row.guid,
      ...row.properties,
      ...(subnets.length === 0 ? {} : { subnets: subnets.map(({ armId }) => ({ id: armId })) }),
    });
  },
  refuseRemoval: (world, row) => {
    const users = listUsers(world, row).map(({ armId }) => armId);
    if (users.length > 0)
      refuse(
        "InUseNatGatewayCannotBeDeleted",
        `Nat gateway ${row.armId} cannot be deleted because it is in use by the following resources: ${users.join(", ")}.`,
      );
  },
};

function listUsers(world: World, row: ResourceRow): readonly ResourceRow[] {
  return world.referrersOf(row.id).filter((other) => other.type === SUBNET_TYPE);
}

function draftGateway(request: WriteRequest): Draft {
  const { body, properties, old } = request;
  if (textAt(body, "sku", "name") !== "Standard")
    refuse("NatGatewaySkuNotSupported", `The sku of NAT gateway ${request.armId} must be Standard: the embedded ARM has no other.`);
  const zones = textsAt(body, "zones");
  checkZones(zones, request.location, request.armId);
  if (zones.length > 1)
    refuse("NatGatewayZonesInvalid", `A Standard NAT gateway is in one zone or in none: ${request.armId} names ${zones.join(", ")}.`);
  if (old !== undefined) {
    const [was, is] = [textsAt(old.envelope, "zones").join(","), zones.join(",")];
    if (was !== is) refuseZones(request.armId, was, is);
  }
  const addresses = idsAt(properties, "publicIpAddresses");
  if (addresses.length > MOST_ADDRESSES)
    refuse("NatGatewayPublicIpCountLimitReached", `A NAT gateway has at most ${MOST_ADDRESSES} public IP addresses.`);
  for (const id of addresses) {
    const row = requireFreeAddress(request, id);
    if (textAt(row.envelope, "sku", "name") !== "Standard")
      refuse(
        "NatGatewayCannotBeUsedWithBasicSkuPublicIp",
        `Public IP address ${row.armId} of NAT gateway ${request.armId} is not of the Standard sku.`,
      );
    const zone = zones[0];
    const theirs = textsAt(row.envelope, "zones");
    // https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones: the zone's own, or zone-redundant.
    if (zone !== undefined && theirs.length === 1 && theirs[0] !== zone)
      refuse(
        "NatGatewayZoneMismatch",
        `NAT gateway ${request.armId} is in zone ${zone}, its public IP address ${row.armId} in zone ${theirs[0]}.`,
      );
  }
  const idle = numberAt(properties, "idleTimeoutInMinutes") ?? 4;
  if (idle < 4 || idle > 120)
    refuse("NatGatewayIdleTimeoutIsInvalid", `The idle timeout ${idle} of ${request.armId} is not between 4 and 120 minutes.`);
  return {
    envelope: compact({ sku: { name: "Standard" }, ...(zones.length === 0 ? {} : { zones: [...zones] }) }),
    properties: compact({
      idleTimeoutInMinutes: idle,
      ...(addresses.length === 0 ? {} : { publicIpAddresses: addresses.map((id) => ({ id })) }),
    }),
    references: addresses,
  };
}
