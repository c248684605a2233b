// Small portable stacks that every cloud takes, as data that fast-check can shrink: fixed places, each empty or filled, so that an edit fills, empties or
// changes one of them. What cannot stand together (a disk on a machine that is not there) is left out when the text is written.

import fc from "fast-check";
import { type CloudName, clouds } from "../support/clouds.ts";

export interface StackSpec {
  readonly networks: readonly (NetworkSpec | null)[];
  readonly subnets: readonly (SubnetSpec | null)[];
  readonly firewalls: readonly (FirewallSpec | null)[];
  readonly keys: readonly (KeySpec | null)[];
  readonly addresses: readonly (AddressSpec | null)[];
  readonly machines: readonly (MachineSpec | null)[];
  readonly disks: readonly (DiskSpec | null)[];
  readonly snapshots: readonly (SnapshotSpec | null)[];
}

interface NetworkSpec {
  readonly range: number;
}

interface SubnetSpec {
  /** Positions here and below are of a place; an empty one means the first that is filled, or none. */
  readonly network: number;
  readonly access: "public" | "closed" | "nat";
}

interface FirewallSpec {
  readonly network: number;
  readonly rules: readonly number[];
}

interface KeySpec {
  readonly which: number;
}

interface AddressSpec {
  readonly tagged: boolean;
}

interface MachineSpec {
  readonly subnet: number;
  readonly firewall: number;
  readonly size: number;
  readonly image: number;
  readonly power: "on" | "off";
  readonly public: "no" | "yes" | "address";
  readonly key: boolean;
  readonly fixed: boolean;
}

interface DiskSpec {
  readonly size: number;
  readonly machine: number;
}

interface SnapshotSpec {
  readonly disk: number;
}

const position = fc.nat(2);

const parts = {
  networks: fc.record({ range: fc.nat(1) }),
  subnets: fc.record({ network: fc.nat(1), access: fc.constantFrom("public", "public", "closed", "nat") }),
  firewalls: fc.record({ network: fc.nat(1), rules: fc.subarray([0, 1, 2, 3, 4]) }),
  keys: fc.record({ which: fc.nat(1) }),
  addresses: fc.record({ tagged: fc.boolean() }),
  machines: fc.record({
    subnet: position,
    firewall: position,
    size: fc.nat(1),
    image: fc.nat(1),
    power: fc.constantFrom("on", "on", "on", "off"),
    public: fc.constantFrom("no", "yes", "address"),
    key: fc.boolean(),
    fixed: fc.boolean(),
  }),
  disks: fc.record({ size: fc.nat(1), machine: position }),
  snapshots: fc.record({ disk: fc.nat(1) }),
} as const;

type Part = keyof typeof parts;

const places: Readonly<Record<Part, number>> = {
  networks: 2,
  subnets: 3,
  firewalls: 2,
  keys: 1,
  addresses: 2,
  machines: 2,
  disks: 2,
  snapshots: 1,
};

const partNames = Object.keys(parts) as readonly Part[];

export const anyStack: fc.Arbitrary<StackSpec> = fc.record(
  Object.fromEntries(
    partNames.map((part) => [
      part,
      fc.array(fc.option(parts[part] as fc.Arbitrary<unknown>, { freq: 4 }), { minLength: places[part], maxLength: places[part] }),
    ]),
  ),
) as unknown as fc.Arbitrary<StackSpec>;

export interface Edit {
  readonly part: Part;
  readonly place: number;
  readonly value: unknown;
}

/** One place filled, emptied or filled otherwise. */
export const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  ...partNames.map((part) =>
    fc.record({
      part: fc.constant(part),
      place: fc.nat(places[part] - 1),
      value: fc.option(parts[part] as fc.Arbitrary<unknown>, { freq: 4 }),
    }),
  ),
);

export function editStack(spec: StackSpec, edits: readonly Edit[]): StackSpec {
  let edited = spec;
  for (const { part, place, value } of edits)
    edited = { ...edited, [part]: edited[part].map((old, at) => (at === place ? value : old)) } as StackSpec;
  return edited;
}

const publicKeys = [
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFbxwgoK4vjVjH1KGUrVNBDKilOVZjg/iuyPtzNJJje6 me",
];
const images = ["ubuntu-24.04", "debian-12"];
/** Kept open when a closed one is needed: the second range of a network is used by nobody else. */
const ranges = ["10.20", "10.30"];

/** The place that is meant: the one named if it is filled, else the first that is. */
function choose(filled: readonly unknown[], place: number): number | undefined {
  if (filled[place]) return place;
  const first = filled.findIndex((one) => one);
  return first < 0 ? undefined : first;
}

/** The text of a stack on a cloud. Equal specs give equal texts. */
export function writeStack(cloud: CloudName, spec: StackSpec): string {
  const rangeOf = (network: number): string => ranges[(network + (spec.networks[network]?.range ?? 0)) % 2] ?? "";
  // Two networks of one range are two networks all the same.
  const networks = spec.networks.map((one) => one !== null);
  const subnets = spec.subnets.map((one) => {
    const network = one && choose(networks, one.network);
    return one && network !== undefined && network !== null ? { ...one, network } : undefined;
  });
  const gateways = networks.map((_, network) => subnets.findIndex((one) => one?.network === network && one.access === "public"));
  const firewalls = spec.firewalls.map((one) => {
    const network = one && choose(networks, one.network);
    return one && network !== undefined && network !== null ? { ...one, network } : undefined;
  });
  const taken = new Set<number>();
  const machines = spec.machines.map((one, at) => {
    const subnet = one ? choose(subnets, one.subnet) : undefined;
    const home = subnet === undefined ? undefined : subnets[subnet];
    if (!one || subnet === undefined || !home) return undefined;
    const firewall = firewalls[one.firewall]?.network === home.network ? one.firewall : undefined;
    const address = one.public === "address" && home.access === "public" ? choose(spec.addresses, at) : undefined;
    const reserved = address !== undefined && !taken.has(address) ? address : undefined;
    if (reserved !== undefined) taken.add(reserved);
    return { ...one, subnet, home, firewall, reserved, outside: one.public === "yes" && home.access === "public" };
  });
  const disks = spec.disks.map((one) => one && { ...one, on: machines[one.machine] ? one.machine : undefined });

  return [
    "stack law",
    clouds[cloud].block,
    ...networks.map((there, at) => (there ? `network n${at} { cidr = ${rangeOf(at)}.0.0/16 }` : "")),
    ...subnets.map((one, at) => {
      if (!one) return "";
      const gateway = gateways[one.network] ?? -1;
      const way =
        one.access === "public" ? "" : one.access === "nat" && gateway >= 0 ? `, public = false, nat = s${gateway}` : ", public = false";
      return `subnet s${at} { network = n${one.network}, cidr = ${rangeOf(one.network)}.${at}.0/24${way} }`;
    }),
    ...firewalls.map((one, at) => {
      if (!one) return "";
      const peer = firewalls.findIndex((other, place) => other?.network === one.network && place !== at);
      const lines = ["tcp 22 from 198.51.100.0/24", "tcp 80, 443 from any", "icmp from any", "udp 53 to any", `tcp 5432 from f${peer}`];
      const written = one.rules.filter((rule) => rule < 4 || peer >= 0).map((rule) => `  allow ${lines[rule]}`);
      return [`firewall f${at} {`, `  network = n${one.network}`, ...written, "}"].join("\n");
    }),
    ...spec.keys.map((one, at) => (one ? `key k${at} { public_key = "${publicKeys[one.which]}" }` : "")),
    ...spec.addresses.map((one, at) => (one ? `address a${at} {${one.tagged ? ' tags = { tier = "front" } ' : ""}}` : "")),
    ...machines.map((one, at) => {
      if (!one) return "";
      const items = [
        `cpu = ${one.size + 1}, memory = ${(one.size + 1) * 2}GiB, burst = true, image = "${images[one.image]}", subnet = s${one.subnet}`,
        ...(one.firewall === undefined ? [] : [`firewall = f${one.firewall}`]),
        ...(one.reserved !== undefined ? [`public = a${one.reserved}`] : one.outside ? ["public = true"] : []),
        ...(one.key && spec.keys[0] ? ["key = k0"] : []),
        // All of a subnet or none: a cloud may give one what the other asks for.
        ...(one.fixed && machines.every((other) => !other || other.subnet !== one.subnet || other.fixed)
          ? [`private_ip = ${rangeOf(one.home.network)}.${one.subnet}.${97 + at}`]
          : []),
        ...(one.power === "off" ? ['power = "off"'] : []),
      ];
      return `machine m${at} {\n  ${items.join("\n  ")}\n}`;
    }),
    ...disks.map((one, at) =>
      one ? `disk d${at} { size = ${one.size === 0 ? 10 : 20}GiB${one.on === undefined ? "" : `, attach = m${one.on}`} }` : "",
    ),
    ...spec.snapshots.map((one, at) => (one && disks[one.disk] ? `snapshot p${at} { disk = d${one.disk} }` : "")),
    "",
  ]
    .filter((line, at, all) => line !== "" || at === all.length - 1)
    .join("\n");
}
