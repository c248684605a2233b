// A simulated Azure as its machines meet it: their interfaces, the security groups on both sides of them, and the ways out of their subnets, from the
// ARM JSON of the objects. ARM ids compare without case.

import { holds, isOnTheInternet, type Range, readIp, readRange } from "./ranges.ts";
import { type RestObject, select } from "./rest-object.ts";

// The parts that decide of https://learn.microsoft.com/rest/api/virtualnetwork and https://learn.microsoft.com/rest/api/compute

interface Reference {
  readonly id?: string;
}

interface MachineJson {
  readonly name?: string;
  readonly properties?: {
    readonly networkProfile?: { readonly networkInterfaces?: readonly Reference[] };
  };
}

interface InterfaceJson {
  readonly properties?: {
    readonly networkSecurityGroup?: Reference;
    readonly ipConfigurations?: readonly {
      readonly properties?: {
        readonly privateIPAddress?: string;
        readonly subnet?: Reference;
        readonly publicIPAddress?: Reference;
        readonly applicationSecurityGroups?: readonly Reference[];
      };
    }[];
  };
}

interface NetworkJson {
  readonly properties?: {
    readonly addressSpace?: { readonly addressPrefixes?: readonly string[] };
    readonly subnets?: readonly SubnetJson[];
  };
}

interface SubnetJson extends Reference {
  readonly properties?: {
    readonly networkSecurityGroup?: Reference;
    readonly natGateway?: Reference;
    readonly defaultOutboundAccess?: boolean;
  };
}

interface SecurityGroupJson {
  readonly name?: string;
  readonly properties?: { readonly securityRules?: readonly SecurityRuleJson[] };
}

interface SecurityRuleJson extends Reference {
  readonly name?: string;
  readonly properties?: {
    readonly protocol?: string;
    readonly access?: string;
    readonly direction?: string;
    readonly priority?: number;
    readonly sourceAddressPrefix?: string;
    readonly sourceAddressPrefixes?: readonly string[];
    readonly sourceApplicationSecurityGroups?: readonly Reference[];
    readonly destinationAddressPrefix?: string;
    readonly destinationAddressPrefixes?: readonly string[];
    readonly destinationApplicationSecurityGroups?: readonly Reference[];
    readonly destinationPortRange?: string;
    readonly destinationPortRanges?: readonly string[];
  };
}

interface NatGatewayJson {
  readonly name?: string;
  readonly properties?: { readonly publicIpAddresses?: readonly Reference[] };
}

interface PublicAddressJson {
  readonly sku?: { readonly name?: string };
  readonly properties?: { readonly ipAddress?: string };
}

/** An address of a packet as a security group sees it. */
export interface Party {
  readonly ip: number;
  /** The application security groups of the interface, where it is its private address. */
  readonly groups: readonly string[];
}

export interface Host extends Party {
  readonly network: string;
  readonly publicIp?: number;
  readonly isStandard: boolean;
  readonly subnetRules?: RuleList;
  readonly interfaceRules?: RuleList;
  readonly nat?: { readonly name: string; readonly ip: number };
  readonly hasDefaultExit: boolean;
}

/** Each in the order of priority. */
export interface RuleList {
  readonly Inbound: readonly Rule[];
  readonly Outbound: readonly Rule[];
}

export interface Rule {
  readonly text: string;
  readonly direction: "Inbound" | "Outbound";
  readonly priority: number;
  readonly access: string;
  /** `tcp`, `udp`, `icmp`, `esp`, `ah` or `*`. */
  readonly protocol: string;
  readonly ports: readonly Range[];
  readonly anyPort: boolean;
  readonly source: (party: Party) => boolean;
  readonly destination: (party: Party) => boolean;
}

interface Subnet {
  readonly json: SubnetJson;
  readonly network: string;
  readonly space: readonly Range[];
}

/** Machines by name: those that run. https://learn.microsoft.com/azure/virtual-machines/states-billing */
export function readHosts(objects: readonly RestObject[]): ReadonlyMap<string, Host> {
  const subnets = readSubnets(objects);
  const rulesOf = readSecurityGroups(objects);
  const interfaces = byId(select<InterfaceJson>(objects, "Microsoft.Network/networkInterfaces"));
  const addresses = byId(select<PublicAddressJson>(objects, "Microsoft.Network/publicIPAddresses"));
  const gateways = byId(select<NatGatewayJson>(objects, "Microsoft.Network/natGateways"));
  const ipOf = (reference: Reference | undefined): number | undefined => {
    const text = addresses.get(keyOf(reference))?.properties?.ipAddress;
    return text === undefined ? undefined : readIp(text);
  };
  const hosts = new Map<string, Host>();
  for (const { resource: machine, power } of select<MachineJson>(objects, "Microsoft.Compute/virtualMachines")) {
    const [reference] = machine.properties?.networkProfile?.networkInterfaces ?? [];
    const card = interfaces.get(keyOf(reference))?.properties;
    const place = card?.ipConfigurations?.[0]?.properties;
    const subnet = subnets.get(keyOf(place?.subnet));
    if (power !== "running" || machine.name === undefined || place?.privateIPAddress === undefined || !subnet) continue;
    if (hosts.has(machine.name)) throw new Error(`two machines are called ${machine.name}`);
    const { networkSecurityGroup, natGateway, defaultOutboundAccess } = subnet.json.properties ?? {};
    const publicIp = ipOf(place.publicIPAddress);
    const subnetRules = networkSecurityGroup && rulesOf(keyOf(networkSecurityGroup), subnet);
    const interfaceRules = card?.networkSecurityGroup && rulesOf(keyOf(card.networkSecurityGroup), subnet);
    const gateway = gateways.get(keyOf(natGateway));
    const natIp = ipOf(gateway?.properties?.publicIpAddresses?.[0]);
    hosts.set(machine.name, {
      ip: readIp(place.privateIPAddress),
      groups: (place.applicationSecurityGroups ?? []).map(keyOf),
      network: subnet.network,
      ...(publicIp === undefined ? {} : { publicIp }),
      isStandard: addresses.get(keyOf(place.publicIPAddress))?.sku?.name !== "Basic",
      ...(subnetRules ? { subnetRules } : {}),
      ...(interfaceRules ? { interfaceRules } : {}),
      ...(natIp === undefined ? {} : { nat: { name: String(gateway?.name), ip: natIp } }),
      hasDefaultExit: defaultOutboundAccess !== false,
    });
  }
  return hosts;
}

/** Whether they are objects of their own or only parts of their network. */
function readSubnets(objects: readonly RestObject[]): ReadonlyMap<string, Subnet> {
  const separate = byId(select<SubnetJson>(objects, "Microsoft.Network/virtualNetworks/subnets"));
  const subnets = new Map<string, Subnet>();
  for (const { id, resource } of select<NetworkJson>(objects, "Microsoft.Network/virtualNetworks")) {
    const network = id.toLowerCase();
    const space = (resource.properties?.addressSpace?.addressPrefixes ?? []).map(readRange);
    for (const json of resource.properties?.subnets ?? []) subnets.set(keyOf(json), { json, network, space });
    for (const [key, json] of separate) if (key.startsWith(`${network}/subnets/`)) subnets.set(key, { json, network, space });
  }
  return subnets;
}

/** The rules of a group as they apply in a subnet: what the tag `VirtualNetwork` means depends on the network. */
function readSecurityGroups(objects: readonly RestObject[]): (id: string, subnet: Subnet) => RuleList {
  const groups = byId(select<SecurityGroupJson>(objects, "Microsoft.Network/networkSecurityGroups"));
  const children = new Map<string, Map<string, SecurityRuleJson>>();
  for (const { id, resource } of select<SecurityRuleJson>(objects, "Microsoft.Network/networkSecurityGroups/securityRules")) {
    const key = id.toLowerCase();
    const group = key.slice(0, key.lastIndexOf("/securityrules/"));
    children.set(group, (children.get(group) ?? new Map<string, SecurityRuleJson>()).set(key, resource));
  }
  const read = new Map<string, RuleList>();
  return (id, { network, space }) => {
    const known = read.get(`${id} ${network}`);
    if (known) return known;
    const group = groups.get(id);
    if (!group) throw new Error(`there is no security group ${id}`);
    const written = new Map((group.properties?.securityRules ?? []).map((rule) => [keyOf(rule), rule]));
    for (const [key, rule] of children.get(id) ?? []) written.set(key, rule);
    const rules = [...[...written.values()], ...defaultRules].map((json) => readRule(json, space)).sort((a, b) => a.priority - b.priority);
    const list: RuleList = {
      Inbound: rules.filter((rule) => rule.direction === "Inbound"),
      Outbound: rules.filter((rule) => rule.direction === "Outbound"),
    };
    read.set(`${id} ${network}`, list);
    return list;
  };
}

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules */
const defaultRules: readonly SecurityRuleJson[] = (
  [
    ["AllowVnetInBound", 65_000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"],
    ["AllowAzureLoadBalancerInBound", 65_001, "Inbound", "Allow", "AzureLoadBalancer", "*"],
    ["DenyAllInBound", 65_500, "Inbound", "Deny", "*", "*"],
    ["AllowVnetOutBound", 65_000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"],
    ["AllowInternetOutBound", 65_001, "Outbound", "Allow", "*", "Internet"],
    ["DenyAllOutBound", 65_500, "Outbound", "Deny", "*", "*"],
  ] as const
).map(([name, priority, direction, access, sourceAddressPrefix, destinationAddressPrefix]) => ({
  name,
  properties: { protocol: "*", access, direction, priority, sourceAddressPrefix, destinationAddressPrefix, destinationPortRange: "*" },
}));

function readRule({ name, properties = {} }: SecurityRuleJson, space: readonly Range[]): Rule {
  const { direction, priority = 0, access = "", protocol = "*" } = properties;
  if (direction !== "Inbound" && direction !== "Outbound") throw new Error(`the rule ${name} has no direction`);
  const ports = [...listOf(properties.destinationPortRange), ...(properties.destinationPortRanges ?? [])];
  return {
    text: `${name}: ${access} ${direction.toLowerCase()} at ${priority}`,
    direction,
    priority,
    access,
    protocol: protocol.toLowerCase(),
    ports: ports.filter((text) => text !== "*").map(readPorts),
    anyPort: ports.includes("*"),
    source: readParties(
      [...listOf(properties.sourceAddressPrefix), ...(properties.sourceAddressPrefixes ?? [])],
      properties.sourceApplicationSecurityGroups ?? [],
      space,
    ),
    destination: readParties(
      [...listOf(properties.destinationAddressPrefix), ...(properties.destinationAddressPrefixes ?? [])],
      properties.destinationApplicationSecurityGroups ?? [],
      space,
    ),
  };
}

/**
 * Addresses, ranges, service tags, or the members of application security groups by their private addresses.
 * https://learn.microsoft.com/azure/virtual-network/service-tags-overview https://learn.microsoft.com/azure/virtual-network/application-security-groups
 */
function readParties(prefixes: readonly string[], groups: readonly Reference[], space: readonly Range[]): (party: Party) => boolean {
  const members = groups.map(keyOf);
  const tests = prefixes.map((prefix) => readPrefix(prefix, space));
  return (party) => tests.some((test) => test(party.ip)) || members.some((id) => party.groups.includes(id));
}

/** The host's own address in every region. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const hostAddress = readIp("168.63.129.16");

function readPrefix(prefix: string, space: readonly Range[]): (ip: number) => boolean {
  const isInside = (ip: number): boolean => ip === hostAddress || space.some((range) => holds(range, ip));
  switch (prefix.toLowerCase()) {
    case "*":
      return () => true;
    case "virtualnetwork":
      return isInside;
    case "internet":
      return (ip) => isOnTheInternet(ip) && !isInside(ip);
    case "azureloadbalancer":
      return (ip) => ip === hostAddress;
    default: {
      const range = readRange(prefix);
      return (ip) => holds(range, ip);
    }
  }
}

function readPorts(text: string): Range {
  const [first = "", last = first] = text.split("-");
  return { first: Number(first), last: Number(last) };
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined || text === "" ? [] : [text];
}

function byId<T>(objects: readonly { readonly id: string; readonly resource: T }[]): ReadonlyMap<string, T> {
  return new Map(objects.map(({ id, resource }) => [id.toLowerCase(), resource]));
}

function keyOf({ id = "" }: Reference = {}): string {
  return id.toLowerCase();
}
