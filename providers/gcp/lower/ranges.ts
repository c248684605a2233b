// What Google Cloud asks of the ranges of networks and subnetworks, and of addresses inside them. A network has no range of its own there; its subnetworks do.
// https://cloud.google.com/vpc/docs/subnets#ipv4-ranges

import type { LoweringContext } from "../../../engine/provider/provider.ts";
import type { Diagnostic } from "../../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../../grammar/graph/resource-graph.ts";
import { checkForbiddenRanges, type ForbiddenRanges } from "../../lowering/forbidden-ranges.ts";
import { checkRange, type RangeLimits, type Reservation } from "../../lowering/ranges.ts";
import { followRef } from "../../lowering/read-props.ts";

/** /29 is the smallest, /4 the largest; most large ranges have a prohibited part. https://cloud.google.com/vpc/docs/subnets#limitations */
const subnetworkRange: RangeLimits = { cloud: "Google Cloud", largest: 4, smallest: 29 };

/** Network, gateway; one in reserve, broadcast. https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet */
export const reservedAddresses: Reservation = {
  cloud: "Google Cloud",
  first: 2,
  last: 2,
  words: "the first two addresses and the last two",
};

/** https://cloud.google.com/vpc/docs/subnets#prohibited-ipv4-ranges */
const prohibited: ForbiddenRanges = {
  cloud: "Google Cloud",
  ranges: [
    { cidr: "0.0.0.0/8", what: "the host itself" },
    { cidr: "127.0.0.0/8", what: "the loopback" },
    { cidr: "169.254.0.0/16", what: "link-local addresses" },
    { cidr: "199.36.153.4/30", what: "its own services" },
    { cidr: "199.36.153.8/30", what: "its own services" },
    { cidr: "224.0.0.0/4", what: "multicast" },
    { cidr: "255.255.255.255/32", what: "broadcast" },
  ],
};

export function checkNetworkRange(network: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  return checkForbiddenRanges(network, prohibited, context);
}

/** A prohibited range that the network has already is told there alone. */
export function checkSubnetworkRange(subnet: PortableResource, context: LoweringContext): readonly Diagnostic[] {
  const network = followRef(subnet.props.network, context);
  const told = network !== undefined && checkForbiddenRanges(network, prohibited, context).length > 0;
  return [...checkRange(subnet, subnetworkRange, context), ...(told ? [] : checkForbiddenRanges(subnet, prohibited, context))];
}
