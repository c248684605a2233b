// Which cells a table has: every ordered pair of ends of one network, for ports on both sides of every boundary that its rules draw.

import type { PortableResource, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { isRef } from "../../../grammar/graph/value.ts";
import type { Endpoint, Probe, Traffic } from "./oracle.ts";
import { nameOf } from "./portable.ts";
import { isOnTheInternet, readIp, readRange, writeIp } from "./ranges.ts";

/** An address and ports that no rule needs to name. */
const farAway = "9.9.9.9";
const farPort = 31_999;

/**
 * The probes of each network, by its address, plainest traffic first. Machines that are off take part: nothing may reach them. So does one machine of the
 * next network.
 */
export function makeProbes(graph: ResourceGraph): ReadonlyMap<string, readonly Probe[]> {
  const machines = new Map<string, string[]>();
  const firewalls = new Map<string, PortableResource[]>();
  for (const resource of graph.resources.values()) {
    const network = networkOf(resource, graph);
    if (network === undefined) continue;
    if (resource.kind === "machine") addTo(machines, network, nameOf(graph, resource));
    if (resource.kind === "firewall") addTo(firewalls, network, resource);
  }
  const neighbours = [...machines.values()].map(([first = ""]) => first);
  return new Map(
    [...machines].map(([network, names], at) => {
      const traffic = sampleTraffic(firewalls.get(network) ?? []);
      const pairs = [...pairUp(names, sampleInternet(firewalls.get(network) ?? [])), ...pairWith(names[0], neighbours[at + 1])];
      return [network, traffic.flatMap((one) => pairs.map((pair): Probe => ({ ...pair, traffic: one })))];
    }),
  );
}

function networkOf({ props }: PortableResource, graph: ResourceGraph): string | undefined {
  if (isRef(props.network)) return props.network.address;
  const subnet = isRef(props.subnet) ? graph.resources.get(props.subnet.address) : undefined;
  return subnet && networkOf(subnet, graph);
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function pairUp(machines: readonly string[], internet: readonly string[]): readonly Omit<Probe, "traffic">[] {
  const outside = internet.map((ip): Endpoint => ({ kind: "internet", ip }));
  return machines.flatMap((name) => {
    const self: Endpoint = { kind: "machine", name };
    const others = machines.filter((other) => other !== name);
    return [
      ...others.map((other) => ({ from: self, to: { kind: "machine", name: other } as const })),
      ...outside.map((far) => ({ from: self, to: far })),
      ...outside.map((far) => ({ from: far, to: { kind: "public", name } as const })),
      ...others.map((other) => ({ from: self, to: { kind: "public", name: other } as const })),
      { from: self, to: { kind: "metadata" } as const },
    ];
  });
}

/** Networks are apart, though their addresses are the same. */
function pairWith(name: string | undefined, stranger: string | undefined): readonly Omit<Probe, "traffic">[] {
  if (name === undefined || stranger === undefined) return [];
  const from: Endpoint = { kind: "machine", name };
  return [
    { from, to: { kind: "machine", name: stranger } },
    { from, to: { kind: "public", name: stranger } },
  ];
}

/** Both sides of each end of each range of ports, and a port that only a rule for all of them can mean. */
function sampleTraffic(firewalls: readonly PortableResource[]): readonly Traffic[] {
  const ports = { tcp: new Set([farPort]), udp: new Set([farPort]) };
  for (const { rules } of firewalls) {
    for (const { protocol, ports: ranges } of rules) {
      if (protocol !== "tcp" && protocol !== "udp") continue;
      for (const { from, to } of ranges)
        for (const port of [from, to, from - 1, to + 1]) if (port >= 1 && port <= 65_535) ports[protocol].add(port);
    }
  }
  // A port of the one protocol is tried with the other too: a rule for tcp means nothing for udp.
  const [anyTcp] = [...ports.tcp].slice(1);
  if (anyTcp !== undefined) ports.udp.add(anyTcp);
  return [
    ...[...ports.tcp].map((port) => ({ protocol: "tcp", port }) as const),
    ...[...ports.udp].map((port) => ({ protocol: "udp", port }) as const),
    { protocol: "icmp" },
  ];
}

/** Both sides of each end of each named range, as far as hosts of the internet can have them. */
function sampleInternet(firewalls: readonly PortableResource[]): readonly string[] {
  const samples = new Set([readIp(farAway)]);
  for (const { rules } of firewalls) {
    for (const { peers } of rules) {
      for (const peer of peers) {
        if (peer.kind !== "cidr") continue;
        const { first, last } = readRange(peer.cidr);
        for (const ip of [first, last, first - 1, last + 1]) if (isOnTheInternet(ip)) samples.add(ip);
      }
    }
  }
  return [...samples].map(writeIp);
}
