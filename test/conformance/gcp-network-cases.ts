// Networks, subnetworks, firewall rules, routers and addresses of Google Cloud, put to the test.

import { firewalls, routers } from "../../providers/gcp/collections.ts";
import type { Firewall, Gce } from "../../providers/gcp/operations.ts";
import { linkOf, needLocation } from "../../providers/gcp/paths.ts";
import { type ConformanceCase, type Elsewhere, withProp } from "./conformance-case.ts";
import {
  act,
  at,
  editLabels,
  labels,
  labelsElsewhere,
  makeAddress,
  makeNetwork,
  makeSubnetwork,
  nameOf,
  otherPath,
  region,
} from "./gcp-surroundings.ts";

const network: ConformanceCase<Gce> = {
  type: "gcp.compute.Network",
  props: async (_stage, n) => ({ name: nameOf("network", n), autoCreateSubnetworks: false, routingMode: "REGIONAL" }),
  edits: [
    {
      name: "routingMode",
      changed: ["routingMode"],
      to: (_stage, made) => withProp(made.desired, "routingMode", "GLOBAL"),
      steps: ["patch:routingMode"],
    },
  ],
  elsewhere: [
    {
      prop: "routingMode",
      change: (stage, made) =>
        act(stage, "networks.patch", { network: at(made).name, networkResource: { routingConfig: { routingMode: "GLOBAL" } } }),
    },
  ],
  fixed: { name: "names it", autoCreateSubnetworks: "immutable" },
  fixedMarks: "the description of a network is set once",
  remove: (stage, made) => act(stage, "networks.delete", { network: at(made).name }),
  missing: otherPath,
};

const subnetwork: ConformanceCase<Gce> = {
  type: "gcp.compute.Subnetwork",
  props: async (stage, n) => ({
    name: nameOf("subnet", n),
    network: await makeNetwork(stage),
    region,
    ipCidrRange: `10.${n % 250}.0.0/20`,
    privateIpGoogleAccess: false,
  }),
  edits: [
    {
      name: "privateIpGoogleAccess",
      changed: ["privateIpGoogleAccess"],
      to: (_stage, made) => withProp(made.desired, "privateIpGoogleAccess", true),
      steps: ["set:privateIpGoogleAccess"],
    },
  ],
  elsewhere: [
    {
      prop: "privateIpGoogleAccess",
      change: (stage, made) =>
        act(stage, "subnetworks.setPrivateIpGoogleAccess", {
          region,
          subnetwork: at(made).name,
          subnetworksSetPrivateIpGoogleAccessRequestResource: { privateIpGoogleAccess: true },
        }),
    },
  ],
  fixed: { name: "names it", network: "immutable", region: "immutable", ipCidrRange: "it could only grow, and is immutable here" },
  fixedMarks: "the description of a subnetwork is set once",
  remove: (stage, made) => act(stage, "subnetworks.delete", { region, subnetwork: at(made).name }),
  missing: otherPath,
};

const ssh = { IPProtocol: "tcp", ports: ["22", "8000-8080"] };

function ruleElsewhere(prop: string, change: (current: Firewall) => Partial<Firewall>): Elsewhere<Gce> {
  return {
    prop,
    async change(stage, made) {
      const current = await firewalls.get(stage.call(), needLocation(made.id.id));
      await act(stage, "firewalls.update", { firewall: at(made).name, firewallResource: { ...current, ...change(current) } });
    },
  };
}

const firewall: ConformanceCase<Gce> = {
  type: "gcp.compute.Firewall",
  props: async (stage, n) => ({
    name: nameOf("rule", n),
    network: await makeNetwork(stage),
    direction: n % 2 === 0 ? "INGRESS" : "EGRESS",
    priority: 900,
    allowed: [ssh, { IPProtocol: "icmp" }],
    targetTags: ["web", "db"],
    ...(n % 2 === 0 ? { sourceRanges: ["10.0.0.0/8"] } : { destinationRanges: ["10.0.0.0/8"] }),
  }),
  edits: [
    { name: "priority", changed: ["priority"], to: (_stage, made) => withProp(made.desired, "priority", 0), steps: ["update"] },
    {
      name: "priority taken out",
      changed: ["priority"],
      to: (_stage, made) => withProp(made.desired, "priority", undefined),
      steps: ["update"],
    },
    { name: "disabled", changed: ["disabled"], to: (_stage, made) => withProp(made.desired, "disabled", true), steps: ["update"] },
    {
      name: "allowed",
      changed: ["allowed"],
      to: (_stage, made) => withProp(made.desired, "allowed", [{ IPProtocol: "udp" }]),
      steps: ["update"],
    },
    {
      name: "denied instead of allowed",
      changed: ["allowed", "denied"],
      to: (_stage, made) => ({ ...withProp(made.desired, "allowed", undefined), denied: [{ IPProtocol: "all" }] }),
      steps: ["update"],
    },
    {
      name: "targetTags taken out",
      changed: ["targetTags"],
      to: (_stage, made) => withProp(made.desired, "targetTags", undefined),
      steps: ["update"],
    },
    {
      name: "ranges, and tags instead of ranges",
      changed: ["sourceRanges", "sourceTags", "destinationRanges"],
      to: (_stage, made) =>
        made.desired.direction === "EGRESS"
          ? { ...made.desired, destinationRanges: ["192.168.0.0/16", "10.1.0.0/16"] }
          : { ...withProp(made.desired, "sourceRanges", undefined), sourceTags: ["lb"] },
      steps: ["update"],
    },
  ],
  elsewhere: [
    ruleElsewhere("priority", () => ({ priority: 1 })),
    ruleElsewhere("disabled", () => ({ disabled: true })),
    ruleElsewhere("allowed", () => ({ allowed: [{ IPProtocol: "tcp" }] })),
    ruleElsewhere("denied", () => ({ allowed: [], denied: [{ IPProtocol: "tcp" }] })),
    ruleElsewhere("targetTags", () => ({ targetTags: ["others"] })),
  ],
  fixed: {
    name: "names it",
    network: "immutable",
    direction: "immutable",
    sourceRanges: "in gcp-details.test.ts, for a rule inwards",
    sourceTags: "in gcp-details.test.ts, for a rule inwards",
    destinationRanges: "in gcp-details.test.ts, for a rule outwards",
  },
  remove: (stage, made) => act(stage, "firewalls.delete", { firewall: at(made).name }),
  missing: otherPath,
};

const router: ConformanceCase<Gce> = {
  type: "gcp.compute.Router",
  props: async (stage, n) => {
    const { network: of, subnetwork: inside } = await makeSubnetwork(stage);
    const { path } = await makeAddress(stage);
    return { name: nameOf("router", n), network: of, region, nats: [{ name: "nat", natIps: [path], subnetworks: [inside] }] };
  },
  edits: [
    {
      name: "nats: another address",
      changed: ["nats"],
      to: async (stage, made) => {
        const [nat] = made.desired.nats as readonly { subnetworks: string[] }[];
        return withProp(made.desired, "nats", [
          { name: "nat", natIps: [(await makeAddress(stage)).path], subnetworks: nat?.subnetworks ?? [] },
        ]);
      },
      steps: ["nats"],
    },
    { name: "nats taken out", changed: ["nats"], to: (_stage, made) => withProp(made.desired, "nats", undefined), steps: ["nats"] },
  ],
  elsewhere: [
    {
      prop: "nats",
      async change(stage, made) {
        const current = await routers.get(stage.call(), needLocation(made.id.id));
        const { path } = await makeAddress(stage);
        const nats = (current.nats ?? []).map((nat) => ({ ...nat, natIps: [linkOf(path)] }));
        await act(stage, "routers.patch", { region, router: at(made).name, routerResource: { nats } });
      },
    },
  ],
  fixed: { name: "names it", network: "immutable", region: "immutable" },
  remove: (stage, made) => act(stage, "routers.delete", { region, router: at(made).name }),
  missing: otherPath,
};

const address: ConformanceCase<Gce> = {
  type: "gcp.compute.Address",
  props: async (_stage, n) => ({ name: nameOf("address", n), region, labels }),
  edits: [editLabels()],
  elsewhere: [labelsElsewhere],
  fixed: { name: "names it", region: "immutable" },
  fixedMarks: "the description of an address is set once",
  remove: (stage, made) => act(stage, "addresses.delete", { region, address: at(made).name }),
  missing: otherPath,
};

export const networkCases: readonly ConformanceCase<Gce>[] = [network, subnetwork, firewall, router, address];
