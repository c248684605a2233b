// Who may reach whom in a simulated Azure by the documented rules of its virtual networks, read off the objects of the world. Knows nothing of what
// Koine meant by them: no mark, no lowering, no portable graph.

import { type Host, type Party, type Rule, readHosts } from "./azure-world.ts";
import { andThen, closed, type Exit, makeOracle, type Oracle, open, type Traffic, type Verdict } from "./oracle.ts";
import { holds } from "./ranges.ts";
import type { RestObject } from "./rest-object.ts";

interface Packet {
  readonly from: Party;
  readonly to: Party;
  readonly traffic: Traffic;
}

/** Reads what `readWorld` of the simulator gives. One that does not run is not found. */
export function readAzureOracle(objects: readonly RestObject[]): Oracle {
  const hosts = readHosts(objects);
  return makeOracle<Host, number>({
    name: "azure",
    find: (name) => hosts.get(name),
    between: (from, to, traffic) => {
      // System routes lead to the whole address space of the network, and between networks only with peering.
      // https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview#system-routes
      if (from.network !== to.network) return closed("they are in two virtual networks that are not peered");
      const packet = { from: partyOf(from), to: partyOf(to), traffic };
      return andThen(filter("Outbound", from, packet), () => filter("Inbound", to, packet));
    },
    leave,
    enter,
    publicAddress: (host) => host.publicIp,
    // 169.254.169.254, like 168.63.129.16, is not subject to security groups unless a rule names its own service tag (AzurePlatformIMDS).
    // https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#azure-platform-considerations
    metadata: () => open("platform addresses are not filtered"),
    internet: (ip) => ip,
  });
}

function partyOf({ ip, groups }: Host): Party {
  return { ip, groups };
}

/**
 * A NAT gateway on the subnet carries all that goes out, before an address of the machine's own. Without either, a subnet whose
 * `defaultOutboundAccess` is false has no way out. https://learn.microsoft.com/azure/nat-gateway/nat-overview
 * https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
 */
function leave(from: Host, to: number, traffic: Traffic): Exit<number> {
  const sends = filter("Outbound", from, { from: partyOf(from), to: { ip: to, groups: [] }, traffic });
  if (sends.answer === "closed") return sends;
  const { nat, publicIp } = from;
  if (nat) {
    // https://learn.microsoft.com/azure/nat-gateway/troubleshoot-nat-connectivity: TCP and UDP, ICMP is not supported.
    if (traffic.protocol === "icmp") return closed(`${nat.name} carries TCP and UDP only`);
    return { answer: "open", why: `${sends.why}; ${nat.name}`, source: nat.ip };
  }
  if (publicIp !== undefined) return { answer: "open", why: `${sends.why}; its own public address`, source: publicIp };
  if (from.hasDefaultExit) return open(`${sends.why}; Azure's default outbound access`);
  return closed("neither a NAT gateway nor a public address, in a subnet without default outbound access");
}

/**
 * A Standard public address lets nothing in but what a security group allows, so that without a group it is closed. Groups see the private address as
 * the destination. https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
 */
function enter(to: Host, from: number, traffic: Traffic): Verdict {
  if (!to.subnetRules && !to.interfaceRules && to.isStandard) return closed("a Standard public address without a security group");
  return filter("Inbound", to, { from: { ip: from, groups: [] }, to: partyOf(to), traffic });
}

/**
 * Inbound the subnet's group judges first and the interface's next, outbound the other way round; both must let it pass. Traffic within a subnet is no
 * exception. https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works
 */
function filter(direction: Rule["direction"], host: Host, packet: Packet): Verdict {
  const groups = direction === "Inbound" ? [host.subnetRules, host.interfaceRules] : [host.interfaceRules, host.subnetRules];
  const judged = groups.filter((rules) => rules !== undefined);
  if (judged.length === 0) return open("no security group");
  return judged.map((rules): Verdict => judge(rules[direction], packet)).reduce((first, second) => andThen(first, () => second));
}

/** In the order of their priorities; the first that matches decides. The default rules end every list and match everything. */
function judge(rules: readonly Rule[], packet: Packet): Verdict {
  const rule = rules.find((one) => matches(one, packet));
  if (!rule) return closed("no rule matches");
  return rule.access === "Allow" ? open(rule.text) : closed(rule.text);
}

function matches(rule: Rule, { from, to, traffic }: Packet): boolean {
  if (rule.protocol !== "*" && rule.protocol !== traffic.protocol) return false;
  if (!rule.source(from) || !rule.destination(to)) return false;
  const { port } = traffic;
  // What has no ports matches a rule for all of them only.
  return port === undefined ? rule.anyPort : rule.anyPort || rule.ports.some((range) => holds(range, port));
}
