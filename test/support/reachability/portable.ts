// Who may reach whom by the portable meaning alone: the sentences "firewall" and "outbound" of the kinds, read off the portable graph. Knows no cloud
// and no lowering. Addresses that only a cloud can give are known by their names (`machine.web.public_ip`).

import type { PortablePeer, PortableResource, PortableRule, ResourceGraph } from "../../../grammar/graph/resource-graph.ts";
import { isDeferred, isRef, type PropValue } from "../../../grammar/graph/value.ts";
import { andThen, closed, type Exit, makeOracle, type Oracle, open, type Traffic, type Verdict } from "./oracle.ts";
import { everywhere, type Range, readRange } from "./ranges.ts";
import { describeTraffic } from "./table.ts";

/** What is known of an address before there is a cloud. */
interface Address {
  /** Where it lies: one address, or the subnet in which a cloud picks one. Absent for public addresses, of which nothing is known. */
  readonly within?: Range;
  /** The attributes that hold it: `machine.web.public_ip`, `address.front.ip`. */
  readonly names: readonly string[];
  /** The firewalls whose carrier has it as its private address. */
  readonly carries: readonly string[];
}

interface Machine {
  readonly address: string;
  readonly network: string;
  readonly firewalls: readonly Firewall[];
  readonly private: Address;
  readonly public?: Address;
  /** Its way to the internet, and the address from which it is seen there. */
  readonly exit?: { readonly seen: Address; readonly why: string; readonly translated: boolean };
}

interface Firewall {
  readonly address: string;
  readonly from: readonly Rule[];
  readonly to: readonly Rule[];
}

interface Rule {
  readonly text: string;
  readonly protocol: string;
  readonly ports: PortableRule["ports"];
  readonly admits: readonly ((address: Address) => boolean)[];
}

/** Reads a graph as `compile` gives it. */
export function readPortableOracle(graph: ResourceGraph): Oracle {
  const machines = readMachines(graph);
  return makeOracle<Machine, Address>({
    name: "portable",
    find: (name) => machines.get(name),
    between: (from, to, traffic) => {
      if (from.network !== to.network) return closed("they live in two networks");
      return andThen(send(from, to.private, traffic), () => receive(to, from.private, traffic));
    },
    leave,
    enter: receive,
    publicAddress: (machine) => machine.public,
    metadata: () => open("instance metadata is never filtered"),
    internet: (ip) => ({ within: { first: ip, last: ip }, names: [], carries: [] }),
  });
}

/** As every cloud shows it. */
export function nameOf(graph: ResourceGraph, { name, key }: PortableResource): string {
  return [graph.stack.name, name, ...(key === undefined ? [] : [key])].join("-");
}

/** Inbound is closed unless allowed; a machine may do what any of its firewalls allows. */
function receive(machine: Machine, peer: Address, traffic: Traffic): Verdict {
  for (const firewall of machine.firewalls) {
    const rule = firewall.from.find((one) => matches(one, peer, traffic));
    if (rule) return open(rule.text);
  }
  return closed(`no firewall of ${machine.address} lets ${describeTraffic(traffic)} in`);
}

/** A firewall without `to` rules allows all outbound; with them, only those; a machine without a firewall has open outbound. */
function send(machine: Machine, peer: Address, traffic: Traffic): Verdict {
  if (machine.firewalls.length === 0) return open(`${machine.address} carries no firewall`);
  for (const firewall of machine.firewalls) {
    if (firewall.to.length === 0) return open(`${firewall.address} has no \`to\` rules`);
    const rule = firewall.to.find((one) => matches(one, peer, traffic));
    if (rule) return open(rule.text);
  }
  return closed(`no firewall of ${machine.address} lets ${describeTraffic(traffic)} out`);
}

/** A machine reaches the internet only through its own public address or its subnet's `nat`. */
function leave(machine: Machine, peer: Address, traffic: Traffic): Exit<Address> {
  const { exit } = machine;
  if (!exit) return closed(`${machine.address} has neither a public address nor a \`nat\``);
  const sent = send(machine, peer, traffic);
  if (sent.answer === "closed") return sent;
  const left = { why: `${exit.why}; ${sent.why}`, source: exit.seen };
  // Azure's NAT gateway translates TCP and UDP only. https://learn.microsoft.com/azure/nat-gateway/troubleshoot-nat-connectivity
  const isPing = exit.translated && traffic.protocol === "icmp";
  // Mail is held back by the clouds, depending on the account. https://cloud.google.com/compute/docs/tutorials/sending-mail
  const isMail = traffic.protocol === "tcp" && traffic.port === 25;
  return { answer: isPing || isMail ? "unpromised" : "open", ...left };
}

function matches(rule: Rule, peer: Address, { protocol, port }: Traffic): boolean {
  if (rule.protocol !== "any" && rule.protocol !== protocol) return false;
  if (rule.ports.length > 0 && (port === undefined || !rule.ports.some(({ from, to }) => from <= port && port <= to))) return false;
  return rule.admits.some((admits) => admits(peer));
}

function readMachines(graph: ResourceGraph): ReadonlyMap<string, Machine> {
  const firewalls = new Map<string, Firewall>();
  const machines = new Map<string, Machine>();
  for (const resource of graph.resources.values())
    if (resource.kind === "firewall") firewalls.set(resource.address, readFirewall(resource, graph));
  for (const resource of graph.resources.values()) {
    if (resource.kind !== "machine" || resource.props.power === "off") continue;
    machines.set(nameOf(graph, resource), readMachine(resource, graph, firewalls));
  }
  return machines;
}

function readMachine({ address, props }: PortableResource, graph: ResourceGraph, firewalls: ReadonlyMap<string, Firewall>): Machine {
  const subnet = follow(props.subnet, graph);
  const network = follow(subnet?.props.network, graph);
  if (!subnet || !network) throw new Error(`${address} stands in no network`);
  const named = Array.isArray(props.firewall) ? (props.firewall as readonly PropValue[]).filter(isRef) : [];
  const carried = named.flatMap((one) => firewalls.get(one.address) ?? []);
  const place = typeof props.private_ip === "string" ? props.private_ip : String(subnet.props.cidr);
  const machine: Machine = {
    address,
    network: network.address,
    firewalls: carried,
    private: { within: readRange(place), names: [`${address}.private_ip`], carries: carried.map((firewall) => firewall.address) },
  };
  if (props.public !== false) {
    const names = [`${address}.public_ip`, ...(isRef(props.public) ? [`${props.public.address}.ip`] : [])];
    const seen: Address = { names, carries: [] };
    return { ...machine, public: seen, exit: { seen, why: "by its own public address", translated: false } };
  }
  if (!isRef(subnet.props.nat)) return machine;
  const gateway = subnet.props.nat.address;
  const seen: Address = { names: [`${gateway}.nat_ip`], carries: [] };
  return { ...machine, exit: { seen, why: `by the nat of ${gateway}`, translated: true } };
}

function readFirewall({ address, rules }: PortableResource, graph: ResourceGraph): Firewall {
  const read = (direction: "from" | "to"): readonly Rule[] =>
    rules
      .filter((rule) => rule.direction === direction)
      .map((rule) => ({
        text: `${address} allows ${describeRule(rule)}`,
        protocol: rule.protocol,
        ports: rule.ports,
        admits: rule.peers.map((peer) => readPeer(peer, graph)),
      }));
  return { address, from: read("from"), to: read("to") };
}

/** A firewall means its carriers, by private address; subnets and networks mean their ranges. */
function readPeer(peer: PortablePeer, graph: ResourceGraph): (address: Address) => boolean {
  if (peer.kind === "any") return () => true;
  if (peer.kind === "cidr") return isWithin(peer.cidr);
  if (peer.kind === "resource") {
    if (peer.resourceKind === "firewall") return ({ carries }) => carries.includes(peer.address);
    return isWithin(String(graph.resources.get(peer.address)?.props.cidr));
  }
  const name = nameDeferred(peer.value);
  return ({ names }) => names.includes(name);
}

function isWithin(cidr: string): (address: Address) => boolean {
  const range = readRange(cidr);
  if (range.first === everywhere.first && range.last === everywhere.last) return () => true;
  return ({ within, names }) => {
    // A public address may be anything; what is compared is made so that ranges name none of them.
    if (!within || within.last < range.first || range.last < within.first) return false;
    if (range.first <= within.first && within.last <= range.last) return true;
    // A single address is one that the source gave to a machine, and no cloud gives it to a second one.
    if (range.first === range.last) return false;
    throw new Error(`whether ${cidr} holds ${names.join(", ")} is not for the source to say`);
  };
}

/** `machine.web.public_ip`, for a peer that is one attribute. Throws for one that computes with it. */
function nameDeferred(value: PropValue): string {
  const [origin, ...others] = isDeferred(value) ? value.origins : [];
  const expression = isDeferred(value) ? value.expression : undefined;
  const plain = expression?.op === "attribute" || (expression?.name === "#cidr" && isPlain(expression.arguments[0]));
  if (!origin || others.length > 0 || !plain) throw new Error("a peer that computes with a cloud's answer");
  return `${origin.address}.${origin.path.join(".")}`;
}

function isPlain(argument: unknown): boolean {
  return isDeferred(argument) && argument.expression.op === "attribute";
}

function follow(value: PropValue | undefined, graph: ResourceGraph): PortableResource | undefined {
  return isRef(value) ? graph.resources.get(value.address) : undefined;
}

/** `tcp 80, 8000-8100 from any, 10.0.0.0/8`. */
export function describeRule({ protocol, ports, direction, peers }: PortableRule): string {
  const ranges = ports.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
  const names = peers.map((peer) => {
    if (peer.kind === "cidr") return peer.cidr;
    if (peer.kind === "resource") return peer.address;
    return peer.kind === "deferred" ? nameDeferred(peer.value) : "any";
  });
  return `${protocol}${ranges === "" ? "" : ` ${ranges}`} ${direction} ${names.join(", ")}`;
}
