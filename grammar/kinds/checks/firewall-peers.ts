// Whom a firewall's rules name: ranges that are ranges, and firewalls of the same network.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PortablePeer, PortableResource } from "../../graph/resource-graph.ts";
import type { Span } from "../../source/span.ts";
import type { CheckContext, KindCheck } from "../kind.ts";
import { placeOfRule } from "./firewall-rules.ts";
import { judgeRange } from "./ranges.ts";
import { follow, makeError, nameOf, relatedProp } from "./reading.ts";

export const checkFirewallPeers: KindCheck = (firewall, context) =>
  firewall.rules.flatMap((rule, index) => rule.peers.flatMap((peer) => judgePeer(firewall, peer, placeOfRule(firewall, index), context)));

function judgePeer(firewall: PortableResource, peer: PortablePeer, place: Span, context: CheckContext): readonly Diagnostic[] {
  if (peer.kind === "cidr") return judgeRange(peer.cidr, place);
  if (peer.kind !== "resource" || peer.resourceKind !== "firewall") return [];
  const other = context.graph.resources.get(peer.address);
  const network = follow(context, firewall.props.network);
  const othersNetwork = follow(context, other?.props.network);
  if (!other || !network || !othersNetwork || network.address === othersNetwork.address) return [];
  return [
    makeError("K2205", place, `firewall \`${nameOf(other)}\` is in network \`${nameOf(othersNetwork)}\`, not in \`${nameOf(network)}\``, {
      related: [relatedProp(other, "network", `\`${nameOf(other)}\` is put into \`${nameOf(othersNetwork)}\` here`)],
      hint: `name a firewall of \`${nameOf(network)}\`, or the addresses the traffic comes from`,
    }),
  ];
}
