// The portable private network. Says what a network means everywhere; knows no cloud.

import { bool, cidr } from "../types/type.ts";
import { checkPrivateAddresses } from "./checks/private-addresses.ts";
import { checkNetworkRange } from "./checks/ranges.ts";
import { checkSubnetOverlaps } from "./checks/subnet-overlaps.ts";
import type { KindSchema } from "./kind.ts";
import { idAttribute, tags } from "./shared-props.ts";

export const network: KindSchema = {
  name: "network",
  doc: "A private address space that subnets divide. Nothing outside reaches it unless a firewall allows it.",
  props: {
    cidr: {
      type: cidr,
      required: true,
      replaces: true,
      doc: "The IPv4 range that all its subnets lie in, for example 10.20.0.0/16. Clouds limit how large and small it may be.",
    },
    internet: {
      type: bool,
      default: true,
      doc: "Whether public subnets reach the internet, and are reached from it. Without it, no machine in the network has a way out.",
    },
    tags,
  },
  attributes: { id: idAttribute("network") },
  checks: [checkNetworkRange, checkSubnetOverlaps, checkPrivateAddresses],
};
