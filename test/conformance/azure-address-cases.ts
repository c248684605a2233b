// Addresses, gateways and interfaces of Azure, put to the test.

import type { Json } from "../../providers/azure/json.ts";
import { mapsAt } from "../../providers/azure/json.ts";
import {
  act,
  type Case,
  editTags,
  fixedPlace,
  groupOf,
  makeAddress,
  makeAsg,
  makeSubnet,
  otherId,
  place,
  rewrite,
  tags,
  tagsElsewhere,
} from "./azure-surroundings.ts";
import { withProp } from "./conformance-case.ts";

const publicAddress: Case = {
  type: "azure.network.PublicIPAddress",
  props: async (stage, n) => ({ ...(await place(stage, "address", n)), zones: ["1", "2", "3"], tags }),
  edits: [editTags],
  elsewhere: [tagsElsewhere("publicIPAddresses")],
  fixed: { ...fixedPlace, zones: "immutable" },
  remove: (stage, made) => act(stage, "publicIPAddresses.delete", made.id.id),
  missing: otherId,
};

const natGateway: Case = {
  type: "azure.network.NatGateway",
  props: async (stage, n) => {
    const placed = await place(stage, "nat", n);
    const address = await makeAddress(stage, placed.resourceGroup ?? "", `first-${n}`);
    return { ...placed, zones: ["1"], publicIpAddresses: [address], tags };
  },
  edits: [
    {
      name: "another address, another timeout",
      changed: ["publicIpAddresses", "idleTimeoutInMinutes"],
      to: async (stage, made) => ({
        ...made.desired,
        publicIpAddresses: [await makeAddress(stage, groupOf(made), "second")],
        idleTimeoutInMinutes: 10,
      }),
      steps: ["modify"],
    },
    editTags,
  ],
  elsewhere: [
    tagsElsewhere("natGateways"),
    {
      prop: "idleTimeoutInMinutes",
      change: (stage, made) => rewrite(stage, "natGateways", made.id.id, (all) => ({ ...all, idleTimeoutInMinutes: 30 })),
    },
    {
      prop: "publicIpAddresses",
      async change(stage, made) {
        const id = await makeAddress(stage, groupOf(made), "by-hand");
        await rewrite(stage, "natGateways", made.id.id, (all) => ({
          ...all,
          publicIpAddresses: [...mapsAt(all, "publicIpAddresses"), { id }],
        }));
      },
    },
  ],
  fixed: { ...fixedPlace, zones: "immutable" },
  remove: (stage, made) => act(stage, "natGateways.delete", made.id.id),
  missing: otherId,
};

/** Changes the one IP configuration. */
function inConfiguration(change: (properties: Json) => Json): (all: Json) => Json {
  return (all) => ({
    ...all,
    ipConfigurations: mapsAt(all, "ipConfigurations").map((each) => ({ ...each, properties: change((each.properties ?? {}) as Json) })),
  });
}

const networkInterface: Case = {
  type: "azure.network.NetworkInterface",
  props: async (stage, n) => {
    const placed = await place(stage, "interface", n);
    const group = placed.resourceGroup ?? "";
    return {
      ...placed,
      subnet: await makeSubnet(stage, group, n),
      privateIPAddress: "10.0.1.77",
      publicIPAddress: await makeAddress(stage, group, `first-${n}`),
      applicationSecurityGroups: [await makeAsg(stage, group, `first-${n}`)],
      tags,
    };
  },
  edits: [
    {
      name: "another address and other groups",
      changed: ["publicIPAddress", "applicationSecurityGroups"],
      to: async (stage, made) => ({
        ...made.desired,
        publicIPAddress: await makeAddress(stage, groupOf(made), "second"),
        applicationSecurityGroups: [await makeAsg(stage, groupOf(made), "second"), await makeAsg(stage, groupOf(made), "third")],
      }),
      steps: ["modify"],
    },
    {
      name: "no public address",
      changed: ["publicIPAddress"],
      to: (_stage, made) => withProp(made.desired, "publicIPAddress", undefined),
      steps: ["modify"],
    },
    editTags,
  ],
  elsewhere: [
    tagsElsewhere("networkInterfaces"),
    {
      prop: "publicIPAddress",
      change: (stage, made) =>
        rewrite(
          stage,
          "networkInterfaces",
          made.id.id,
          inConfiguration(({ publicIPAddress: _, ...rest }) => rest),
        ),
    },
    {
      prop: "applicationSecurityGroups",
      change: (stage, made) =>
        rewrite(
          stage,
          "networkInterfaces",
          made.id.id,
          inConfiguration((all) => ({ ...all, applicationSecurityGroups: [] })),
        ),
    },
    {
      prop: "privateIPAddress",
      change: (stage, made) =>
        rewrite(
          stage,
          "networkInterfaces",
          made.id.id,
          inConfiguration((all) => ({ ...all, privateIPAddress: "10.0.1.78" })),
        ),
      mendable: false,
    },
  ],
  fixed: { ...fixedPlace, subnet: "immutable" },
  remove: (stage, made) => act(stage, "networkInterfaces.delete", made.id.id),
  missing: otherId,
};

export const addressCases: readonly Case[] = [publicAddress, natGateway, networkInterface];
