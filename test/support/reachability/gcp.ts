// Who may reach whom in a simulated Compute Engine by the documented rules of Google's VPC, read off the objects of the world. Knows nothing of what
// Koine meant by them: no mark, no lowering, no portable graph.

import { type Host, type Nat, type Route, type Rule, readHosts, readNats } from "./gcp-world.ts";
import { andThen, closed, type Exit, makeOracle, type Oracle, open, type Traffic, type Verdict } from "./oracle.ts";
import { holds } from "./ranges.ts";
import type { RestObject } from "./rest-object.ts";
import { describeTraffic } from "./table.ts";

interface Packet {
  readonly from: number;
  /** The tags of the instance that has `from` as its internal address. */
  readonly fromTags: readonly string[];
  readonly to: number;
  readonly traffic: Traffic;
}

/** Reads what `readWorld` of the simulator gives. One that does not run is not found. */
export function readGcpOracle(objects: readonly RestObject[]): Oracle {
  const nats = readNats(objects);
  const hosts = readHosts(objects);
  return makeOracle<Host, number>({
    name: "gcp",
    find: (name) => hosts.get(name),
    between: (from, to, traffic) => {
      if (from.network !== to.network) return closed("they are in two networks that are not peered");
      // Subnet routes lead to every subnet of the network and cannot be overridden. https://cloud.google.com/vpc/docs/routes#subnet-routes
      const packet = { from: from.ip, fromTags: from.tags, to: to.ip, traffic };
      return andThen(judge(from.egress, packet), () => judge(to.ingress, packet));
    },
    leave: (from, to, traffic) => leave(from, to, traffic, nats),
    enter,
    publicAddress: (host) => host.external,
    // https://cloud.google.com/firewall/docs/firewalls#gcp-metadata-server: "Google Cloud always allows communication between a VM and its metadata server".
    metadata: () => open("always allowed: the metadata server"),
    internet: (ip) => ip,
  });
}

/**
 * The way out needs a route to the default internet gateway and an external address, or else Cloud NAT for the subnet, which does nothing for an
 * interface that has an external address. https://cloud.google.com/nat/docs/nat-product-interactions
 */
function leave(from: Host, to: number, traffic: Traffic, nats: ReadonlyMap<string, Nat>): Exit<number> {
  const sends = judge(from.egress, { from: from.ip, fromTags: from.tags, to, traffic });
  if (sends.answer === "closed") return sends;
  const route = findRoute(from, to);
  if (!route?.toInternet) return closed("no route to the default internet gateway");
  const nat = nats.get(from.subnetwork);
  if (from.external === undefined && !nat) return closed(`${route.text}, and neither an external address nor Cloud NAT`);
  const source = from.external ?? nat?.source;
  const why = `${sends.why}; ${route.text}${from.external === undefined ? `; ${nat?.text}` : ""}`;
  return { answer: "open", why, ...(source === undefined ? {} : { source }) };
}

/** A rule sees the internal address as the destination of what comes to the external one. https://cloud.google.com/firewall/docs/firewalls */
function enter(to: Host, from: number, traffic: Traffic): Verdict {
  const back = findRoute(to, from);
  if (!back?.toInternet) return closed("no route back to the default internet gateway");
  return judge(to.ingress, { from, fromTags: [], to: to.ip, traffic });
}

/** The first that matches decides; the implied rules are the last of the list. */
function judge(rules: readonly Rule[], packet: Packet): Verdict {
  const rule = rules.find((one) => matches(one, packet));
  if (rule?.action === "allow") return open(rule.text);
  return closed(rule ? rule.text : `no rule takes ${describeTraffic(packet.traffic)}`);
}

/** The most specific route, then that of the lowest number. https://cloud.google.com/vpc/docs/routes#routeselection */
function findRoute(host: Host, to: number): Route | undefined {
  return host.routes.find((route) => holds(route.range, to));
}

function matches(rule: Rule, { from, fromTags, to, traffic }: Packet): boolean {
  const named = rule.protocols.some(({ name, ports }) => {
    if (name !== "all" && name !== traffic.protocol) return false;
    const { port } = traffic;
    return ports.length === 0 || (port !== undefined && ports.some((range) => holds(range, port)));
  });
  if (!named || !rule.destinations.some((range) => holds(range, to))) return false;
  // Ranges and tags together mean either. https://cloud.google.com/firewall/docs/firewalls#source_combinations
  return rule.sources.some((range) => holds(range, from)) || rule.sourceTags.some((tag) => fromTags.includes(tag));
}
