// Who may reach whom in a simulated EC2 by the documented rules of Amazon VPC, read off the objects of the world. Knows nothing of what Koine meant
// by them: no mark, no lowering, no portable graph.

import type { WorldObject } from "../../../providers/aws/simulator/inspect.ts";
import { andThen, closed, type Exit, makeOracle, type Oracle, open, type Traffic, type Verdict } from "./oracle.ts";
import { holds, type Range, readIp, readRange } from "./ranges.ts";
import { describeTraffic } from "./table.ts";

type Row = WorldObject["row"];
type RowOf<K extends Row["kind"]> = Extract<Row, { kind: K }>;

interface Host {
  readonly id: string;
  readonly interface: RowOf<"network-interface">;
  readonly subnet: Subnet;
  readonly privateIp: number;
  readonly publicIp?: number;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  /** Longest prefix first. */
  readonly routes: readonly Route[];
  readonly acl: Verdict;
}

interface Route {
  readonly range: Range;
  readonly target: RowOf<"route-table">["routes"][number]["target"];
  readonly targetId: string;
  readonly text: string;
}

interface Rule {
  readonly text: string;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly range?: Range;
  readonly groupId?: string;
}

/** An address as a security group sees it: referenced groups count only where the packet comes by private address. */
interface Peer {
  readonly ip: number;
  readonly groups: readonly string[];
}

interface Gateways {
  readonly internet: ReadonlyMap<string, RowOf<"internet-gateway">>;
  readonly nat: ReadonlyMap<string, RowOf<"nat-gateway">>;
  readonly subnets: ReadonlyMap<string, Subnet>;
}

/** Reads what `readWorld` of the simulator gives. Machines go by their tag `Name`; one that does not run is not found. */
export function readAwsOracle(objects: readonly WorldObject[]): Oracle {
  const rows = objects.flatMap(({ living, row }) => (living ? [row] : []));
  const subnets = readSubnets(rows);
  const gateways: Gateways = {
    internet: new Map(select(rows, "internet-gateway").map((row) => [row.id, row])),
    nat: new Map(select(rows, "nat-gateway").map((row) => [row.id, row])),
    subnets,
  };
  const hosts = readHosts(rows, subnets);
  return makeOracle<Host, number>({
    name: "aws",
    find: (name) => hosts.get(name),
    between: (from, to, traffic) => between(from, to, traffic),
    leave: (from, to, traffic) => leave(from, to, traffic, gateways),
    enter: (to, from, traffic) => enter(to, from, traffic, gateways),
    publicAddress: (host) => host.publicIp,
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html: DNS, DHCP, instance metadata and time are not filtered.
    metadata: () => open("security groups do not filter instance metadata"),
    internet: (ip) => ip,
  });
}

/** Every route table has a local route for the VPC's own range. https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html */
function between(from: Host, to: Host, traffic: Traffic): Verdict {
  if (from.subnet.vpcId !== to.subnet.vpcId) return closed("they are in two VPCs that are not peered");
  const route = findRoute(from.subnet, to.privateIp);
  if (route?.targetId !== "local") return closed(`${from.subnet.id} has no local route to the other`);
  const sends = judge("egress", from, { ip: to.privateIp, groups: to.interface.groups }, traffic);
  return andThen(sends, () => judge("ingress", to, { ip: from.privateIp, groups: from.interface.groups }, traffic));
}

function leave(from: Host, to: number, traffic: Traffic, gateways: Gateways): Exit<number> {
  const sends = judge("egress", from, { ip: to, groups: [] }, traffic);
  if (sends.answer === "closed") return sends;
  const exit = followRoute(from.subnet, to, from.publicIp, gateways);
  return exit.answer === "closed" ? exit : { ...exit, why: `${exit.why}; ${sends.why}` };
}

/** Answers take the subnet's own route, so a machine whose subnet does not lead to the gateway cannot be reached through it. */
function enter(to: Host, from: number, traffic: Traffic, gateways: Gateways): Verdict {
  const back = findRoute(to.subnet, from);
  if (back?.target !== "gateway" || back.targetId === "local") return closed(`${to.subnet.id} has no route to an internet gateway`);
  const attached = judgeGateway(back, to.subnet, gateways);
  return andThen(attached, () => judge("ingress", to, { ip: from, groups: [] }, traffic));
}

/**
 * The way of a packet to the internet: through an internet gateway for an interface with a public address, through a public NAT gateway else.
 * https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
 */
function followRoute(subnet: Subnet, to: number, publicIp: number | undefined, gateways: Gateways): Exit<number> {
  if (subnet.acl.answer === "closed") return subnet.acl;
  const route = findRoute(subnet, to);
  if (!route) return closed(`${subnet.id} has no route there`);
  if (route.target === "nat-gateway") {
    const nat = gateways.nat.get(route.targetId);
    const behind = nat && gateways.subnets.get(nat.subnetId);
    if (nat?.state !== "available" || !behind) return closed(`${route.text} is a blackhole`);
    if (nat.connectivity !== "public" || nat.publicIp === undefined) return closed(`${nat.id} is a private NAT gateway`);
    const onward = findRoute(behind, to);
    if (onward?.target !== "gateway") return closed(`the subnet of ${nat.id} has no route to an internet gateway`);
    const exit = followRoute(behind, to, readIp(nat.publicIp), gateways);
    return { ...exit, why: `${route.text}; ${exit.why}` };
  }
  if (route.target !== "gateway" || route.targetId === "local") return closed(`${route.text} does not lead to the internet`);
  const attached = judgeGateway(route, subnet, gateways);
  if (attached.answer === "closed") return attached;
  if (publicIp === undefined) return closed(`${route.text}, and it has no public address`);
  return { ...attached, source: publicIp };
}

function judgeGateway(route: Route, subnet: Subnet, gateways: Gateways): Verdict {
  const attached = gateways.internet.get(route.targetId)?.vpcId === subnet.vpcId;
  return attached ? andThen(subnet.acl, () => open(route.text)) : closed(`${route.text} is a blackhole`);
}

/** The most specific route wins. https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
function findRoute(subnet: Subnet, ip: number): Route | undefined {
  return subnet.routes.find((route) => holds(route.range, ip));
}

/**
 * All rules of all groups of the interface together; there are no denials, and what no rule allows is dropped.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
function judge(direction: "ingress" | "egress", host: Host, peer: Peer, traffic: Traffic): Verdict {
  const rule = host[direction].find((one) => matches(one, peer, traffic));
  return rule ? open(rule.text) : closed(`no ${direction} rule of ${host.interface.groups.join(", ")} takes ${describeTraffic(traffic)}`);
}

const numbers: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp" };

/**
 * A rule that names a group means the private addresses of its interfaces, never public ones.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
 */
function matches(rule: Rule, peer: Peer, { protocol, port }: Traffic): boolean {
  if (rule.range ? !holds(rule.range, peer.ip) : !peer.groups.includes(rule.groupId ?? "")) return false;
  if (rule.protocol === "-1") return true;
  if (rule.protocol !== protocol) return false;
  // For icmp the two are type and code, -1 for all of them; an echo request has type 8.
  if (protocol === "icmp") return rule.from === -1 || rule.from === 8;
  return port !== undefined && rule.from <= port && port <= rule.to;
}

function readHosts(rows: readonly Row[], subnets: ReadonlyMap<string, Subnet>): ReadonlyMap<string, Host> {
  const rules = readRules(rows);
  const elastic = new Map(
    select(rows, "address").flatMap((row) => (row.association ? [[row.association.networkInterfaceId, row.publicIp]] : [])),
  );
  const cards = new Map<string, RowOf<"network-interface">>();
  for (const row of select(rows, "network-interface")) {
    if (row.attachment?.instanceId !== undefined && row.attachment.deviceIndex === 0) cards.set(row.attachment.instanceId, row);
  }
  const hosts = new Map<string, Host>();
  for (const instance of select(rows, "instance")) {
    const name = instance.tags.Name;
    const card = cards.get(instance.id);
    const subnet = subnets.get(card?.subnetId ?? "");
    if (instance.state !== "running" || name === undefined || !card || !subnet) continue;
    if (hosts.has(name)) throw new Error(`two instances are called ${name}`);
    // An Elastic IP takes the place of the lent address. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    const publicIp = elastic.get(card.id) ?? card.lentIp;
    const own = card.groups.flatMap((group) => rules.get(group) ?? []);
    hosts.set(name, {
      id: instance.id,
      interface: card,
      subnet,
      privateIp: readIp(card.privateIp),
      ...(publicIp === undefined ? {} : { publicIp: readIp(publicIp) }),
      ingress: own.filter((rule) => !rule.egress),
      egress: own.filter((rule) => rule.egress),
    });
  }
  return hosts;
}

function readRules(rows: readonly Row[]): ReadonlyMap<string, readonly (Rule & { readonly egress: boolean })[]> {
  const rules = new Map<string, (Rule & { readonly egress: boolean })[]>();
  for (const row of select(rows, "security-group-rule")) {
    const { cidr4, groupId } = row.peer;
    if (cidr4 === undefined && groupId === undefined) continue; // IPv6
    const protocol = numbers[row.protocol] ?? row.protocol;
    const ports = protocol === "-1" ? "" : ` ${row.from}-${row.to}`;
    const list = rules.get(row.groupId) ?? [];
    rules.set(row.groupId, list);
    list.push({
      text: `${row.groupId} ${row.egress ? "egress" : "ingress"} ${protocol}${ports} ${cidr4 ?? groupId}`,
      protocol,
      from: row.from,
      to: row.to,
      ...(cidr4 === undefined ? {} : { range: readRange(cidr4) }),
      ...(groupId === undefined ? {} : { groupId }),
      egress: row.egress,
    });
  }
  return rules;
}

/**
 * A subnet without a table of its own uses the main table of the VPC. https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
 * A VPC's default network ACL lets everything pass. https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
 */
function readSubnets(rows: readonly Row[]): ReadonlyMap<string, Subnet> {
  const bySubnet = new Map<string, RowOf<"route-table">>();
  const main = new Map<string, RowOf<"route-table">>();
  for (const table of select(rows, "route-table")) {
    for (const association of table.associations) {
      if (association.main) main.set(table.vpcId, table);
      else if (association.subnetId !== undefined) bySubnet.set(association.subnetId, table);
    }
  }
  const acls = new Set(select(rows, "network-acl").flatMap((acl) => (acl.isDefault ? [acl.vpcId] : [])));
  return new Map(
    select(rows, "subnet").map((row) => {
      const routes = (bySubnet.get(row.id) ?? main.get(row.vpcId))?.routes ?? [];
      const acl = acls.has(row.vpcId) ? open("the default network ACL") : closed(`the network ACL of ${row.id} has no rules`);
      return [row.id, { id: row.id, vpcId: row.vpcId, routes: routes.map(readRoute).sort((a, b) => length(a) - length(b)), acl }];
    }),
  );
}

function readRoute({ destination, target, targetId }: RowOf<"route-table">["routes"][number]): Route {
  return { range: readRange(destination), target, targetId, text: `${destination} → ${targetId}` };
}

function length({ range }: Route): number {
  return range.last - range.first;
}

function select<K extends Row["kind"]>(rows: readonly Row[], kind: K): readonly RowOf<K>[] {
  return rows.filter((row): row is RowOf<K> => row.kind === kind);
}
