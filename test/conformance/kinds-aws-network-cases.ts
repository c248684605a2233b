// The props of networks, subnets, firewalls, keys and addresses, each as a stack that has it, one that has another value, and one without it, with
// what the plan has to show for each step on EC2. Data only: kinds-aws.test.ts plays them.

import type { Action } from "../../engine/plan/change.ts";
import { address, firewall, key, keyA, keyB, network, type PropCase, subnet } from "./kinds-aws-stacks.ts";

export const networkCases: readonly PropCase[] = [
  {
    prop: "network.cidr",
    from: network("cidr = 10.0.0.0/16"),
    to: network("cidr = 10.1.0.0/16"),
    shows: { "network.main:vpc": "replace", "network.main:attachment": "replace" },
  },
  {
    prop: "network.internet",
    from: `${network("cidr = 10.0.0.0/16, internet = false")}subnet a { network = main, cidr = 10.0.0.0/24 }\n`,
    to: `${network("cidr = 10.0.0.0/16, internet = true")}subnet a { network = main, cidr = 10.0.0.0/24 }\n`,
    shows: { "network.main:gateway": "create", "network.main:attachment": "create", "subnet.a:route": "create" },
  },
  {
    prop: "network.internet",
    name: "closed again",
    from: `${network("cidr = 10.0.0.0/16, internet = true")}subnet a { network = main, cidr = 10.0.0.0/24 }\n`,
    to: `${network("cidr = 10.0.0.0/16, internet = false")}subnet a { network = main, cidr = 10.0.0.0/24 }\n`,
    shows: { "network.main:gateway": "delete", "network.main:attachment": "delete", "subnet.a:route": "delete" },
    without: `${network("cidr = 10.0.0.0/16")}subnet a { network = main, cidr = 10.0.0.0/24 }\n`,
    removal: { "network.main:gateway": "create", "network.main:attachment": "create", "subnet.a:route": "create" },
  },
  {
    prop: "network.tags",
    from: network('cidr = 10.0.0.0/16, tags = { role = "old", gone = "soon" }'),
    to: network('cidr = 10.0.0.0/16, tags = { role = "new", Name = "mine", team = "own" }'),
    shows: { "network.main:vpc": "update", "network.main:gateway": "update" },
    without: network("cidr = 10.0.0.0/16"),
    removal: { "network.main:vpc": "update", "network.main:gateway": "update" },
  },
];

export const subnetCases: readonly PropCase[] = [
  {
    prop: "subnet.network",
    from: subnet("network = main, cidr = 10.0.1.0/24"),
    to: subnet("network = other, cidr = 10.0.1.0/24"),
    shows: {
      "subnet.s:subnet": "replace",
      "subnet.s:table": "replace",
      "subnet.s:association": "replace",
      "subnet.s:route": "replace",
    },
  },
  {
    prop: "subnet.cidr",
    from: subnet("network = main, cidr = 10.0.1.0/24"),
    to: subnet("network = main, cidr = 10.0.2.0/24"),
    shows: { "subnet.s:subnet": "replace", "subnet.s:association": "replace" },
  },
  {
    prop: "subnet.zone",
    from: subnet('network = main, cidr = 10.0.1.0/24, zone = "b"'),
    to: subnet('network = main, cidr = 10.0.1.0/24, zone = "c"'),
    shows: { "subnet.s:subnet": "replace", "subnet.s:association": "replace" },
    without: subnet("network = main, cidr = 10.0.1.0/24"),
    removal: { "subnet.s:subnet": "replace", "subnet.s:association": "replace" },
  },
  {
    prop: "subnet.public",
    from: subnet("network = main, cidr = 10.0.1.0/24, public = true"),
    to: subnet("network = main, cidr = 10.0.1.0/24, public = false"),
    shows: { "subnet.s:route": "delete" },
    without: subnet("network = main, cidr = 10.0.1.0/24"),
    removal: { "subnet.s:route": "create" },
  },
  {
    prop: "subnet.nat",
    from: subnet("network = main, cidr = 10.0.1.0/24, public = false, nat = edge"),
    to: subnet("network = main, cidr = 10.0.1.0/24, public = false, nat = rim"),
    shows: {
      "subnet.s:route": "update",
      "subnet.edge:nat": "delete",
      "subnet.edge:nat-address": "delete",
      "subnet.rim:nat": "create",
      "subnet.rim:nat-address": "create",
    },
    without: subnet("network = main, cidr = 10.0.1.0/24, public = false"),
    removal: { "subnet.s:route": "delete", "subnet.rim:nat": "delete", "subnet.rim:nat-address": "delete" },
  },
  {
    prop: "subnet.nat",
    name: "to the internet gateway",
    from: subnet("network = main, cidr = 10.0.1.0/24, public = false, nat = edge"),
    to: subnet("network = main, cidr = 10.0.1.0/24"),
    shows: { "subnet.s:route": "update", "subnet.edge:nat": "delete", "subnet.edge:nat-address": "delete" },
  },
  {
    prop: "subnet.tags",
    from: subnet('network = main, cidr = 10.0.1.0/24, tags = { role = "old" }'),
    to: subnet('network = main, cidr = 10.0.1.0/24, tags = { role = "new" }'),
    shows: { "subnet.s:subnet": "update", "subnet.s:table": "update" },
    without: subnet("network = main, cidr = 10.0.1.0/24"),
    removal: { "subnet.s:subnet": "update", "subnet.s:table": "update" },
  },
];

const anyOut = "firewall.f:egress-any-0.0.0.0/0";

export const firewallCases: readonly PropCase[] = [
  {
    prop: "firewall.network",
    from: firewall("network = main\n  allow tcp 80 from any"),
    to: firewall("network = other\n  allow tcp 80 from any"),
    shows: { "firewall.f:group": "replace", "firewall.f:ingress-tcp-80-0.0.0.0/0": "replace", [anyOut]: "replace" },
  },
  {
    prop: "firewall.tags",
    from: firewall('network = main\n  tags = { role = "old" }\n  allow tcp 80 from any'),
    to: firewall('network = main\n  tags = { role = "new" }\n  allow tcp 80 from any'),
    shows: { "firewall.f:group": "update", "firewall.f:ingress-tcp-80-0.0.0.0/0": "update", [anyOut]: "update" },
    without: firewall("network = main\n  allow tcp 80 from any"),
    removal: { "firewall.f:group": "update", "firewall.f:ingress-tcp-80-0.0.0.0/0": "update", [anyOut]: "update" },
  },
  ...(
    [
      ["a port", "allow tcp 80 from any", "allow tcp 81 from any", "ingress-tcp-80-0.0.0.0/0", "ingress-tcp-81-0.0.0.0/0"],
      ["a range", "allow udp 80-90 from any", "allow udp 80-91 from any", "ingress-udp-80-90-0.0.0.0/0", "ingress-udp-80-91-0.0.0.0/0"],
      ["all ports", "allow tcp from any", "allow udp from any", "ingress-tcp-all-0.0.0.0/0", "ingress-udp-all-0.0.0.0/0"],
      ["icmp", "allow icmp from any", "allow icmp from 192.0.2.0/24", "ingress-icmp-0.0.0.0/0", "ingress-icmp-192.0.2.0/24"],
      ["anything", "allow any from s", "allow any from main", "ingress-any-10.0.1.0/24", "ingress-any-10.0.0.0/16"],
      [
        "an address",
        "allow tcp 1 from 192.0.2.1",
        "allow tcp 1 from 192.0.2.2",
        "ingress-tcp-1-192.0.2.1/32",
        "ingress-tcp-1-192.0.2.2/32",
      ],
      ["a firewall", "allow tcp 1 from peer", "allow tcp 1 from f", "ingress-tcp-1-firewall.peer", "ingress-tcp-1-firewall.f"],
      ["outbound", "allow tcp 443 to any", "allow tcp 443 to s", "egress-tcp-443-0.0.0.0/0", "egress-tcp-443-10.0.1.0/24"],
      ["outbound icmp", "allow icmp to any", "allow any to peer", "egress-icmp-0.0.0.0/0", "egress-any-firewall.peer"],
    ] as const
  ).map(([name, from, to, gone, made]): PropCase => {
    const out: Readonly<Record<string, Action>> = gone.startsWith("egress") ? { [anyOut]: "create" } : {};
    return {
      prop: "firewall.allow",
      name,
      from: firewall(`network = main\n  ${from}`),
      to: firewall(`network = main\n  ${to}`),
      shows: { [`firewall.f:${gone}`]: "delete", [`firewall.f:${made}`]: "create" },
      without: firewall("network = main"),
      removal: { [`firewall.f:${made}`]: "delete", ...out },
    };
  }),
  {
    prop: "firewall.allow",
    name: "several at once",
    from: firewall("network = main\n  allow tcp 80, 443, 8000-8100 from any, 192.0.2.0/24"),
    to: firewall("network = main\n  allow tcp 80, 8000-8100 from any\n  allow tcp 443 from s, main"),
    shows: {
      "firewall.f:ingress-tcp-443-0.0.0.0/0": "delete",
      "firewall.f:ingress-tcp-443-192.0.2.0/24": "delete",
      "firewall.f:ingress-tcp-80-192.0.2.0/24": "delete",
      "firewall.f:ingress-tcp-8000-8100-192.0.2.0/24": "delete",
      "firewall.f:ingress-tcp-443-10.0.1.0/24": "create",
      "firewall.f:ingress-tcp-443-10.0.0.0/16": "create",
    },
  },
];

export const keyCases: readonly PropCase[] = [
  {
    prop: "key.public_key",
    from: key(`public_key = "${keyA}"`),
    to: key(`public_key = "${keyB}"`),
    shows: { "key.k:key": "replace" },
  },
];

export const addressCases: readonly PropCase[] = [
  {
    prop: "address.tags",
    from: address('tags = { role = "old" }'),
    to: address('tags = { role = "new" }'),
    shows: { "address.ip:eip": "update" },
    without: address(""),
    removal: { "address.ip:eip": "update" },
  },
];
