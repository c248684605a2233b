// The oracle of AWS against hand-written worlds: one for each rule that the vendor documents. It must be right before lowerings are judged by it.

import { describe, expect, test } from "vitest";
import type { WorldObject } from "../../../providers/aws/simulator/inspect.ts";
import { readAwsOracle } from "./aws.ts";
import type { Endpoint, Traffic } from "./oracle.ts";

type Row = WorldObject["row"];

/** Only the fields that the oracle reads. */
function object(kind: Row["kind"], id: string, fields: object): WorldObject {
  const row = { kind, id, tags: {}, ...fields } as unknown as Row;
  return { type: row.kind as WorldObject["type"], id, account: "1", region: "r", tags: {}, living: true, row };
}

const vpc = "vpc-1";
const basics = [object("network-acl", "acl-1", { vpcId: vpc, isDefault: true }), object("internet-gateway", "igw-1", { vpcId: vpc })];
const local = { destination: "10.0.0.0/16", target: "gateway", targetId: "local" };
const toGateway = { destination: "0.0.0.0/0", target: "gateway", targetId: "igw-1" };

function subnet(id: string, vpcId = vpc): WorldObject {
  return object("subnet", id, { vpcId });
}

/** Without subnets: the main table. */
function table(id: string, routes: readonly object[], ...subnets: readonly string[]): WorldObject {
  const own = subnets.map((subnetId) => ({ id: `rtbassoc-${subnetId}`, subnetId, main: false }));
  return object("route-table", id, { vpcId: vpc, routes, associations: own.length > 0 ? own : [{ id: "rtbassoc-main", main: true }] });
}

interface MachineOptions {
  readonly subnetId?: string;
  readonly vpcId?: string;
  readonly lentIp?: string;
  readonly groups?: readonly string[];
  readonly state?: string;
}

function machineIn(name: string, privateIp: string, options: MachineOptions = {}): readonly WorldObject[] {
  const { subnetId = "subnet-1", vpcId = vpc, lentIp, groups = ["sg-open"], state = "running" } = options;
  return [
    object("instance", `i-${name}`, { state, tags: { Name: name } }),
    object("network-interface", `eni-${name}`, {
      subnetId,
      vpcId,
      privateIp,
      groups,
      attachment: { instanceId: `i-${name}`, deviceIndex: 0 },
      ...(lentIp ? { lentIp } : {}),
    }),
  ];
}

let serial = 0;
function rule(groupId: string, egress: boolean, protocol: string, from: number, to: number, peer: object): WorldObject {
  serial += 1;
  return object("security-group-rule", `sgr-${serial}`, { groupId, egress, protocol, from, to, peer });
}

const anywhere = { cidr4: "0.0.0.0/0" };
const openGroup = [rule("sg-open", false, "-1", -1, -1, anywhere), rule("sg-open", true, "-1", -1, -1, anywhere)];
const a = machineIn("a", "10.0.0.5", { lentIp: "198.18.0.1" });
const b = machineIn("b", "10.0.0.6", { lentIp: "198.18.0.2" });
const publicly1 = [subnet("subnet-1"), table("rtb-1", [local, toGateway], "subnet-1")];
const outside: Endpoint = { kind: "internet", ip: "198.51.100.7" };
const tcp80: Traffic = { protocol: "tcp", port: 80 };
const machine = (name: string): Endpoint => ({ kind: "machine", name });
const publicly = (name: string): Endpoint => ({ kind: "public", name });

function ask(objects: readonly (WorldObject | readonly WorldObject[])[], from: Endpoint, to: Endpoint, traffic: Traffic = tcp80): string {
  return readAwsOracle([...basics, ...objects.flat()]).judge({ from, to, traffic }).answer;
}

// https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
describe("security groups", () => {
  const judge = (
    rules: readonly WorldObject[],
    from: Endpoint,
    to: Endpoint,
    traffic: Traffic = tcp80,
    groups: readonly string[] = ["sg-1"],
  ): string => ask([publicly1, openGroup, a, machineIn("t", "10.0.0.9", { lentIp: "198.18.0.9", groups }), rules], from, to, traffic);

  test("a group without rules lets nothing in and nothing out", () => {
    expect(judge([], outside, publicly("t"))).toBe("closed");
    expect(judge([], machine("a"), machine("t"))).toBe("closed");
    expect(judge([], machine("t"), outside)).toBe("closed");
    expect(judge([], machine("t"), machine("a"))).toBe("closed");
  });

  test("the rules of all groups of an interface count together", () => {
    const rules = [rule("sg-1", false, "tcp", 80, 80, anywhere), rule("sg-2", false, "tcp", 22, 22, anywhere)];
    expect(judge(rules, outside, publicly("t"), tcp80, ["sg-1", "sg-2"])).toBe("open");
    expect(judge(rules, outside, publicly("t"), { protocol: "tcp", port: 22 }, ["sg-1", "sg-2"])).toBe("open");
    expect(judge(rules, outside, publicly("t"), tcp80, ["sg-2"])).toBe("closed");
  });

  test("ingress and egress are apart; the sender needs the one and the receiver the other", () => {
    const ingress = rule("sg-1", false, "-1", -1, -1, anywhere);
    expect(judge([ingress], machine("t"), machine("a"))).toBe("closed");
    expect(judge([ingress], machine("a"), machine("t"))).toBe("open");
    expect(judge([rule("sg-1", true, "-1", -1, -1, anywhere)], machine("t"), machine("a"))).toBe("open");
  });

  test("ports: both ends; 0 to 65535 is all of them", () => {
    const rules = [rule("sg-1", false, "tcp", 8000, 8100, anywhere)];
    const port = (number: number): string => judge(rules, outside, publicly("t"), { protocol: "tcp", port: number });
    expect([7999, 8000, 8100, 8101].map(port)).toEqual(["closed", "open", "open", "closed"]);
    expect(judge([rule("sg-1", false, "udp", 0, 65_535, anywhere)], outside, publicly("t"), { protocol: "udp", port: 65_535 })).toBe(
      "open",
    );
    expect(judge([rule("sg-1", false, "udp", 0, 65_535, anywhere)], outside, publicly("t"))).toBe("closed");
  });

  test("protocols by name or number; icmp by type and code, -1 for all", () => {
    const ping: Traffic = { protocol: "icmp" };
    expect(judge([rule("sg-1", false, "6", 80, 80, anywhere)], outside, publicly("t"))).toBe("open");
    expect(judge([rule("sg-1", false, "icmp", -1, -1, anywhere)], outside, publicly("t"), ping)).toBe("open");
    expect(judge([rule("sg-1", false, "icmp", 8, -1, anywhere)], outside, publicly("t"), ping)).toBe("open");
    expect(judge([rule("sg-1", false, "icmp", 0, -1, anywhere)], outside, publicly("t"), ping)).toBe("closed");
    expect(judge([rule("sg-1", false, "tcp", 0, 65_535, anywhere)], outside, publicly("t"), ping)).toBe("closed");
  });

  // https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing
  test("a rule that names a group means the private addresses of its interfaces", () => {
    const rules = [rule("sg-1", false, "-1", -1, -1, { groupId: "sg-open" })];
    expect(judge(rules, machine("a"), machine("t"))).toBe("open");
    expect(judge(rules, machine("a"), publicly("t"))).toBe("closed");
    expect(judge(rules, outside, publicly("t"))).toBe("closed");
    expect(judge([rule("sg-1", true, "-1", -1, -1, { groupId: "sg-open" })], machine("t"), machine("a"))).toBe("open");
    expect(judge([rule("sg-1", true, "-1", -1, -1, { groupId: "sg-2" })], machine("t"), machine("a"))).toBe("closed");
  });

  test("a packet to a public address comes from a public address", () => {
    expect(judge([rule("sg-1", false, "-1", -1, -1, { cidr4: "198.18.0.1/32" })], machine("a"), publicly("t"))).toBe("open");
    expect(judge([rule("sg-1", false, "-1", -1, -1, { cidr4: "10.0.0.5/32" })], machine("a"), publicly("t"))).toBe("closed");
    expect(judge([rule("sg-1", false, "-1", -1, -1, { cidr4: "10.0.0.5/32" })], machine("a"), machine("t"))).toBe("open");
    expect(judge([rule("sg-1", false, "-1", -1, -1, { cidr6: "::/0" })], machine("a"), machine("t"))).toBe("closed");
  });

  // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
  test("instance metadata is not filtered", () => {
    expect(judge([], machine("t"), { kind: "metadata" })).toBe("open");
  });
});

// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
describe("routes", () => {
  const single = machineIn("one", "10.0.0.5", { lentIp: "198.18.0.1" });
  const judge = (...tables: readonly WorldObject[]): string =>
    ask([subnet("subnet-1"), openGroup, single, ...tables], machine("one"), outside);

  test("a subnet uses its own table, else the main one", () => {
    expect(judge(table("rtb-main", [local]), table("rtb-1", [local, toGateway], "subnet-1"))).toBe("open");
    expect(judge(table("rtb-main", [local, toGateway]), table("rtb-1", [local], "subnet-1"))).toBe("closed");
    expect(judge(table("rtb-main", [local, toGateway]))).toBe("open");
    expect(judge(table("rtb-main", [local]))).toBe("closed");
  });

  test("the most specific route wins", () => {
    const elsewhere = { destination: "198.51.100.0/24", target: "instance", targetId: "i-x" };
    expect(judge(table("rtb-1", [local, toGateway, elsewhere], "subnet-1"))).toBe("closed");
    expect(judge(table("rtb-1", [local, toGateway, { ...elsewhere, destination: "198.51.101.0/24" }], "subnet-1"))).toBe("open");
  });

  test("a gateway that is attached elsewhere is a blackhole", () => {
    const world = [subnet("subnet-1"), openGroup, single, object("internet-gateway", "igw-2", { vpcId: "vpc-2" })];
    const lost = table("rtb-1", [local, { ...toGateway, targetId: "igw-2" }], "subnet-1");
    expect(ask([...world, lost], machine("one"), outside)).toBe("closed");
    expect(ask([...world, lost], outside, publicly("one"))).toBe("closed");
  });

  test("answers need a way back: without a route to the gateway nobody comes in", () => {
    expect(ask([subnet("subnet-1"), openGroup, single, table("rtb-1", [local], "subnet-1")], outside, publicly("one"))).toBe("closed");
    expect(ask([publicly1, openGroup, single], outside, publicly("one"))).toBe("open");
  });

  test("two VPCs do not reach each other", () => {
    const other = [subnet("subnet-2", "vpc-2"), machineIn("two", "10.0.0.9", { subnetId: "subnet-2", vpcId: "vpc-2" })].flat();
    expect(ask([publicly1, openGroup, single, other], machine("one"), machine("two"))).toBe("closed");
  });
});

// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
describe("public addresses", () => {
  test("without one there is no internet, not even in a public subnet", () => {
    const world = [publicly1, openGroup, machineIn("p", "10.0.0.7")];
    expect(ask(world, machine("p"), outside)).toBe("closed");
    expect(ask(world, outside, publicly("p"))).toBe("closed");
  });

  test("an Elastic IP on the interface is one, and takes the place of a lent address", () => {
    const elastic = (name: string): WorldObject =>
      object("address", `eipalloc-${name}`, { publicIp: "198.18.0.50", association: { networkInterfaceId: `eni-${name}` } });
    const only = [rule("sg-1", false, "-1", -1, -1, { cidr4: "198.18.0.50/32" })];
    const target = machineIn("t", "10.0.0.9", { lentIp: "198.18.0.9", groups: ["sg-1"] });
    expect(ask([publicly1, openGroup, machineIn("p", "10.0.0.7"), elastic("p"), target, only], machine("p"), publicly("t"))).toBe("open");
    expect(ask([publicly1, openGroup, a, elastic("a"), target, only], machine("a"), publicly("t"))).toBe("open");
    expect(ask([publicly1, openGroup, a, b, elastic("b"), target, only], machine("a"), publicly("t"))).toBe("closed");
  });
});

// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
describe("NAT gateways", () => {
  const nat = (fields: object = {}): WorldObject =>
    object("nat-gateway", "nat-1", {
      subnetId: "subnet-1",
      vpcId: vpc,
      state: "available",
      connectivity: "public",
      publicIp: "198.18.0.99",
      ...fields,
    });
  const inner = [
    subnet("subnet-2"),
    table("rtb-2", [local, { destination: "0.0.0.0/0", target: "nat-gateway", targetId: "nat-1" }], "subnet-2"),
  ];
  const hidden = machineIn("h", "10.0.1.5", { subnetId: "subnet-2" });

  test("lead out of a private subnet, and nobody in", () => {
    const world = [publicly1, inner, openGroup, hidden, nat()];
    expect(ask(world, machine("h"), outside)).toBe("open");
    expect(ask(world, machine("h"), outside, { protocol: "icmp" })).toBe("open");
    expect(ask(world, outside, publicly("h"))).toBe("closed");
  });

  test("need to be available, public, and in a subnet that leads to the internet", () => {
    expect(ask([publicly1, inner, openGroup, hidden, nat({ state: "failed" })], machine("h"), outside)).toBe("closed");
    expect(ask([publicly1, inner, openGroup, hidden, nat({ connectivity: "private" })], machine("h"), outside)).toBe("closed");
    expect(ask([subnet("subnet-1"), table("rtb-1", [local], "subnet-1"), inner, openGroup, hidden, nat()], machine("h"), outside)).toBe(
      "closed",
    );
    expect(ask([publicly1, inner, openGroup, hidden], machine("h"), outside)).toBe("closed");
  });

  test("their address is the one that is seen", () => {
    const target = machineIn("t", "10.0.0.9", { lentIp: "198.18.0.9", groups: ["sg-1"] });
    const only = [rule("sg-1", false, "-1", -1, -1, { cidr4: "198.18.0.99/32" })];
    expect(ask([publicly1, inner, openGroup, hidden, nat(), target, only], machine("h"), publicly("t"))).toBe("open");
    expect(ask([publicly1, inner, openGroup, hidden, nat({ publicIp: "198.18.0.98" }), target, only], machine("h"), publicly("t"))).toBe(
      "closed",
    );
  });

  test("a public machine behind one cannot be reached: its answers would leave through the NAT", () => {
    const lent = machineIn("h", "10.0.1.5", { subnetId: "subnet-2", lentIp: "198.18.0.3" });
    expect(ask([publicly1, inner, openGroup, lent, nat()], outside, publicly("h"))).toBe("closed");
  });
});

test("an instance that does not run reaches nothing, and nothing reaches it", () => {
  const world = [publicly1, openGroup, a, machineIn("s", "10.0.0.8", { lentIp: "198.18.0.8", state: "stopped" })];
  expect(ask(world, machine("a"), machine("s"))).toBe("closed");
  expect(ask(world, machine("s"), outside)).toBe("closed");
  expect(ask(world, outside, publicly("s"))).toBe("closed");
});
