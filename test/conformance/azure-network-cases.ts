// Groups, networks and rules of Azure, put to the test.

import {
  act,
  type Case,
  editTags,
  fixedPlace,
  groupOf,
  location,
  makeAsg,
  makeGroup,
  makeNat,
  makeNetwork,
  makeSecurityGroup,
  nameOf,
  otherId,
  place,
  rewrite,
  type Stage,
  tags,
  tagsElsewhere,
} from "./azure-surroundings.ts";
import { withProp } from "./conformance-case.ts";
import type { Made } from "./executor.ts";

const resourceGroup: Case = {
  type: "azure.resources.ResourceGroup",
  props: async (stage, n) => ({ name: nameOf(stage, "own", n), location, tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere("resourceGroups")],
  fixed: { name: "immutable", location: "immutable" },
  remove: (stage, made) => act(stage, "resourceGroups.delete", made.id.id),
  missing: otherId,
};

const virtualNetwork: Case = {
  type: "azure.network.VirtualNetwork",
  props: async (stage, n) => ({ ...(await place(stage, "network", n)), addressPrefixes: ["10.1.0.0/16"], tags }),
  edits: [editTags],
  elsewhere: [
    tagsElsewhere("virtualNetworks"),
    {
      prop: "addressPrefixes",
      change: (stage, made) =>
        rewrite(stage, "virtualNetworks", made.id.id, (all) => ({
          ...all,
          addressSpace: { addressPrefixes: ["10.1.0.0/16", "10.9.0.0/16"] },
        })),
      mendable: false,
    },
  ],
  fixed: fixedPlace,
  remove: (stage, made) => act(stage, "virtualNetworks.delete", made.id.id),
  missing: otherId,
};

const subnet: Case = {
  type: "azure.network.Subnet",
  props: async (stage, n) => {
    const group = await makeGroup(stage, n);
    return {
      virtualNetwork: await makeNetwork(stage, group, n),
      name: `subnet-${n}`,
      addressPrefix: "10.0.7.0/24",
      networkSecurityGroup: await makeSecurityGroup(stage, group, `first-${n}`),
      natGateway: await makeNat(stage, group, `first-${n}`),
    };
  },
  edits: [
    {
      name: "another group, no gateway, a way out",
      changed: ["networkSecurityGroup", "natGateway", "defaultOutboundAccess"],
      to: async (stage, made) => ({
        ...withProp(made.desired, "natGateway", undefined),
        networkSecurityGroup: await makeSecurityGroup(stage, groupOf(made), "second"),
        defaultOutboundAccess: true,
      }),
      steps: ["modify"],
    },
  ],
  elsewhere: [
    {
      prop: "networkSecurityGroup",
      change: (stage, made) => rewrite(stage, "subnets", made.id.id, ({ networkSecurityGroup: _, ...rest }) => rest),
    },
    { prop: "natGateway", change: (stage, made) => rewrite(stage, "subnets", made.id.id, ({ natGateway: _, ...rest }) => rest) },
    {
      prop: "defaultOutboundAccess",
      change: (stage, made) => rewrite(stage, "subnets", made.id.id, (all) => ({ ...all, defaultOutboundAccess: true })),
    },
  ],
  fixed: { virtualNetwork: "names it", name: "names it", addressPrefix: "immutable" },
  remove: (stage, made) => act(stage, "subnets.delete", made.id.id),
  natural: ["virtualNetwork", "name"],
  missing: otherId,
};

const foreignRule = {
  properties: {
    priority: 333,
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sourcePortRange: "*",
    sourceAddressPrefix: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "22",
  },
} as const;

const securityGroup: Case = {
  type: "azure.network.NetworkSecurityGroup",
  props: async (stage, n) => ({ ...(await place(stage, "nsg", n)), unmanagedRules: [], tags }),
  edits: [editTags],
  unedited: { unmanagedRules: "wanted empty always; what others put in is taken out" },
  elsewhere: [
    tagsElsewhere("networkSecurityGroups"),
    {
      prop: "unmanagedRules",
      change: (stage, made) => act(stage, "securityRules.createOrUpdate", `${made.id.id}/securityRules/by-hand`, foreignRule),
    },
  ],
  fixed: fixedPlace,
  remove: (stage, made) => act(stage, "networkSecurityGroups.delete", made.id.id),
  missing: otherId,
};

const ruleElsewhere = (prop: string, change: Parameters<typeof rewrite>[3]) => ({
  prop,
  change: (stage: Stage, made: Made) => rewrite(stage, "securityRules", made.id.id, change),
});

const securityRule: Case = {
  type: "azure.network.SecurityRule",
  props: async (stage, n) => {
    const group = await makeGroup(stage, n);
    return {
      networkSecurityGroup: await makeSecurityGroup(stage, group, `group-${n}`),
      name: `rule-${n}`,
      priority: 200,
      direction: "Inbound",
      access: "Allow",
      protocol: "Tcp",
      sourceAddressPrefixes: ["10.0.0.0/8", "192.168.0.0/16"],
      destinationApplicationSecurityGroups: [await makeAsg(stage, group, `asg-${n}`)],
      destinationPortRanges: ["80", "8000-8100"],
    };
  },
  edits: [
    {
      name: "all that it says",
      changed: [
        "access",
        "protocol",
        "sourceAddressPrefixes",
        "sourceApplicationSecurityGroups",
        "destinationApplicationSecurityGroups",
        "destinationAddressPrefixes",
        "destinationPortRanges",
      ],
      to: async (stage, made) => {
        const { sourceAddressPrefixes: _, destinationApplicationSecurityGroups: __, ...rest } = made.desired;
        const group = groupOf(made);
        return {
          ...rest,
          access: "Deny",
          protocol: "*",
          sourceApplicationSecurityGroups: [await makeAsg(stage, group, "peer")],
          destinationAddressPrefixes: ["*"],
          destinationPortRanges: ["*"],
        };
      },
      steps: ["modify"],
    },
  ],
  elsewhere: [
    ruleElsewhere("access", (all) => ({ ...all, access: "Deny" })),
    ruleElsewhere("protocol", (all) => ({ ...all, protocol: "Udp" })),
    ruleElsewhere("sourceAddressPrefixes", ({ sourceAddressPrefixes: _, ...all }) => ({ ...all, sourceAddressPrefix: "*" })),
    ruleElsewhere("destinationPortRanges", ({ destinationPortRanges: _, ...all }) => ({ ...all, destinationPortRange: "443" })),
    ruleElsewhere("destinationAddressPrefixes", ({ destinationApplicationSecurityGroups: _, ...all }) => ({
      ...all,
      destinationAddressPrefix: "10.5.0.0/16",
    })),
    ruleElsewhere("destinationApplicationSecurityGroups", ({ destinationApplicationSecurityGroups: _, ...all }) => ({
      ...all,
      destinationAddressPrefix: "*",
    })),
    {
      prop: "sourceApplicationSecurityGroups",
      async change(stage, made) {
        const id = await makeAsg(stage, groupOf(made), "source");
        await rewrite(stage, "securityRules", made.id.id, ({ sourceAddressPrefixes: _, ...all }) => ({
          ...all,
          sourceApplicationSecurityGroups: [{ id }],
        }));
      },
    },
    { ...ruleElsewhere("priority", (all) => ({ ...all, priority: 201 })), mendable: false },
    { ...ruleElsewhere("direction", (all) => ({ ...all, direction: "Outbound" })), mendable: false },
  ],
  fixed: { networkSecurityGroup: "names it", name: "names it" },
  remove: (stage, made) => act(stage, "securityRules.delete", made.id.id),
  natural: ["networkSecurityGroup", "name"],
  missing: otherId,
};

const applicationSecurityGroup: Case = {
  type: "azure.network.ApplicationSecurityGroup",
  props: async (stage, n) => ({ ...(await place(stage, "asg", n)), tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere("applicationSecurityGroups")],
  fixed: fixedPlace,
  remove: (stage, made) => act(stage, "applicationSecurityGroups.delete", made.id.id),
  missing: otherId,
};

export const networkCases: readonly Case[] = [resourceGroup, virtualNetwork, subnet, securityGroup, securityRule, applicationSecurityGroup];
