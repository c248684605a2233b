// subnet on azure: a Subnet under the network's security group, without the way out that Azure gives by default. A subnet that others name in `nat` brings the
// NatGateway, one for all that name it; those that do carry it.
// https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access

import { nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering } from "../../../engine/provider/provider.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import { checkRange } from "../../lowering/ranges.ts";
import { armName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { makePublicAddress } from "./public-address.ts";
import { networkRange } from "./ranges.ts";
import { checkTags } from "./tags.ts";
import { lowerZone } from "./zones.ts";

export const lowerSubnet: Lowering = (resource, context) => {
  const { network, nat } = resource.props;
  const isOthers = resource.annotations.existing !== undefined; // then its security group is theirs too
  const letter = String(resource.props.zone ?? "a");
  const zone = lowerZone(letter, context);
  const subnet = context.object(
    "subnet",
    "azure.network.Subnet",
    {
      virtualNetwork: context.native(network ?? ""),
      name: armName(context, nameLimits.network),
      addressPrefix: context.native(resource.props.cidr ?? ""),
      networkSecurityGroup: isRef(network) && !isOthers ? nativeRef(`${network.address}:security-group`, "id") : undefined,
      natGateway: isRef(nat) ? nativeRef(`${nat.address}:nat`, "id") : undefined,
      defaultOutboundAccess: false,
    },
    { from: { virtualNetwork: "network", addressPrefix: "cidr", networkSecurityGroup: "network", natGateway: "nat" } },
  );
  const diagnostics = [...checkRange(resource, networkRange, context), ...zone.diagnostics, ...checkTags(resource, context)];
  const outputs = { id: subnet.ref("id"), zone: letter };
  if (context.referrers(resource.address, "nat").length === 0) return { objects: [subnet.object], outputs, diagnostics };

  const address = makePublicAddress("nat-address", context);
  const gateway = context.object(
    "nat",
    "azure.network.NatGateway",
    {
      name: armName(context, nameLimits.network),
      ...placeOf(context),
      publicIpAddresses: [address.ref("id")],
      virtualNetwork: context.native(network ?? ""),
      zones: zone.zones,
      tags: context.tags,
    },
    { from: { virtualNetwork: "network", zones: "zone", tags: "tags" } },
  );
  return {
    objects: [subnet, address, gateway].map((handle) => handle.object),
    outputs: { ...outputs, nat_ip: address.ref("ipAddress") },
    diagnostics,
  };
};
