// What EC2 asks of the ranges of networks and subnets, and of addresses inside them. Data only.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html

import type { RangeLimits, Reservation } from "../../lowering/ranges.ts";

/** A VPC and each subnet is /16 to /28. */
export const vpcRange: RangeLimits = { cloud: "AWS", largest: 16, smallest: 28 };

/** Network, router, resolver, reserve; and broadcast. */
export const reservedAddresses: Reservation = { cloud: "AWS", first: 4, last: 1, words: "the first four addresses and the last" };
