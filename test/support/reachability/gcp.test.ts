// The oracle of Google Cloud against hand-written worlds: one for each rule that the vendor documents. It must be right before lowerings are judged by it.

import { describe, expect, test } from "vitest";
import { readGcpOracle } from "./gcp.ts";
import type { Endpoint, Oracle, Traffic } from "./oracle.ts";
import type { RestObject } from "./rest-object.ts";

const network = "projects/p/global/networks/main";
const subnetwork = "projects/p/regions/r/subnetworks/app";
const api = "https://www.googleapis.com/compute/v1/";

function object(type: string, id: string, resource: object): RestObject {
  return { type, id, resource, living: true };
}

interface InstanceOptions {
  readonly tags?: readonly string[];
  readonly external?: string;
  readonly status?: string;
  readonly network?: string;
}

function instance(name: string, networkIP: string, options: InstanceOptions = {}): RestObject {
  const accessConfigs = options.external === undefined ? [] : [{ type: "ONE_TO_ONE_NAT", natIP: options.external }];
  return object("instances", `projects/p/zones/z/instances/${name}`, {
    name,
    status: options.status ?? "RUNNING",
    tags: { items: options.tags ?? [] },
    networkInterfaces: [{ network: api + (options.network ?? network), subnetwork: api + subnetwork, networkIP, accessConfigs }],
  });
}

function firewall(name: string, rule: object): RestObject {
  return object("firewalls", `projects/p/global/firewalls/${name}`, {
    name,
    network: api + network,
    priority: 1000,
    direction: "INGRESS",
    ...rule,
  });
}

const a = instance("a", "10.0.0.2", { external: "34.0.0.1", tags: ["front"] });
const b = instance("b", "10.0.0.3", { external: "34.0.0.2", tags: ["webserver"] });
const c = instance("c", "10.0.0.4");
const outside: Endpoint = { kind: "internet", ip: "198.51.100.7" };
const tcp80: Traffic = { protocol: "tcp", port: 80 };
const all = [{ IPProtocol: "all" }];
const machine = (name: string): Endpoint => ({ kind: "machine", name });
const publicly = (name: string): Endpoint => ({ kind: "public", name });

function ask(objects: readonly RestObject[], from: Endpoint, to: Endpoint, traffic: Traffic = tcp80): string {
  return readGcpOracle(objects).judge({ from, to, traffic }).answer;
}

// https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules
test("implied: nothing comes in, everything goes out", () => {
  expect(ask([a, b], machine("a"), machine("b"))).toBe("closed");
  expect(ask([a, b], outside, publicly("b"))).toBe("closed");
  expect(ask([a, b], machine("a"), outside)).toBe("open");
});

// The example of https://cloud.google.com/firewall/docs/firewalls#priority_order_for_firewall_rules: a denial of all ingress at 1000 and, for the
// targets tagged webserver, an allowance of TCP 80 above it, beside it and below it.
describe("priority", () => {
  const deny = firewall("deny", { denied: all, sourceRanges: ["0.0.0.0/0"] });
  const allow = (priority: number): RestObject =>
    firewall("allow", {
      priority,
      allowed: [{ IPProtocol: "tcp", ports: ["80"] }],
      sourceRanges: ["0.0.0.0/0"],
      targetTags: ["webserver"],
    });

  test.each([
    [999, "open"],
    [1000, "closed"],
    [1001, "closed"],
  ])("the allowance at %i leaves it %s, in either order", (priority, answer) => {
    expect(ask([a, b, deny, allow(priority)], outside, publicly("b"))).toBe(answer);
    expect(ask([a, b, allow(priority), deny], machine("a"), machine("b"))).toBe(answer);
  });

  test("is for its targets, its protocol and its port only", () => {
    const world = [a, b, deny, allow(999)];
    expect(ask(world, outside, publicly("a"))).toBe("closed");
    expect(ask(world, outside, publicly("b"), { protocol: "tcp", port: 81 })).toBe("closed");
    expect(ask(world, outside, publicly("b"), { protocol: "udp", port: 80 })).toBe("closed");
    expect(ask(world, outside, publicly("b"), { protocol: "icmp" })).toBe("closed");
  });

  test("a disabled rule is as if it were not there", () => {
    expect(ask([a, b, deny, firewall("off", { priority: 1, allowed: all, disabled: true })], outside, publicly("b"))).toBe("closed");
  });

  test("rules hold in their own network", () => {
    const elsewhere = "projects/p/global/networks/other";
    const open = firewall("open", { network: api + elsewhere, allowed: all });
    expect(ask([a, b, open], machine("a"), machine("b"))).toBe("closed");
    expect(ask([a, instance("d", "10.0.0.9", { network: elsewhere }), open], machine("a"), machine("d"))).toBe("closed");
  });
});

// https://cloud.google.com/firewall/docs/firewalls#sources
describe("sources of ingress rules", () => {
  test("without ranges or tags: every one", () => {
    expect(ask([a, b, firewall("any", { allowed: all })], outside, publicly("b"))).toBe("open");
  });

  test("tags mean the internal addresses of the tagged instances of the network", () => {
    const world = [a, b, c, firewall("tag", { allowed: all, sourceTags: ["front"] })];
    expect(ask(world, machine("a"), machine("b"))).toBe("open");
    expect(ask(world, machine("c"), machine("b"))).toBe("closed");
    expect(ask(world, machine("a"), publicly("b"))).toBe("closed");
    expect(ask(world, outside, publicly("b"))).toBe("closed");
  });

  test("ranges and tags together mean either", () => {
    const world = [a, b, c, firewall("both", { allowed: all, sourceTags: ["front"], sourceRanges: ["10.0.0.4/32", "198.51.100.0/29"] })];
    expect(ask(world, machine("a"), machine("b"))).toBe("open");
    expect(ask(world, machine("c"), machine("b"))).toBe("open");
    expect(ask(world, outside, publicly("b"))).toBe("open");
    expect(ask(world, { kind: "internet", ip: "198.51.100.8" }, publicly("b"))).toBe("closed");
  });

  test("an instance is seen by the internet address it has", () => {
    const world = [a, b, firewall("seen", { allowed: all, sourceRanges: ["34.0.0.1/32"] })];
    expect(ask(world, machine("a"), publicly("b"))).toBe("open");
    expect(ask(world, machine("a"), machine("b"))).toBe("closed");
  });
});

// https://cloud.google.com/firewall/docs/firewalls#protocols_and_ports
test("protocols by name or number, ports single or as ranges with both ends", () => {
  const world = [a, b, firewall("ports", { allowed: [{ IPProtocol: "6", ports: ["22", "8000-8100"] }, { IPProtocol: "icmp" }] })];
  const port = (number: number): string => ask(world, outside, publicly("b"), { protocol: "tcp", port: number });
  expect([21, 22, 23, 7999, 8000, 8100, 8101].map(port)).toEqual(["closed", "open", "closed", "closed", "open", "open", "closed"]);
  expect(ask(world, outside, publicly("b"), { protocol: "icmp" })).toBe("open");
});

// https://cloud.google.com/firewall/docs/firewalls#egress-rules
test("egress rules: target tags and destination ranges", () => {
  const world = [
    a,
    b,
    c,
    firewall("in", { allowed: all }),
    firewall("out", {
      direction: "EGRESS",
      priority: 1000,
      allowed: all,
      destinationRanges: ["192.0.2.0/24", "10.0.0.4/32"],
      targetTags: ["front"],
    }),
    firewall("no", { direction: "EGRESS", priority: 1001, denied: all, targetTags: ["front"] }),
  ];
  expect(ask(world, machine("a"), machine("c"))).toBe("open");
  expect(ask(world, machine("a"), machine("b"))).toBe("closed");
  expect(ask(world, machine("a"), outside)).toBe("closed");
  expect(ask(world, machine("b"), machine("a"))).toBe("open");
});

// https://cloud.google.com/firewall/docs/firewalls#gcp-metadata-server
test("the metadata server is always allowed", () => {
  expect(ask([a, firewall("no", { direction: "EGRESS", denied: all })], machine("a"), { kind: "metadata" })).toBe("open");
});

// https://cloud.google.com/nat/docs/nat-product-interactions https://cloud.google.com/vpc/docs/routes
describe("ways out", () => {
  const router = (listed: string): RestObject =>
    object("routers", "projects/p/regions/r/routers/nat", {
      name: "nat",
      network: api + network,
      nats: [
        {
          name: "nat",
          natIps: [`${api}projects/p/regions/r/addresses/nat`],
          sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
          subnetworks: [{ name: api + listed, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
        },
      ],
    });
  const address = object("addresses", "projects/p/regions/r/addresses/nat", { address: "34.0.0.9" });

  test("without an external address only through Cloud NAT of the subnetwork", () => {
    expect(ask([c], machine("c"), outside)).toBe("closed");
    expect(ask([c, router(subnetwork), address], machine("c"), outside)).toBe("open");
    expect(ask([c, router("projects/p/regions/r/subnetworks/other"), address], machine("c"), outside)).toBe("closed");
  });

  test("nobody comes in through Cloud NAT", () => {
    expect(ask([c, router(subnetwork), address, firewall("in", { allowed: all })], outside, publicly("c"))).toBe("closed");
  });

  test("an instance with an external address goes out by that", () => {
    const only = (ip: string): RestObject => firewall("in", { allowed: all, sourceRanges: [`${ip}/32`] });
    expect(ask([a, b, router(subnetwork), address, only("34.0.0.1")], machine("a"), publicly("b"))).toBe("open");
    expect(ask([b, c, router(subnetwork), address, only("34.0.0.9")], machine("c"), publicly("b"))).toBe("open");
    expect(ask([a, b, router(subnetwork), address, only("34.0.0.9")], machine("a"), publicly("b"))).toBe("closed");
  });

  test("no route, no internet", () => {
    const route = (destRange: string, gateway: string): RestObject =>
      object("routes", "projects/p/global/routes/r", {
        network: api + network,
        destRange,
        nextHopGateway: `${api}projects/p/global/gateways/${gateway}`,
      });
    const open = firewall("in", { allowed: all });
    expect(ask([a, open, route("0.0.0.0/0", "default-internet-gateway")], machine("a"), outside)).toBe("open");
    expect(ask([a, open, route("203.0.113.0/24", "default-internet-gateway")], machine("a"), outside)).toBe("closed");
    expect(ask([a, open, route("203.0.113.0/24", "default-internet-gateway")], outside, publicly("a"))).toBe("closed");
    // The most specific route decides, in whatever order they are listed.
    expect(ask([a, open, route("0.0.0.0/0", "default-internet-gateway"), route("198.51.100.0/24", "vpn")], machine("a"), outside)).toBe(
      "closed",
    );
    expect(ask([a, open, route("198.51.100.0/24", "vpn"), route("0.0.0.0/0", "default-internet-gateway")], machine("a"), outside)).toBe(
      "closed",
    );
  });
});

test("an instance that does not run reaches nothing, and nothing reaches it", () => {
  const stopped = instance("s", "10.0.0.8", { external: "34.0.0.8", status: "TERMINATED" });
  const oracle: Oracle = readGcpOracle([a, stopped, firewall("in", { allowed: all })]);
  expect(oracle.judge({ from: machine("a"), to: machine("s"), traffic: tcp80 }).answer).toBe("closed");
  expect(oracle.judge({ from: machine("s"), to: outside, traffic: tcp80 }).answer).toBe("closed");
  expect(oracle.judge({ from: outside, to: publicly("s"), traffic: tcp80 }).answer).toBe("closed");
});
