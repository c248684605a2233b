// What clouds ask of the ranges of networks and subnets, and of addresses inside them; how much is a parameter. Pure.

import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../grammar/graph/resource-graph.ts";
import { countAddresses, parseCidr } from "../../grammar/net/cidr.ts";
import { formatIpv4, parseIpv4 } from "../../grammar/net/ipv4.ts";
import { problem } from "./problems.ts";

export interface RangeLimits {
  /** As in messages: "AWS". */
  readonly cloud: string;
  /** Prefix lengths, both included: 16 and 28. */
  readonly largest: number;
  readonly smallest: number;
}

/** A network or subnet larger or smaller than the cloud allows. */
export function checkRange(resource: PortableResource, limits: RangeLimits, context: LoweringContext): readonly Diagnostic[] {
  const { largest, smallest, cloud } = limits;
  const { cidr } = resource.props;
  const parsed = typeof cidr === "string" ? parseCidr(cidr) : undefined;
  if (!parsed || (parsed.prefix >= largest && parsed.prefix <= smallest)) return [];
  const [what, limit] = parsed.prefix < largest ? ["larger", largest] : ["smaller", smallest];
  return [
    problem(
      "K3015",
      context.place("cidr"),
      `\`${resource.address}\` is ${what} than ${cloud} allows: /${largest} to /${smallest}, not /${parsed.prefix}`,
      {
        hint: `write ${formatIpv4(parsed.start)}/${limit}, or divide it differently`,
      },
    ),
  ];
}

export interface Reservation {
  /** As in messages: "AWS". */
  readonly cloud: string;
  /** How many addresses the cloud keeps for itself at either end of a subnet. */
  readonly first: number;
  readonly last: number;
  /** "the first four addresses and the last" */
  readonly words: string;
}

/** A `private_ip` among those that the cloud keeps for itself in every subnet. */
export function checkPrivateIp(
  machine: PortableResource,
  subnet: PortableResource,
  reserved: Reservation,
  context: LoweringContext,
): readonly Diagnostic[] {
  const { private_ip: address } = machine.props;
  const { cidr } = subnet.props;
  if (typeof address !== "string" || typeof cidr !== "string") return [];
  const range = parseCidr(cidr);
  const at = parseIpv4(address);
  if (!range || at === undefined) return [];
  const offset = at - range.start;
  const count = countAddresses(range.prefix);
  if (offset < 0 || offset >= count || (offset >= reserved.first && offset < count - reserved.last)) return [];
  return [
    problem("K3016", context.place("private_ip"), `${address} is reserved by ${reserved.cloud} in \`${subnet.address}\` (${cidr})`, {
      hint: `free are ${formatIpv4(range.start + reserved.first)} to ${formatIpv4(range.end - reserved.last)}`,
      related: [{ span: subnet.places.cidr ?? subnet.span, message: `${reserved.cloud} keeps ${reserved.words}` }],
    }),
  ];
}
