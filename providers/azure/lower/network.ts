// network on azure: a VirtualNetwork and one NetworkSecurityGroup for all its subnets, whose last inbound rule closes what Azure's own defaults would admit:
// everything within the network. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules

import type { Lowering } from "../../../engine/provider/provider.ts";
import { checkForbiddenRanges } from "../../lowering/forbidden-ranges.ts";
import { checkRange } from "../../lowering/ranges.ts";
import { armName, nameLimits } from "./names.ts";
import { placeOf } from "./place.ts";
import { forbiddenRanges, networkRange } from "./ranges.ts";
import { checkRuleCounts } from "./rule-limits.ts";
import { everything } from "./security-rules.ts";
import { checkTags } from "./tags.ts";

/** The last that a rule may have; smaller numbers go first. */
const lastPriority = 4096;

export const lowerNetwork: Lowering = (resource, context) => {
  const place = placeOf(context);
  const tags = context.tags;
  const network = context.object(
    "network",
    "azure.network.VirtualNetwork",
    {
      name: armName(context, nameLimits.virtualNetwork),
      ...place,
      addressPrefixes: [context.native(resource.props.cidr ?? "")],
      tags,
    },
    { from: { addressPrefixes: "cidr", tags: "tags" } },
  );
  const group = context.object(
    "security-group",
    "azure.network.NetworkSecurityGroup",
    { name: armName(context, nameLimits.network), ...place, unmanagedRules: [], tags }, // what others put in is drift
    { from: { tags: "tags" } },
  );
  const closed = context.object("deny-inbound", "azure.network.SecurityRule", {
    networkSecurityGroup: group.ref("id"),
    name: "deny-inbound",
    priority: lastPriority,
    direction: "Inbound",
    access: "Deny",
    protocol: "*",
    sourceAddressPrefixes: everything,
    destinationAddressPrefixes: everything,
    destinationPortRanges: everything,
  });
  return {
    objects: [network, group, closed].map((handle) => handle.object),
    outputs: { id: network.ref("id") },
    diagnostics: [
      ...checkRange(resource, networkRange, context),
      ...checkForbiddenRanges(resource, { cloud: "Azure", ranges: forbiddenRanges }, context),
      ...checkRuleCounts(resource, context),
      ...checkTags(resource, context),
    ],
  };
};
