// What a firewall's rules say by themselves: ports that exist, ranges the right way round, nothing twice.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { PortablePeer, PortableResource, PortableRule } from "../../graph/resource-graph.ts";
import type { Span } from "../../source/span.ts";
import type { KindCheck } from "../kind.ts";
import { makeError } from "./reading.ts";

const maxPort = 65_535;

export const checkRules: KindCheck = (firewall) => {
  const seen = new Map<string, Span>();
  return firewall.rules.flatMap((rule, index) => {
    const place = placeOfRule(firewall, index);
    const problems = judgePorts(rule, place);
    return problems.length > 0 ? problems : findRepetition(rule, place, seen);
  });
};

/** Where rule number `index` stands. */
export function placeOfRule(firewall: PortableResource, index: number): Span {
  return firewall.places[`allow.${index}`] ?? firewall.rules[index]?.span ?? firewall.span;
}

function judgePorts(rule: PortableRule, place: Span): readonly Diagnostic[] {
  if (rule.ports.length > 0 && rule.protocol !== "tcp" && rule.protocol !== "udp") {
    const hint =
      rule.protocol === "icmp"
        ? `write \`allow icmp ${rule.direction} …\``
        : "write one rule for tcp and one for udp, or leave the ports out";
    const message = rule.protocol === "icmp" ? "icmp has no ports" : "a rule for any protocol has no ports";
    return [makeError("K2203", place, message, { hint })];
  }
  for (const { from, to } of rule.ports) {
    const outside = [from, to].find((port) => !Number.isInteger(port) || port < 1 || port > maxPort);
    if (outside !== undefined) {
      return [makeError("K2201", place, `there is no port ${outside}`, { hint: "use 1 to 65535, or leave the ports out to allow all" })];
    }
    if (from > to) {
      return [makeError("K2202", place, `the port range ${from}-${to} ends before it begins`, { hint: `write ${to}-${from}` })];
    }
  }
  return [];
}

/** Compares what clouds see: one rule for each range of ports and each peer. Reports the first repetition of a rule. */
function findRepetition(rule: PortableRule, place: Span, seen: Map<string, Span>): readonly Diagnostic[] {
  let problem: Diagnostic | undefined;
  const ranges = rule.ports.length > 0 ? rule.ports.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)) : [""];
  for (const peer of rule.peers) {
    const peerText = describePeer(peer);
    if (peerText === undefined) continue;
    for (const range of ranges) {
      const key = `${rule.protocol}${range === "" ? "" : ` ${range}`} ${rule.direction} ${peerText}`;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, place);
      else problem ??= describeRepetition(key, place, first);
    }
  }
  return problem ? [problem] : [];
}

function describeRepetition(key: string, place: Span, first: Span): Diagnostic {
  const isSamePlace = first.file === place.file && first.start === place.start;
  return makeError("K2204", place, `\`allow ${key}\` is written twice`, {
    ...(isSamePlace ? {} : { related: [{ span: first, message: "it is allowed here already" }] }),
    hint: "remove one of the two",
  });
}

function describePeer(peer: PortablePeer): string | undefined {
  switch (peer.kind) {
    case "any":
      return "any";
    case "cidr":
      return peer.cidr === "0.0.0.0/0" ? "any" : peer.cidr;
    case "resource":
      return peer.address;
    case "deferred":
      return undefined;
  }
}
