// firewall on azure: an ApplicationSecurityGroup that its machines join, and its rules in the network's security group, by which the group is one end of
// each. Outbound, what the firewall allows stands above what any firewall denies, so a machine may do what one of its firewalls allows.

import { type NativeValue, nativeRef } from "../../../engine/lower/native-value.ts";
import type { Lowering, LoweringContext, NativeObjectHandle } from "../../../engine/provider/provider.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { followRef } from "../../lowering/read-props.ts";
import { armName, nameLimits, partName } from "./names.ts";
import { placeOf } from "./place.ts";
import { priorityOf } from "./priorities.ts";
import { checkAddresses } from "./rule-limits.ts";
import { type SecurityPeer, type SecurityRule, securityRulesOf } from "./security-rules.ts";
import { checkTags } from "./tags.ts";

export const lowerFirewall: Lowering = (resource, context) => {
  const network = followRef(resource.props.network, context);
  const group = context.object(
    "asg",
    "azure.network.ApplicationSecurityGroup",
    {
      name: armName(context, nameLimits.network),
      ...placeOf(context),
      ...(network ? { virtualNetwork: nativeRef(`${network.address}:network`, "id") } : {}),
      tags: context.tags,
    },
    { from: { tags: "tags", virtualNetwork: "network" } },
  );
  const rules = securityRulesOf(resource, context);
  const objects = network ? rules.flatMap((rule) => lowerRule(rule, resource, network, group, context)) : [];
  return {
    objects: [group, ...objects].map((handle) => handle.object),
    outputs: { id: group.ref("id") },
    diagnostics: [...rules.flatMap((rule) => checkAddresses(rule, resource, context)), ...checkTags(resource, context)],
  };
};

/** Nothing where the group is full, which the network reports. */
function lowerRule(
  rule: SecurityRule,
  firewall: PortableResource,
  network: PortableResource,
  group: NativeObjectHandle,
  context: LoweringContext,
): readonly NativeObjectHandle[] {
  const priority = priorityOf(firewall, rule, network, context);
  if (priority === undefined) return [];
  const { role, direction, access, protocol } = rule;
  const own: End = { groups: [group.ref("id")] };
  const peer = endOf(rule.peer, context);
  const [source, destination] = direction === "Inbound" ? [peer, own] : [own, peer];
  const place = rule.position === undefined ? "*" : `allow.${rule.position}`;
  return [
    context.object(
      role,
      "azure.network.SecurityRule",
      {
        networkSecurityGroup: nativeRef(`${network.address}:security-group`, "id"),
        name: partName(context, role.replace(/^rule-/, ""), nameLimits.rule),
        priority,
        direction,
        access,
        protocol,
        sourceAddressPrefixes: source.prefixes,
        sourceApplicationSecurityGroups: source.groups,
        destinationAddressPrefixes: destination.prefixes,
        destinationApplicationSecurityGroups: destination.groups,
        destinationPortRanges: rule.ports,
      },
      {
        from: {
          networkSecurityGroup: "network",
          protocol: place,
          sourceAddressPrefixes: place,
          sourceApplicationSecurityGroups: place,
          destinationAddressPrefixes: place,
          destinationApplicationSecurityGroups: place,
          destinationPortRanges: place,
        },
      },
    ),
  ];
}

/** One end of a rule: addresses or groups, never both. */
interface End {
  readonly prefixes?: readonly NativeValue[];
  readonly groups?: readonly NativeValue[];
}

function endOf(peer: SecurityPeer, context: LoweringContext): End {
  switch (peer.kind) {
    case "prefixes":
      return { prefixes: peer.prefixes };
    case "firewall":
      return { groups: [nativeRef(`${peer.address}:asg`, "id")] };
    case "deferred":
      return { prefixes: [context.native(peer.value)] };
  }
}
