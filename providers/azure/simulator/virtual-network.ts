// Virtual networks: their address space, and the subnets that their body may carry.
// https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/create-or-update

import { type Cidr, containsCidr, findOverlaps, hasHostBits, parseCidr } from "../../../grammar/net/cidr.ts";
import { keyOf } from "./arm-id.ts";
import { refuse } from "./errors.ts";
import { compact, mapAt, mapsAt, textAt, textsAt } from "./json.ts";
import { type Draft, NETWORK_NAMES, NETWORK_PART, type ResourceType, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { answered, empty, flag, list, number, oneOf, record, text } from "./shape.ts";
import {
  draftSubnet,
  listSubnets,
  rangeOfSubnet,
  refuseSubnetRemoval,
  renderInlineSubnet,
  SUBNET_PROPERTIES,
  SUBNET_TYPE,
} from "./subnet.ts";

export const virtualNetwork: ResourceType = {
  type: "Microsoft.Network/virtualNetworks",
  noun: "virtualNetworks",
  title: "VirtualNetwork",
  ...NETWORK_PART,
  envelope: { extendedLocation: empty },
  properties: record({
    addressSpace: record({ addressPrefixes: list(text), ipamPoolPrefixAllocations: empty }),
    dhcpOptions: record({ dnsServers: list(text) }),
    flowTimeoutInMinutes: number,
    subnets: list(record({ id: answered, name: text, type: answered, etag: answered, properties: SUBNET_PROPERTIES })),
    virtualNetworkPeerings: empty,
    enableDdosProtection: empty,
    enableVmProtection: flag,
    ddosProtectionPlan: empty,
    bgpCommunities: empty,
    encryption: empty,
    ipAllocations: empty,
    privateEndpointVNetPolicies: oneOf("Disabled", "Basic"),
    summarizedGatewayPrefixes: empty,
    resourceGuid: answered,
    provisioningState: answered,
    flowLogs: answered,
    defaultPublicNatGateway: answered,
  }),
  tracked: true,
  passages: { create: "network", update: "network", remove: "networkDelete" },
  draft: draftNetwork,
  render: (world, row) => ({
    resourceGuid: row.guid,
    ...row.properties,
    subnets: listSubnets(world, row.id).map((one) => renderInlineSubnet(world, one)),
    virtualNetworkPeerings: [],
    enableDdosProtection: false,
  }),
  refuseRemoval: (world, row) => {
    for (const one of listSubnets(world, row.id)) refuseSubnetRemoval(world, one);
  },
};

function draftNetwork(request: WriteRequest): Draft {
  const { world, properties, old } = request;
  if (old === undefined && world.countBy("resource", "type", virtualNetwork.type) >= world.settings.quotas.virtualNetworks)
    refuse(
      "VnetCountLimitReached",
      `Cannot create more than ${world.settings.quotas.virtualNetworks} virtual networks for this subscription in this region.`,
    );
  const spaces = readSpaces(properties);
  const { subnets: _subnets, ...own } = properties;
  const existing = old === undefined ? [] : listSubnets(world, old.id);
  for (const one of existing) {
    const range = rangeOfSubnet(one);
    if (!spaces.some((space) => containsCidr(space, range)))
      refuse("NetcfgInvalidSubnet", `Subnet '${one.name}' is not valid in virtual network '${request.name}'.`);
  }
  const inline = properties.subnets === undefined ? undefined : draftInline(request, existing);
  return {
    properties: compact({ privateEndpointVNetPolicies: "Disabled", ...own }),
    references: [],
    after: (row) => inline?.(row),
  };
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#what-address-ranges-can-i-use-in-my-virtual-networks */
function readSpaces(properties: JsonMap): readonly Cidr[] {
  const prefixes = textsAt(properties, "addressSpace", "addressPrefixes");
  if (prefixes.length === 0)
    refuse("InvalidRequestFormat", "Required property 'addressSpace.addressPrefixes' of the virtual network is missing or empty.");
  const spaces = prefixes.map((prefix) => {
    const range = parseCidr(prefix);
    if (range === undefined || hasHostBits(range) || range.prefix < 2 || range.prefix > 29)
      return refuse("NetcfgInvalidIPAddressPrefix", `Address prefix '${prefix}' is not valid, or not between /2 and /29.`);
    return range;
  });
  const overlap = findOverlaps(spaces.map((cidr, n) => ({ cidr, item: prefixes[n] ?? "" })))[0];
  if (overlap !== undefined)
    refuse("NetcfgAddressSpaceOverlap", `The address prefixes '${overlap.first.item}' and '${overlap.second.item}' overlap.`);
  return spaces;
}

/**
 * The subnets of the body take the place of all: those not named go, unless they are in use. A body without `subnets` leaves them alone, an empty
 * list removes them. https://techcommunity.microsoft.com/blog/azurenetworkingblog/azure-virtual-network-now-supports-updates-without-subnet-property/4067952
 */
function draftInline(request: WriteRequest, existing: readonly ResourceRow[]): (network: ResourceRow) => void {
  const { world } = request;
  const wanted = mapsAt(request.properties, "subnets").map((one) => ({
    name: textAt(one, "name") ?? "",
    properties: mapAt(one, "properties"),
  }));
  const spaces = textsAt(request.properties, "addressSpace", "addressPrefixes");
  const names = new Set(wanted.map(({ name }) => name.toLowerCase()));
  if (names.size < wanted.length) refuse("InvalidRequestFormat", "Two subnets of the virtual network have the same name.");
  const gone = existing.filter((row) => !names.has(row.name.toLowerCase()));
  for (const row of gone) refuseSubnetRemoval(world, row);
  const ranges: Cidr[] = [];
  const writes = wanted.map(({ name, properties }) => {
    const old = existing.find((row) => row.name.toLowerCase() === name.toLowerCase());
    const armId = old?.armId ?? `${request.armId}/subnets/${name}`;
    if (name.length > NETWORK_NAMES.most || !NETWORK_NAMES.pattern.test(name))
      refuse("InvalidResourceName", `Resource name ${name} is invalid.`);
    const draft = draftSubnet({ ...request, armId, name, old, properties }, request.name, spaces, ranges);
    ranges.push(rangeOfSubnet({ id: armId, properties: draft.properties } as ResourceRow));
    return { name, armId, old, draft };
  });
  return (network) => {
    for (const row of gone) world.remove(row);
    for (const { name, armId, old, draft } of writes) {
      const content = {
        properties: draft.properties,
        references: draft.references.map(keyOf),
        etag: network.etag,
        state: "Updating" as const,
        ...(network.operation === undefined ? {} : { operation: network.operation }),
      };
      if (old !== undefined) world.change(old, content);
      else
        world.add("resource", {
          ...content,
          id: keyOf(armId),
          armId,
          type: SUBNET_TYPE,
          name,
          group: network.group,
          parent: network.id,
          tagsAt: world.now,
          envelope: {},
          guid: world.newGuid("resource"),
        });
    }
  };
}
