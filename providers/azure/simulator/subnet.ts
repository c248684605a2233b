// Subnets: their range inside the network's, and what they name. Also the rows behind the `subnets` of a network's body.
// https://learn.microsoft.com/rest/api/virtualnetwork/subnets/create-or-update

import { type Cidr, containsCidr, formatCidr, hasHostBits, overlaps, parseCidr } from "../../../grammar/net/cidr.ts";
import { refuse } from "./errors.ts";
import { compact, idAt, mapsAt, textAt, textsAt } from "./json.ts";
import { renderChild } from "./render.ts";
import { type Draft, NETWORK_PART, type ResourceType, requireReferenced, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, empty, flag, list, oneOf, record, reference, text } from "./shape.ts";
import type { World } from "./world.ts";

export const SUBNET_TYPE = "Microsoft.Network/virtualNetworks/subnets";

export const SUBNET_PROPERTIES = record({
  addressPrefix: text,
  addressPrefixes: list(text),
  networkSecurityGroup: reference,
  natGateway: reference,
  defaultOutboundAccess: flag,
  privateEndpointNetworkPolicies: oneOf("Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
  privateLinkServiceNetworkPolicies: oneOf("Enabled", "Disabled"),
  sharingScope: oneOf("Tenant", "DelegatedServices"),
  routeTable: empty,
  serviceEndpoints: empty,
  serviceEndpointPolicies: empty,
  delegations: empty,
  ipAllocations: empty,
  applicationGatewayIPConfigurations: empty,
  ipamPoolPrefixAllocations: empty,
  serviceGateway: empty,
  provisioningState: answered,
  ipConfigurations: answered,
  ipConfigurationProfiles: answered,
  privateEndpoints: answered,
  resourceNavigationLinks: answered,
  serviceAssociationLinks: answered,
  purpose: answered,
});

export const subnet: ResourceType = {
  type: SUBNET_TYPE,
  noun: "subnets",
  title: "Subnet",
  ...NETWORK_PART,
  envelope: {},
  properties: SUBNET_PROPERTIES,
  tracked: false,
  passages: { create: "subnet", update: "subnet", remove: "networkDelete" },
  draft: (request) => {
    const { world, parent } = request;
    const others = parent === undefined ? [] : listSubnets(world, parent.id).filter((row) => row.id !== request.old?.id);
    const prefixes = parent === undefined ? [] : textsAt(parent.properties, "addressSpace", "addressPrefixes");
    return draftSubnet(request, parent?.name ?? "", prefixes, others.map(rangeOfSubnet));
  },
  render: (world, row) => renderSubnet(world, row),
  renderEnvelope: () => ({}),
  refuseRemoval: (world, row) => refuseSubnetRemoval(world, row),
};

/** What a subnet's properties come to. `ranges` are those of the network's other subnets. */
export function draftSubnet(
  request: Pick<WriteRequest, "world" | "armId" | "name" | "location" | "old" | "properties"> & WriteRequest,
  network: string,
  spaces: readonly string[],
  ranges: readonly Cidr[],
): Draft {
  const { properties, world, old } = request;
  const range = readRange(properties, request.name, network, spaces);
  if (ranges.some((other) => overlaps(other, range)))
    refuse(
      "NetcfgSubnetRangesOverlap",
      `Subnet '${request.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
    );
  if (old !== undefined && formatCidr(rangeOfSubnet(old)) !== formatCidr(range) && listInterfaces(world, old).length > 0)
    refuse("InUseSubnetCannotBeUpdated", `Subnet ${request.name} is in use and cannot be updated.`);
  const group = idAt(properties, "networkSecurityGroup");
  const gateway = idAt(properties, "natGateway");
  if (group !== undefined) requireReferenced(request, group, "Microsoft.Network/networkSecurityGroups");
  if (gateway !== undefined) checkGateway(request, gateway);
  return {
    properties: compact({
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
      ...properties,
    }),
    references: [group, gateway].filter((id) => id !== undefined),
  };
}

/** https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource#limitations: subnets of one network only. */
function checkGateway(request: WriteRequest, gateway: string): void {
  const row = requireReferenced(request, gateway, "Microsoft.Network/natGateways");
  const network = request.armId.split("/").slice(0, 9).join("/").toLowerCase();
  for (const other of request.world.referrersOf(row.id))
    if (other.type === SUBNET_TYPE && other.parent !== network)
      refuse(
        "NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks",
        `Nat Gateway ${row.armId} is used by subnets belonging to different virtual networks: ${other.armId} and ${request.armId}.`,
      );
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq: /29 is the smallest, /2 the largest. */
function readRange(properties: JsonMap, name: string, network: string, spaces: readonly string[]): Cidr {
  const prefixes = textsAt(properties, "addressPrefixes");
  const prefix = textAt(properties, "addressPrefix") ?? prefixes[0];
  if (prefixes.length > 1)
    refuse("InvalidRequestFormat", "Several address prefixes of one subnet are not implemented by the embedded ARM.");
  if (prefix === undefined) return refuse("InvalidRequestFormat", `Required property 'addressPrefix' of subnet '${name}' is missing.`);
  const range = parseCidr(prefix);
  if (range === undefined || hasHostBits(range) || range.prefix < 2 || range.prefix > 29)
    return refuse(
      "NetcfgInvalidIPAddressPrefix",
      `Address prefix '${prefix}' of subnet '${name}' is not valid, or not between /2 and /29.`,
    );
  if (!spaces.some((space) => contains(space, range)))
    refuse("NetcfgInvalidSubnet", `Subnet '${name}' is not valid in virtual network '${network}'.`);
  return range;
}

function contains(space: string, range: Cidr): boolean {
  const outer = parseCidr(space);
  return outer !== undefined && containsCidr(outer, range);
}

/** A stored subnet's range, which was checked when it was written. */
export function rangeOfSubnet(row: ResourceRow): Cidr {
  const range = parseCidr(textAt(row.properties, "addressPrefix") ?? textsAt(row.properties, "addressPrefixes")[0] ?? "");
  if (range === undefined) throw new Error(`a stored subnet has no range: ${row.id}`);
  return range;
}

/** In order of creation. */
export function listSubnets(world: World, network: string): readonly ResourceRow[] {
  return [...world.by("resource", "parent", network)].sort((a, b) => a.n - b.n);
}

function listInterfaces(world: World, row: ResourceRow): readonly ResourceRow[] {
  return world.referrersOf(row.id).filter((other) => other.type === "Microsoft.Network/networkInterfaces");
}

/** https://aka.ms/deletesubnet */
export function refuseSubnetRemoval(world: World, row: ResourceRow): void {
  const users = listConfigurations(world, row);
  const first = users[0];
  if (first !== undefined)
    refuse(
      "InUseSubnetCannotBeDeleted",
      `Subnet ${row.name} is in use by ${first} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
    );
}

function listConfigurations(world: World, row: ResourceRow): readonly string[] {
  return listInterfaces(world, row).flatMap((other) =>
    mapsAt(other.properties, "ipConfigurations")
      .filter((one) => idAt(one, "properties", "subnet")?.toLowerCase() === row.id)
      .map((one) => `${other.armId}/ipConfigurations/${textAt(one, "name")}`),
  );
}

export function renderSubnet(world: World, row: ResourceRow): JsonMap {
  const users = listConfigurations(world, row);
  return compact({
    ...row.properties,
    ...(users.length === 0 ? {} : { ipConfigurations: users.map((id) => ({ id })) }),
    delegations: [],
  });
}

/** As it stands in its network's body. */
export function renderInlineSubnet(world: World, row: ResourceRow): JsonMap {
  return renderChild(row, renderSubnet(world, row));
}
