// What Azure asks of the ranges of networks and subnets, and of addresses inside them. Data only.
// https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq

import type { RangeLimits, Reservation } from "../../lowering/ranges.ts";

/** "The smallest supported IPv4 subnet is /29, and the largest is /2." */
export const networkRange: RangeLimits = { cloud: "Azure", largest: 2, smallest: 29 };

/** Network, gateway, two for the resolver; and broadcast. */
export const reservedAddresses: Reservation = { cloud: "Azure", first: 4, last: 1, words: "the first four addresses and the last" };

/** Ranges that no virtual network may have a part of. */
export const forbiddenRanges: readonly { readonly cidr: string; readonly what: string }[] = [
  { cidr: "224.0.0.0/4", what: "multicast" },
  { cidr: "255.255.255.255/32", what: "broadcast" },
  { cidr: "127.0.0.0/8", what: "loopback" },
  { cidr: "169.254.0.0/16", what: "link-local addresses" },
  { cidr: "168.63.129.16/32", what: "Azure's own resolver" },
];
