// Network security groups and application security groups: the rules of one, the bare name of the other.
// https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups/create-or-update

import { keyOf } from "./arm-id.ts";
import { refuse } from "./errors.ts";
import { idAt, mapAt, mapsAt, textAt } from "./json.ts";
import { quoteEtag } from "./render.ts";
import { type Draft, NETWORK_PART, type ResourceType, type WriteRequest } from "./resource-type.ts";
import type { JsonMap, ResourceRow } from "./rows.ts";
import { draftRule, listRules, RULE_PROPERTIES, RULE_TYPE, renderInlineRule } from "./security-rule.ts";
import { answered, flag, list, record, text } from "./shape.ts";
import type { World } from "./world.ts";

export const securityGroup: ResourceType = {
  type: "Microsoft.Network/networkSecurityGroups",
  noun: "networkSecurityGroups",
  title: "NetworkSecurityGroup",
  ...NETWORK_PART,
  envelope: {},
  properties: record({
    flushConnection: flag,
    securityRules: list(record({ id: answered, name: text, type: answered, etag: answered, properties: RULE_PROPERTIES })),
    defaultSecurityRules: answered,
    networkInterfaces: answered,
    subnets: answered,
    flowLogs: answered,
    resourceGuid: answered,
    provisioningState: answered,
  }),
  tracked: true,
  passages: { create: "network", update: "network", remove: "networkDelete" },
  draft: draftGroup,
  render: (world, row) => {
    const users = listUsers(world, row);
    return {
      resourceGuid: row.guid,
      ...row.properties,
      securityRules: listRules(world, row.id).map(renderInlineRule),
      defaultSecurityRules: renderDefaultRules(row),
      ...users,
    };
  },
  refuseRemoval: (world, row) => {
    const { subnets = [], networkInterfaces = [] } = listUsers(world, row);
    const ids = [...subnets, ...networkInterfaces].map(({ id }) => id);
    if (ids.length > 0)
      refuse(
        "InUseNetworkSecurityGroupCannotBeDeleted",
        `Network security group ${row.armId} cannot be deleted because it is in use by the following resources: ${ids.join(", ")}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
      );
  },
};

interface Users {
  readonly subnets?: readonly { readonly id: string }[];
  readonly networkInterfaces?: readonly { readonly id: string }[];
}

function listUsers(world: World, row: ResourceRow): Users & JsonMap {
  const users = world.referrersOf(row.id).filter((other) => idAt(other.properties, "networkSecurityGroup")?.toLowerCase() === row.id);
  const of = (type: string): readonly { id: string }[] => users.filter((other) => other.type === type).map(({ armId }) => ({ id: armId }));
  const subnets = of("Microsoft.Network/virtualNetworks/subnets");
  const networkInterfaces = of("Microsoft.Network/networkInterfaces");
  return {
    ...(networkInterfaces.length === 0 ? {} : { networkInterfaces }),
    ...(subnets.length === 0 ? {} : { subnets }),
  };
}

/** The rules of the body take the place of all. */
function draftGroup(request: WriteRequest): Draft {
  const { world, old } = request;
  const { securityRules: _rules, ...own } = request.properties;
  const existing = old === undefined ? [] : listRules(world, old.id);
  const before: { name: string; properties: JsonMap }[] = [];
  const writes = mapsAt(request.properties, "securityRules").map((one) => {
    const name = textAt(one, "name") ?? refuse("InvalidRequestFormat", "Required property 'name' not found in JSON of a security rule.");
    const was = existing.find((row) => row.name.toLowerCase() === name.toLowerCase());
    const armId = was?.armId ?? `${request.armId}/securityRules/${name}`;
    const draft = draftRule({ ...request, name, armId, old: was, properties: mapAt(one, "properties") }, before);
    if (before.some((rule) => rule.name.toLowerCase() === name.toLowerCase()))
      refuse("InvalidRequestFormat", `Two security rules of the group are named ${name}.`);
    before.push({ name, properties: draft.properties });
    return { name, armId, was, draft };
  });
  return {
    properties: own,
    references: [],
    after: (group) => {
      const kept = new Set(writes.flatMap(({ was }) => was?.id ?? []));
      for (const row of existing) if (!kept.has(row.id)) world.remove(row);
      for (const { name, armId, was, draft } of writes) {
        const content = {
          properties: draft.properties,
          references: draft.references.map(keyOf),
          etag: group.etag,
          state: "Updating" as const,
          ...(group.operation === undefined ? {} : { operation: group.operation }),
        };
        if (was !== undefined) world.change(was, content);
        else
          world.add("resource", {
            ...content,
            id: keyOf(armId),
            armId,
            type: RULE_TYPE,
            name,
            group: group.group,
            parent: group.id,
            tagsAt: world.now,
            envelope: {},
            guid: world.newGuid("resource"),
          });
      }
    },
  };
}

type DefaultRule = readonly [
  name: string,
  priority: number,
  direction: string,
  access: string,
  source: string,
  destination: string,
  text: string,
];

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
const DEFAULT_RULES: readonly DefaultRule[] = [
  ["AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork", "Allow inbound traffic from all VMs in VNET"],
  ["AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*", "Allow inbound traffic from azure load balancer"],
  ["DenyAllInBound", 65500, "Inbound", "Deny", "*", "*", "Deny all inbound traffic"],
  [
    "AllowVnetOutBound",
    65000,
    "Outbound",
    "Allow",
    "VirtualNetwork",
    "VirtualNetwork",
    "Allow outbound traffic from all VMs to all VMs in VNET",
  ],
  ["AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet", "Allow outbound traffic from all VMs to Internet"],
  ["DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*", "Deny all outbound traffic"],
];

export function renderDefaultRules(group: ResourceRow): readonly JsonMap[] {
  return DEFAULT_RULES.map(([name, priority, direction, access, sourceAddressPrefix, destinationAddressPrefix, description]) => ({
    name,
    id: `${group.armId}/defaultSecurityRules/${name}`,
    etag: quoteEtag(group.etag),
    type: "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
    properties: {
      provisioningState: group.state,
      description,
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "*",
      sourceAddressPrefix,
      destinationAddressPrefix,
      access,
      priority,
      direction,
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  }));
}

export const applicationSecurityGroup: ResourceType = {
  type: "Microsoft.Network/applicationSecurityGroups",
  noun: "applicationSecurityGroups",
  title: "ApplicationSecurityGroup",
  ...NETWORK_PART,
  envelope: {},
  properties: record({ resourceGuid: answered, provisioningState: answered }),
  tracked: true,
  passages: { create: "network", update: "network", remove: "network" },
  draft: () => ({ properties: {}, references: [] }),
  render: (_world, row) => ({ resourceGuid: row.guid }),
  refuseRemoval: (world, row) => {
    const users = world.referrersOf(row.id).map((other) => other.armId);
    // The wording is the cloud's, https://github.com/Azure/azure-cli/issues/12591; it does not tell the code.
    if (users.length > 0)
      refuse(
        "InUseApplicationSecurityGroupCannotBeDeleted",
        `Application Security Group ${row.name} cannot be deleted because it is referenced by ${users.join(", ")}.`,
      );
  },
};
