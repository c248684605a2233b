// Ranges that a cloud lets no network have a part of; which is a parameter. Pure.

import type { LoweringContext } from "../../engine/provider/provider.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { PortableResource } from "../../grammar/graph/resource-graph.ts";
import { overlaps, parseCidr } from "../../grammar/net/cidr.ts";
import { problem } from "./problems.ts";

export interface ForbiddenRanges {
  /** As in messages: "Azure". */
  readonly cloud: string;
  /** `what` it is kept for: "multicast". */
  readonly ranges: readonly { readonly cidr: string; readonly what: string }[];
}

/** A network or subnet that overlaps one of the ranges. */
export function checkForbiddenRanges(
  resource: PortableResource,
  { cloud, ranges }: ForbiddenRanges,
  context: LoweringContext,
): readonly Diagnostic[] {
  const { cidr } = resource.props;
  const own = typeof cidr === "string" ? parseCidr(cidr) : undefined;
  if (!own) return [];
  for (const range of ranges) {
    const forbidden = parseCidr(range.cidr);
    if (!forbidden || !overlaps(own, forbidden)) continue;
    return [
      problem(
        "K3036",
        context.place("cidr"),
        `${cloud} keeps ${range.cidr} for ${range.what}, and \`${resource.address}\` has a part of it`,
        {
          hint: "use a private range, such as one of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        },
      ),
    ];
  }
  return [];
}
