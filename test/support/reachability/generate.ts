// Small networks with all that decides who reaches whom, as data that fast-check can shrink. What cannot stand in a stack (a public machine in a closed
// subnet) is left out when the text is written, in write-case.ts, so that every part shrinks by itself.

import fc from "fast-check";

export interface CaseSpec {
  readonly internet: boolean;
  readonly subnets: readonly SubnetSpec[];
  readonly firewalls: readonly (readonly RuleSpec[])[];
  readonly machines: readonly MachineSpec[];
}

export interface SubnetSpec {
  /** `nat` is closed, with the first public subnet as its way out. */
  readonly access: "public" | "closed" | "nat";
  /**
   * Whether the source says the private addresses of its machines: of all of them or of none, because a cloud may give a machine that has none an address
   * that another one asks for a moment later.
   */
  readonly fixed: boolean;
}

export interface MachineSpec {
  /** Positions here and below are taken modulo how many there are. */
  readonly subnet: number;
  readonly firewalls: readonly number[];
  readonly public: "no" | "yes" | "address";
  readonly power: "on" | "off";
}

export interface RuleSpec {
  readonly protocol: "tcp" | "udp" | "icmp" | "any";
  readonly ports: readonly PortSpec[];
  readonly direction: "from" | "to";
  readonly peers: readonly PeerSpec[];
}

export interface PortSpec {
  readonly from: number;
  /** Added for the end of a range; 0 is a single port. */
  readonly more: number;
}

export type PeerSpec =
  | { readonly kind: "any" }
  | { readonly kind: "network" }
  | { readonly kind: "range"; readonly text: string }
  | { readonly kind: "subnet" | "firewall" | "private-ip" | "public-ip" | "nat-ip" | "fixed-ips"; readonly at: number };

/** All cases have the same network: 10.20.0.0/16 with a /24 for each subnet. */
export const networkRange = "10.20.0.0/16";

/**
 * Ranges that hold whole subnets or none. Those of the internet are set aside for documentation (RFC 5737) or belong to no simulated cloud, so that no
 * machine gets an address in them.
 */
const ranges = [
  "198.51.100.0/24",
  "198.51.100.64/26",
  "203.0.113.7",
  "192.0.2.128/25",
  "8.8.0.0/16",
  "10.0.0.0/8",
  "10.20.0.0/23",
  "10.20.1.0/24",
  "10.21.0.0/16",
  "192.168.0.0/16",
];

const port = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(22, 53, 80, 443, 8080) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 79, 81, 1023, 65_534, 65_535) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 65_535 }) },
);
const portSpec: fc.Arbitrary<PortSpec> = fc.record({
  from: port,
  more: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.constantFrom(1, 2, 363, 1000) }, fc.nat(65_535)),
});
const position = fc.nat(3);
const peerSpec: fc.Arbitrary<PeerSpec> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("any" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("range" as const), text: fc.constantFrom(...ranges) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("firewall" as const), at: position }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("network" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("subnet", "private-ip", "public-ip", "nat-ip", "fixed-ips"), at: position }),
  },
);
const anyRule: fc.Arbitrary<RuleSpec> = fc.record({
  protocol: fc.constantFrom("tcp", "tcp", "udp", "icmp", "any"),
  // Two rules that meet at a port, the one's `to` and the other's `from`, are rare unless many name none.
  ports: fc.oneof(fc.constant([]), fc.array(portSpec, { minLength: 1, maxLength: 3, size: "max" })),
  direction: fc.constantFrom("from", "from", "from", "to", "to"),
  peers: fc.array(peerSpec, { minLength: 1, maxLength: 2, size: "max" }),
});
/** Between machines both ends must allow: one end wide open shows what the other does. */
const plainRule: fc.Arbitrary<RuleSpec> = fc.record({
  protocol: fc.constantFrom("tcp", "any"),
  ports: fc.constant([]),
  direction: fc.constant("to"),
  peers: fc.tuple(fc.record({ kind: fc.constant("firewall" as const), at: position })),
});
const openRule: RuleSpec = { protocol: "any", ports: [], direction: "from", peers: [{ kind: "any" }] };
const ruleSpec = fc.oneof(
  { weight: 5, arbitrary: anyRule },
  { weight: 1, arbitrary: plainRule },
  { weight: 1, arbitrary: fc.constant(openRule) },
);
const machineSpec: fc.Arbitrary<MachineSpec> = fc.record({
  subnet: fc.nat(2),
  // Mostly one: of several, the most open one hides what the others do.
  firewalls: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.tuple(position) },
    { weight: 2, arbitrary: fc.uniqueArray(position, { minLength: 2, maxLength: 3 }) },
  ),
  public: fc.constantFrom("no", "yes", "address"),
  power: fc.oneof({ weight: 30, arbitrary: fc.constant("on" as const) }, { weight: 1, arbitrary: fc.constant("off" as const) }),
});

export const caseSpec: fc.Arbitrary<CaseSpec> = fc.record({
  internet: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  subnets: fc.array(fc.record({ access: fc.constantFrom("public", "public", "closed", "nat"), fixed: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
    size: "max",
  }),
  firewalls: fc.array(fc.array(ruleSpec, { maxLength: 4 }), { maxLength: 4 }),
  machines: fc.array(machineSpec, { minLength: 1, maxLength: 4 }),
});
