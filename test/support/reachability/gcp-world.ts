// A simulated Compute Engine as its instances meet it: the firewall rules and routes that apply to each, and Cloud NAT by subnetwork, from the REST JSON
// of the objects.

import { everywhere, type Range, readIp, readRange } from "./ranges.ts";
import { type RestObject, select } from "./rest-object.ts";

// The parts that decide of https://cloud.google.com/compute/docs/reference/rest/v1

interface InstanceJson {
  readonly name?: string;
  readonly status?: string;
  readonly tags?: { readonly items?: readonly string[] };
  readonly networkInterfaces?: readonly {
    readonly network?: string;
    readonly subnetwork?: string;
    readonly networkIP?: string;
    readonly accessConfigs?: readonly { readonly type?: string; readonly natIP?: string }[];
  }[];
}

interface FirewallJson {
  readonly name?: string;
  readonly network?: string;
  readonly priority?: number;
  readonly direction?: string;
  readonly allowed?: readonly ProtocolJson[];
  readonly denied?: readonly ProtocolJson[];
  readonly sourceRanges?: readonly string[];
  readonly sourceTags?: readonly string[];
  readonly destinationRanges?: readonly string[];
  readonly targetTags?: readonly string[];
  readonly disabled?: boolean;
}

interface ProtocolJson {
  readonly IPProtocol?: string;
  readonly ports?: readonly string[];
}

interface RouteJson {
  readonly network?: string;
  readonly destRange?: string;
  readonly priority?: number;
  readonly nextHopGateway?: string;
  readonly tags?: readonly string[];
}

interface RouterJson {
  readonly name?: string;
  readonly network?: string;
  readonly nats?: readonly {
    readonly name?: string;
    readonly natIps?: readonly string[];
    readonly sourceSubnetworkIpRangesToNat?: string;
    readonly subnetworks?: readonly { readonly name?: string; readonly sourceIpRangesToNat?: readonly string[] }[];
  }[];
}

interface AddressJson {
  readonly address?: string;
}

export interface Host {
  readonly network: string;
  readonly subnetwork: string;
  readonly ip: number;
  readonly external?: number;
  readonly tags: readonly string[];
  /** Those that apply to it, in the order in which they decide. */
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  readonly routes: readonly Route[];
}

export interface Rule {
  readonly text: string;
  readonly network: string;
  readonly direction: "INGRESS" | "EGRESS";
  readonly priority: number;
  readonly action: "allow" | "deny";
  readonly protocols: readonly { readonly name: string; readonly ports: readonly Range[] }[];
  readonly sources: readonly Range[];
  readonly sourceTags: readonly string[];
  readonly destinations: readonly Range[];
  /** Absent: every instance of the network. */
  readonly targets?: readonly string[];
}

export interface Route {
  readonly range: Range;
  readonly priority: number;
  readonly toInternet: boolean;
  readonly text: string;
}

export interface Nat {
  readonly text: string;
  readonly source: number;
}

/**
 * The lowest number wins, and among equal ones a denial. Every network has two implied rules below all others: nothing comes in, everything goes out.
 * https://cloud.google.com/firewall/docs/firewalls#priority_order_for_firewall_rules https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules
 */
function readRules(objects: readonly RestObject[]): readonly Rule[] {
  const written = select<FirewallJson>(objects, "firewalls").flatMap(({ resource }) =>
    resource.disabled === true ? [] : [readRule(resource)],
  );
  return written.sort((a, b) => a.priority - b.priority || Number(a.action === "allow") - Number(b.action === "allow"));
}

function readRule(json: FirewallJson): Rule {
  const direction = json.direction === "EGRESS" ? "EGRESS" : "INGRESS";
  const action = json.denied && json.denied.length > 0 ? "deny" : "allow";
  const { priority = 1000, sourceRanges = [], sourceTags = [], destinationRanges = [], targetTags = [] } = json;
  // An ingress rule that names no source means every one. https://cloud.google.com/firewall/docs/firewalls#sources
  const anySource = sourceRanges.length === 0 && (direction === "EGRESS" || sourceTags.length === 0);
  return {
    text: `${json.name}: ${action} ${direction.toLowerCase()} at ${priority}`,
    network: shorten(json.network),
    direction,
    priority,
    action,
    protocols: (action === "deny" ? (json.denied ?? []) : (json.allowed ?? [])).map(readProtocol),
    sources: anySource ? [everywhere] : readRanges(sourceRanges),
    sourceTags,
    destinations: destinationRanges.length === 0 ? [everywhere] : readRanges(destinationRanges),
    ...(targetTags.length === 0 ? {} : { targets: targetTags }),
  };
}

function implied(direction: Rule["direction"]): Rule {
  const action = direction === "EGRESS" ? "allow" : "deny";
  return {
    text: `implied: ${action} ${direction.toLowerCase()}`,
    network: "",
    direction,
    priority: 65_535,
    action,
    protocols: [{ name: "all", ports: [] }],
    sources: [everywhere],
    sourceTags: [],
    destinations: [everywhere],
  };
}

const numbers: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp" };

function readProtocol({ IPProtocol = "", ports = [] }: ProtocolJson): Rule["protocols"][number] {
  const name = IPProtocol.toLowerCase();
  return {
    name: numbers[name] ?? name,
    ports: ports.map((text) => {
      const [first = "", last = first] = text.split("-");
      return { first: Number(first), last: Number(last) };
    }),
  };
}

/** IPv6 ranges stand in rules of their own and mean nothing here. */
function readRanges(texts: readonly string[]): readonly Range[] {
  return texts.filter((text) => !text.includes(":")).map(readRange);
}

/** Running instances by name. */
export function readHosts(objects: readonly RestObject[]): ReadonlyMap<string, Host> {
  const rules = readRules(objects);
  const routesOf = readRoutes(objects);
  const byNetwork = new Map<string, readonly Rule[]>();
  const rulesIn = (network: string): readonly Rule[] => {
    const found = byNetwork.get(network) ?? rules.filter((rule) => rule.network === network);
    byNetwork.set(network, found);
    return found;
  };
  const hosts = new Map<string, Host>();
  for (const { resource } of select<InstanceJson>(objects, "instances")) {
    const [card] = resource.networkInterfaces ?? [];
    if (resource.status !== "RUNNING" || resource.name === undefined || card?.networkIP === undefined) continue;
    if (hosts.has(resource.name)) throw new Error(`two instances are called ${resource.name}`);
    const tags = resource.tags?.items ?? [];
    const network = shorten(card.network);
    const apply = rulesIn(network).filter(({ targets }) => !targets || targets.some((tag) => tags.includes(tag)));
    const external = card.accessConfigs?.find(({ natIP }) => natIP !== undefined && natIP !== "")?.natIP;
    hosts.set(resource.name, {
      network,
      subnetwork: shorten(card.subnetwork),
      ip: readIp(card.networkIP),
      ...(external === undefined ? {} : { external: readIp(external) }),
      tags,
      ingress: [...apply.filter((rule) => rule.direction === "INGRESS"), implied("INGRESS")],
      egress: [...apply.filter((rule) => rule.direction === "EGRESS"), implied("EGRESS")],
      routes: routesOf(network, tags),
    });
  }
  return hosts;
}

/**
 * Every network begins with a default route to the internet, which can be taken away. Where a world does not show routes, that one is meant.
 * https://cloud.google.com/vpc/docs/routes#routingpacketsinternet
 */
function readRoutes(objects: readonly RestObject[]): (network: string, tags: readonly string[]) => readonly Route[] {
  const shown = select<RouteJson>(objects, "routes").map(({ resource }) => resource);
  const isShown = objects.some(({ type }) => type === "routes");
  const preset: Route = { range: everywhere, priority: 1000, toInternet: true, text: "0.0.0.0/0 → default-internet-gateway" };
  return (network, tags) => {
    if (!isShown) return [preset];
    return shown
      .filter((route) => shorten(route.network) === network)
      .filter(({ tags: only = [] }) => only.length === 0 || only.some((tag) => tags.includes(tag)))
      .map(({ destRange = "0.0.0.0/0", priority = 1000, nextHopGateway = "" }): Route => {
        const toInternet = nextHopGateway.endsWith("/gateways/default-internet-gateway");
        return {
          range: readRange(destRange),
          priority,
          toInternet,
          text: `${destRange} → ${toInternet ? "default-internet-gateway" : "elsewhere"}`,
        };
      })
      .sort((a, b) => a.range.last - a.range.first - (b.range.last - b.range.first) || a.priority - b.priority);
  };
}

/** By subnetwork. https://cloud.google.com/nat/docs/overview */
export function readNats(objects: readonly RestObject[]): ReadonlyMap<string, Nat> {
  const addresses = new Map(select<AddressJson>(objects, "addresses").map(({ id, resource }) => [shorten(id), resource.address]));
  const nats = new Map<string, Nat>();
  for (const { resource } of select<RouterJson>(objects, "routers")) {
    for (const nat of resource.nats ?? []) {
      if (nat.sourceSubnetworkIpRangesToNat !== "LIST_OF_SUBNETWORKS") throw new Error(`the NAT ${nat.name} is not for listed subnetworks`);
      const [ip] = (nat.natIps ?? []).flatMap((one) => addresses.get(shorten(one)) ?? []);
      if (ip === undefined) continue;
      for (const { name, sourceIpRangesToNat = [] } of nat.subnetworks ?? []) {
        if (!sourceIpRangesToNat.some((which) => which === "ALL_IP_RANGES" || which === "PRIMARY_IP_RANGE")) continue;
        nats.set(shorten(name), { text: `Cloud NAT ${nat.name} of ${resource.name}`, source: readIp(ip) });
      }
    }
  }
  return nats;
}

/** A resource's URL without host and version: `projects/p/global/networks/n`. */
function shorten(url = ""): string {
  const start = url.indexOf("projects/");
  return start < 0 ? url : url.slice(start);
}
