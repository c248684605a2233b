// The portable subnet: a part of a network in one zone. Says how its machines reach the internet; knows no cloud.

import { bool, cidr, resource, string } from "../types/type.ts";
import { checkNat } from "./checks/nat.ts";
import { checkNatAddressReads } from "./checks/nat-address.ts";
import { checkSubnetRange } from "./checks/ranges.ts";
import { checkPublicSubnet } from "./checks/subnet-public.ts";
import { checkZone } from "./checks/zone.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute, tags } from "./shared-props.ts";

export const subnet: KindSchema = {
  name: "subnet",
  doc: "A range of a network in one zone of the region. Machines live in subnets.",
  props: {
    network: { type: resource("network"), required: true, replaces: true, doc: "The network it is a part of." },
    cidr: {
      type: cidr,
      required: true,
      replaces: true,
      doc: "Its IPv4 range inside the network's, for example subnet(main.cidr, 8, 0). Subnets of a network may not overlap.",
    },
    zone: {
      type: string,
      default: "a",
      replaces: true,
      doc: 'The zone by its letter: "a" is the first of the region, "b" the second. A region without zones has only "a".',
    },
    public: {
      type: bool,
      default: true,
      doc: "Whether machines in it may have public addresses. A subnet that is not public reaches the internet only through `nat`.",
    },
    nat: {
      type: resource("subnet"),
      doc: "A public subnet of the same network through whose gateway this subnet reaches the internet. Needs `public = false`. The gateway costs money by the hour; all subnets that name the same one share it.",
    },
    tags,
  },
  attributes: {
    id: idAttribute("subnet"),
    zone: { type: string, doc: "The letter of its zone." },
    nat_ip: {
      type: { kind: "ip" },
      doc: "The public address from which the subnets that name this one in `nat` are seen on the internet. Only such a subnet has it.",
    },
  },
  checks: [checkSubnetRange, checkZone, checkPublicSubnet, checkNat, checkNatAddressReads],
};
