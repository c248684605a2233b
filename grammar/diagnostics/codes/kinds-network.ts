// Diagnostic codes of networks and subnets (K21xx).

import type { CodeInfo } from "../code-info.ts";

const start = 'stack demo\n\ncloud aws { region = "eu-west-1" }\n\n';

export const networkCodes = {
  K2101: {
    title: "address range with host bits",
    explanation:
      "An address range is written as its first address and a prefix: `10.20.0.0/16`. Here bits are set beyond the prefix, as in `10.20.0.1/16`.\n\nClouds either refuse such a range or silently take another one than was written, so that the next plan would find a difference. The hint shows the range that contains the address; if a single address was meant, write it without a prefix or with `/32`.",
    bad: `${start}network main { cidr = 10.20.0.1/16 }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n`,
  },
  K2102: {
    title: "IPv6 where IPv4 is needed",
    explanation:
      "Networks, subnets, private addresses and firewall peers are IPv4. Koine does not manage IPv6 yet, and refuses it rather than leaving part of what was asked for undone.",
    bad: `${start}network main { cidr = "2001:db8::/56" }\n`,
    good: `${start}network main { cidr = "10.20.0.0/16" }\n`,
  },
  K2103: {
    title: "subnet outside its network",
    explanation:
      "A subnet is a part of its network, so all of its range must lie inside the network's.\n\nCompute the range from the network's, and it always does: `cidr = subnet(main.cidr, 8, 0)` is the first of the 256 parts of `main`.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet app {\n  network = main\n  cidr    = 10.21.0.0/24\n}\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet app {\n  network = main\n  cidr    = 10.20.255.0/24\n}\n`,
  },
  K2104: {
    title: "zone that is not a letter",
    explanation:
      'Zones are named by letters that mean the same on every cloud: `"a"` is the first zone of the region, `"b"` the second, `"c"` the third. Which zone of the cloud that is, is pinned in `koine.lock`.\n\nA cloud\'s own name of a zone, such as `eu-west-1a`, would tie the stack to one cloud and one region.',
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet app {\n  network = main\n  cidr    = 10.20.0.0/24\n  zone    = "eu-west-1a"\n}\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet app {\n  network = main\n  cidr    = 10.20.0.0/24\n  zone    = "b"\n}\n`,
  },
  K2105: {
    title: "`nat` in another network",
    explanation:
      "`nat` names the public subnet whose gateway carries this subnet's traffic to the internet. The gateway is reached inside the network, so both subnets belong to the same one.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\nnetwork other { cidr = 10.30.0.0/16 }\n\nsubnet front { network = other, cidr = 10.30.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
  },
  K2106: {
    title: "`nat` through a subnet that is not public",
    explanation:
      "A gateway needs a way to the internet itself. `nat` therefore names a subnet that is public, which subnets are unless `public = false` is written.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24, public = false }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24, public = true }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
  },
  K2107: {
    title: "subnets that overlap",
    explanation:
      "An address belongs to one subnet of its network, so the ranges of two subnets may not share any.\n\nThe hint names the next range of this size that is free. With `subnet(main.cidr, 8, n)` and a different `n` for each, ranges never overlap.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet app { network = main, cidr = 10.20.0.0/24 }\nsubnet db { network = main, cidr = 10.20.0.128/25 }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet app { network = main, cidr = 10.20.0.0/24 }\nsubnet db { network = main, cidr = 10.20.1.0/25 }\n`,
  },
  K2108: {
    title: "`nat` in a public subnet",
    explanation:
      "A public subnet reaches the internet directly, each machine by its own public address; a subnet with `nat` reaches it through a gateway. A subnet is one or the other. Subnets are public unless `public = false` is written.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, nat = front }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
  },
  K2109: {
    title: "subnet that is its own `nat`",
    explanation:
      "The gateway of `nat` stands in a public subnet and serves others that are not public. A subnet cannot be its own way out: name another subnet, or make this one public and remove `nat`.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet back { network = main, cidr = 10.20.9.0/24, public = false, nat = back }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.8.0/24 }\nsubnet back { network = main, cidr = 10.20.9.0/24, public = false, nat = front }\n`,
  },
  K2110: {
    title: "public subnet in a network without internet",
    explanation:
      "`internet = false` cuts the whole network off, so none of its subnets can be public. Remove `public = true` from the subnet, or `internet = false` from the network.\n\nA subnet that does not write `public` is fine in such a network: its machines simply have no public addresses.",
    bad: `${start}network main { cidr = 10.20.0.0/16, internet = false }\n\nsubnet app { network = main, cidr = 10.20.0.0/24, public = true }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16, internet = false }\n\nsubnet app { network = main, cidr = 10.20.0.0/24 }\n`,
  },
  K2111: {
    title: "`nat` in a network without internet",
    explanation:
      "`internet = false` cuts the whole network off, so a gateway would lead nowhere. Remove `nat`, or `internet = false` from the network.",
    bad: `${start}network main { cidr = 10.20.0.0/16, internet = false }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
    good: `${start}network main { cidr = 10.20.0.0/16, internet = true }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n`,
  },
  K2112: {
    title: "`nat_ip` of a subnet that is nobody's `nat`",
    explanation:
      "`nat_ip` is the public address of the gateway that stands in a subnet. A gateway is made there only when another subnet names it in `nat`; without that there is no address to read.",
    bad: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\n\noutput seen_as = front.nat_ip\n`,
    good: `${start}network main { cidr = 10.20.0.0/16 }\n\nsubnet front { network = main, cidr = 10.20.0.0/24 }\nsubnet back { network = main, cidr = 10.20.1.0/24, public = false, nat = front }\n\noutput seen_as = front.nat_ip\n`,
  },
} as const satisfies Record<string, CodeInfo>;
