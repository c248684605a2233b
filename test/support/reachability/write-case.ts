// The source text of generated cases. Leaves out what the language would refuse; knows no cloud but by the line that names it.

import { type CaseSpec, type MachineSpec, networkRange, type PeerSpec, type RuleSpec, type SubnetSpec } from "./generate.ts";

/** The name of every stack: machines are seen as `law-c0m1`. */
export const stackName = "law";

/** A stack on the cloud that `cloud` declares, each case a network of its own whose names begin with `c<number>`. */
export function writeStack(cloud: string, cases: readonly CaseSpec[]): string {
  return [`stack ${stackName}`, cloud, ...cases.map((spec, number) => writeCase(spec, `c${number}`))].join("\n");
}

interface Draft {
  readonly spec: CaseSpec;
  readonly subnets: readonly SubnetSpec[];
  readonly machines: readonly PlacedMachine[];
  /** The first public subnet, through which the others go. */
  readonly gateway: number;
}

interface PlacedMachine {
  readonly subnet: number;
  readonly firewalls: readonly number[];
  readonly public: MachineSpec["public"];
  readonly power: MachineSpec["power"];
  readonly privateIp?: string;
}

function writeCase(spec: CaseSpec, prefix: string): string {
  const draft = arrange(spec);
  const name = (letter: string, at: number): string => `${prefix}${letter}${at}`;
  const subnets = draft.subnets.map(({ access }, at) => {
    const way = access === "public" ? "" : access === "nat" ? `, public = false, nat = ${name("s", draft.gateway)}` : ", public = false";
    return `subnet ${name("s", at)} { network = ${prefix}n, cidr = 10.20.${at}.0/24${way} }`;
  });
  const firewalls = spec.firewalls.map((rules, at) =>
    [`firewall ${name("f", at)} {`, `  network = ${prefix}n`, ...writeRules(rules, draft, name, `${prefix}n`), "}"].join("\n"),
  );
  const machines = draft.machines.flatMap((machine, at) => {
    const carried = machine.firewalls.map((one) => name("f", one));
    return [
      ...(machine.public === "address" ? [`address ${name("a", at)} {}`] : []),
      [
        `machine ${name("m", at)} {`,
        `  cpu = 1, memory = 1GiB, burst = true, image = "debian-12", subnet = ${name("s", machine.subnet)}`,
        ...(machine.privateIp === undefined ? [] : [`  private_ip = ${machine.privateIp}`]),
        ...(machine.public === "no" ? [] : [`  public = ${machine.public === "yes" ? "true" : name("a", at)}`]),
        ...(carried.length === 0 ? [] : [`  firewall = [${carried.join(", ")}]`]),
        ...(machine.power === "on" ? [] : ['  power = "off"']),
        "}",
      ].join("\n"),
    ];
  });
  return [
    `network ${prefix}n { cidr = ${networkRange}${spec.internet ? "" : ", internet = false"} }`,
    ...subnets,
    ...firewalls,
    ...machines,
  ].join("\n");
}

function arrange(spec: CaseSpec): Draft {
  const gateway = spec.internet ? spec.subnets.findIndex(({ access }) => access === "public") : -1;
  const subnets = spec.subnets.map(({ access, fixed }) => ({
    access: access === "nat" && gateway < 0 ? ("closed" as const) : access,
    fixed,
  }));
  const machines = spec.machines.map((machine, at): PlacedMachine => {
    const subnet = machine.subnet % subnets.length;
    const mayBePublic = spec.internet && subnets[subnet]?.access === "public";
    const count = spec.firewalls.length;
    return {
      subnet,
      firewalls: count === 0 ? [] : [...new Set(machine.firewalls.map((one) => one % count))],
      public: mayBePublic ? machine.public : "no",
      power: machine.power,
      // In the block that `fixed-ips` means.
      ...(subnets[subnet]?.fixed ? { privateIp: `10.20.${subnet}.${97 + at}` } : {}),
    };
  });
  return { spec, subnets, machines, gateway };
}

/** A rule that says anything twice is left out: the compiler refuses repetitions. */
function writeRules(
  rules: readonly RuleSpec[],
  draft: Draft,
  name: (letter: string, at: number) => string,
  network: string,
): readonly string[] {
  const seen = new Set<string>();
  return rules.flatMap(({ protocol, ports, direction, peers }) => {
    const ranges =
      protocol === "tcp" || protocol === "udp" ? ports.map(({ from, more }) => writePorts(from, Math.min(from + more, 65_535))) : [];
    const written = peers.flatMap((peer) => writePeer(peer, draft, name, network) ?? []);
    const said = written.flatMap(({ meaning }) =>
      (ranges.length === 0 ? [""] : ranges).map((range) => [protocol, range, direction, meaning].join(" ")),
    );
    if (said.length === 0 || new Set(said).size < said.length || said.some((one) => seen.has(one))) return [];
    for (const one of said) seen.add(one);
    const which = ranges.length === 0 ? "" : ` ${ranges.join(", ")}`;
    return [`  allow ${protocol}${which} ${direction} ${written.map(({ text }) => text).join(", ")}`];
  });
}

function writePorts(from: number, to: number): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/** `meaning` is what the compiler compares by. Undefined for what is not there, such as the public address of a machine that has none, and for a block in which a cloud may pick addresses or not. */
function writePeer(
  peer: PeerSpec,
  { spec, subnets, machines, gateway }: Draft,
  name: (letter: string, at: number) => string,
  network: string,
): { readonly text: string; readonly meaning: string } | undefined {
  const plain = (text: string) => ({ text, meaning: text });
  if (peer.kind === "any") return plain("any");
  if (peer.kind === "network") return plain(network);
  if (peer.kind === "range") return { text: peer.text, meaning: peer.text.includes("/") ? peer.text : `${peer.text}/32` };
  if (peer.kind === "subnet") return plain(name("s", peer.at % subnets.length));
  if (peer.kind === "fixed-ips") {
    const at = peer.at % subnets.length;
    return subnets[at]?.fixed ? plain(`10.20.${at}.96/27`) : undefined;
  }
  if (peer.kind === "firewall") return spec.firewalls.length === 0 ? undefined : plain(name("f", peer.at % spec.firewalls.length));
  if (peer.kind === "nat-ip") return subnets.some(({ access }) => access === "nat") ? plain(`${name("s", gateway)}.nat_ip`) : undefined;
  const at = peer.at % machines.length;
  const machine = machines[at];
  if (peer.kind === "private-ip") {
    const text = `${name("m", at)}.private_ip`;
    return { text, meaning: machine?.privateIp === undefined ? text : `${machine.privateIp}/32` };
  }
  if (machine?.public === "address") return plain(`${name("a", at)}.ip`);
  return machine?.public === "yes" && machine.power === "on" ? plain(`${name("m", at)}.public_ip`) : undefined;
}
