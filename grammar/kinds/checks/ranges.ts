// Ranges of networks and subnets: IPv4, no host bits, and a subnet inside its network. Overlaps are in subnet-overlaps.ts.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { type Cidr, containsCidr, formatCidr, formatRange, hasHostBits, makeCidr, parseCidr } from "../../net/cidr.ts";
import { canonicalIpv6Cidr } from "../../net/ipv6.ts";
import type { Span } from "../../source/span.ts";
import type { KindCheck } from "../kind.ts";
import { follow, knownText, makeError, nameOf, placeOf, relatedProp } from "./reading.ts";

export const checkNetworkRange: KindCheck = (network) => judgeRange(network.props.cidr, placeOf(network, "cidr"));

export const checkSubnetRange: KindCheck = (subnet, context) => {
  const problems = judgeRange(subnet.props.cidr, placeOf(subnet, "cidr"));
  if (problems.length > 0) return problems;
  const network = follow(context, subnet.props.network);
  const inner = parseCidr(knownText(subnet.props.cidr) ?? "");
  const outer = parseCidr(knownText(network?.props.cidr) ?? "");
  if (!network || !inner || !outer || containsCidr(outer, inner)) return [];
  const message = `subnet \`${nameOf(subnet)}\` lies outside its network \`${nameOf(network)}\``;
  return [
    makeError("K2103", placeOf(subnet, "cidr"), message, {
      label: formatRange(inner),
      related: [relatedProp(network, "cidr", `\`${nameOf(network)}\` has ${formatRange(outer)}`)],
      hint: hintInside(inner, outer),
    }),
  ];
};

/** What is wrong with a range that a network, subnet or rule names, whatever it is for. */
export function judgeRange(value: unknown, span: Span): readonly Diagnostic[] {
  if (typeof value !== "string") return [];
  const range = parseCidr(value);
  if (range && hasHostBits(range)) {
    return [
      makeError("K2101", span, `\`${value}\` has bits set beyond its prefix`, {
        hint: `write ${formatCidr(range)} for the range, or the address without a prefix if one address is meant`,
      }),
    ];
  }
  if (!range && canonicalIpv6Cidr(value)) {
    return [
      makeError("K2102", span, `\`${value}\` is an IPv6 range, and IPv4 is needed here`, {
        hint: "use an IPv4 range such as 10.20.0.0/16",
      }),
    ];
  }
  return [];
}

function hintInside(inner: Cidr, outer: Cidr): string {
  if (inner.prefix < outer.prefix) return `a subnet of ${formatCidr(outer)} has a prefix of ${outer.prefix} or more`;
  return `use a range inside ${formatCidr(outer)}, such as ${formatCidr(makeCidr(outer.start, inner.prefix))}`;
}
