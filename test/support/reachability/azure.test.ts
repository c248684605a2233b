// The oracle of Azure against hand-written worlds: one for each rule that the vendor documents. It must be right before lowerings are judged by it.

import { describe, expect, test } from "vitest";
import { readAzureOracle } from "./azure.ts";
import type { Endpoint, Traffic } from "./oracle.ts";
import type { RestObject } from "./rest-object.ts";

const group = "/subscriptions/s/resourceGroups/g/providers/";
const idOf = (type: string, name: string): string => `${group}${type}/${name}`;

function object(type: string, name: string, resource: object): RestObject {
  return { type, id: idOf(type, name), resource: { name, ...resource }, living: true };
}

interface SubnetOptions {
  readonly nsg?: string;
  readonly nat?: string;
  readonly defaultOutboundAccess?: boolean;
}

function networks(options: SubnetOptions = {}, name = "main"): RestObject {
  const id = `${idOf("Microsoft.Network/virtualNetworks", name)}/subnets/app`;
  return object("Microsoft.Network/virtualNetworks", name, {
    properties: {
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [
        {
          id,
          properties: {
            addressPrefix: "10.0.0.0/24",
            defaultOutboundAccess: options.defaultOutboundAccess ?? false,
            ...(options.nsg ? { networkSecurityGroup: { id: idOf("Microsoft.Network/networkSecurityGroups", options.nsg) } } : {}),
            ...(options.nat ? { natGateway: { id: idOf("Microsoft.Network/natGateways", options.nat) } } : {}),
          },
        },
      ],
    },
  });
}

interface MachineOptions {
  readonly publicIp?: string;
  readonly sku?: "Standard" | "Basic";
  readonly asgs?: readonly string[];
  readonly nsg?: string;
  readonly network?: string;
  readonly power?: string;
}

function machineIn(name: string, privateIPAddress: string, options: MachineOptions = {}): readonly RestObject[] {
  const address = idOf("Microsoft.Network/publicIPAddresses", name);
  const subnet = `${idOf("Microsoft.Network/virtualNetworks", options.network ?? "main")}/subnets/app`;
  return [
    {
      ...object("Microsoft.Compute/virtualMachines", name, {
        properties: { networkProfile: { networkInterfaces: [{ id: idOf("Microsoft.Network/networkInterfaces", name) }] } },
      }),
      power: options.power ?? "running",
    },
    object("Microsoft.Network/networkInterfaces", name, {
      properties: {
        ...(options.nsg ? { networkSecurityGroup: { id: idOf("Microsoft.Network/networkSecurityGroups", options.nsg) } } : {}),
        ipConfigurations: [
          {
            properties: {
              privateIPAddress,
              // ARM ids compare without case. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
              subnet: { id: subnet.toUpperCase() },
              ...(options.publicIp ? { publicIPAddress: { id: address } } : {}),
              applicationSecurityGroups: (options.asgs ?? []).map((asg) => ({
                id: idOf("Microsoft.Network/applicationSecurityGroups", asg),
              })),
            },
          },
        ],
      },
    }),
    ...(options.publicIp
      ? [
          object("Microsoft.Network/publicIPAddresses", name, {
            sku: { name: options.sku ?? "Standard" },
            properties: { ipAddress: options.publicIp },
          }),
        ]
      : []),
  ];
}

function nsg(name: string, rules: readonly object[] = []): RestObject {
  const id = idOf("Microsoft.Network/networkSecurityGroups", name);
  const securityRules = rules.map((properties, at) => ({ id: `${id}/securityRules/r${at}`, name: `r${at}`, properties }));
  return object("Microsoft.Network/networkSecurityGroups", name, { properties: { securityRules } });
}

const asg = (name: string): { readonly id: string } => ({ id: idOf("Microsoft.Network/applicationSecurityGroups", name) });
const inbound = {
  direction: "Inbound",
  access: "Allow",
  protocol: "*",
  sourceAddressPrefix: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
};
const outbound = { ...inbound, direction: "Outbound" };
const outside: Endpoint = { kind: "internet", ip: "198.51.100.7" };
const tcp80: Traffic = { protocol: "tcp", port: 80 };
const machine = (name: string): Endpoint => ({ kind: "machine", name });
const publicly = (name: string): Endpoint => ({ kind: "public", name });

function ask(objects: readonly (RestObject | readonly RestObject[])[], from: Endpoint, to: Endpoint, traffic: Traffic = tcp80): string {
  return readAzureOracle(objects.flat()).judge({ from, to, traffic }).answer;
}

const a = machineIn("a", "10.0.0.4", { publicIp: "20.0.0.1" });
const b = machineIn("b", "10.0.0.5", { publicIp: "20.0.0.2" });

// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
describe("default rules", () => {
  const world = [networks({ nsg: "n" }), nsg("n"), a, b];

  test("the whole virtual network comes in and goes out", () => {
    expect(ask(world, machine("a"), machine("b"))).toBe("open");
    expect(ask(world, machine("a"), machine("b"), { protocol: "icmp" })).toBe("open");
  });

  test("the internet does not come in, and is reached", () => {
    expect(ask(world, outside, publicly("b"))).toBe("closed");
    expect(ask(world, machine("a"), outside)).toBe("open");
    expect(ask(world, machine("a"), publicly("b"))).toBe("closed");
  });

  test("two virtual networks do not reach each other", () => {
    const other = machineIn("d", "10.0.0.9", { network: "other" });
    expect(ask([...world, networks({ nsg: "n" }, "other"), other], machine("a"), machine("d"))).toBe("closed");
  });
});

// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
describe("priority", () => {
  test("the first match decides, allowing or denying", () => {
    const deny = { ...inbound, access: "Deny", priority: 200 };
    const world = (priority: number) => [
      networks({ nsg: "n" }),
      nsg("n", [deny, { ...inbound, priority, destinationPortRanges: ["80"], destinationPortRange: "" }]),
      a,
    ];
    expect(ask(world(199), outside, publicly("a"))).toBe("open");
    expect(ask(world(201), outside, publicly("a"))).toBe("closed");
    expect(ask(world(199), outside, publicly("a"), { protocol: "tcp", port: 81 })).toBe("closed");
  });

  test("a denial of everything at 4096 stands before what the defaults allow", () => {
    const world = [networks({ nsg: "n" }), nsg("n", [{ ...inbound, access: "Deny", priority: 4096 }]), a, b];
    expect(ask(world, machine("a"), machine("b"))).toBe("closed");
    expect(ask(world, machine("a"), outside)).toBe("open");
  });

  test("directions are apart", () => {
    const world = [networks({ nsg: "n" }), nsg("n", [{ ...outbound, access: "Deny", priority: 100 }]), a, b];
    expect(ask(world, machine("a"), outside)).toBe("closed");
    expect(ask(world, machine("a"), machine("b"))).toBe("closed");
    expect(ask([networks({ nsg: "n" }), nsg("n", [{ ...inbound, access: "Deny", priority: 100 }]), a], machine("a"), outside)).toBe("open");
  });

  test("rules that are objects of their own count as those inside their group", () => {
    const id = `${idOf("Microsoft.Network/networkSecurityGroups", "n")}/securityRules/own`;
    const rule: RestObject = {
      type: "Microsoft.Network/networkSecurityGroups/securityRules",
      id,
      living: true,
      resource: { id, name: "own", properties: { ...inbound, priority: 100 } },
    };
    expect(ask([networks({ nsg: "n" }), nsg("n"), rule, a], outside, publicly("a"))).toBe("open");
  });
});

describe("what a rule matches", () => {
  const judge = (rule: object, from: Endpoint, to: Endpoint, traffic?: Traffic): string => {
    const deny = { ...inbound, access: "Deny", priority: 4096 };
    return ask([networks({ nsg: "n" }), nsg("n", [{ ...inbound, priority: 100, ...rule }, deny]), a, b], from, to, traffic);
  };

  test("protocols", () => {
    expect(judge({ protocol: "Tcp" }, outside, publicly("a"))).toBe("open");
    expect(judge({ protocol: "Tcp" }, outside, publicly("a"), { protocol: "udp", port: 80 })).toBe("closed");
    expect(judge({ protocol: "Icmp" }, outside, publicly("a"), { protocol: "icmp" })).toBe("open");
    expect(judge({ protocol: "Icmp" }, outside, publicly("a"))).toBe("closed");
  });

  test("port ranges with both ends", () => {
    const rule = { protocol: "Tcp", destinationPortRange: undefined, destinationPortRanges: ["22", "8000-8100"] };
    const port = (number: number): string => judge(rule, outside, publicly("a"), { protocol: "tcp", port: number });
    expect([21, 22, 23, 7999, 8000, 8100, 8101].map(port)).toEqual(["closed", "open", "closed", "closed", "open", "open", "closed"]);
  });

  test("prefixes, of the private address where it is the destination", () => {
    const from = { sourceAddressPrefix: undefined, sourceAddressPrefixes: ["198.51.100.0/29", "10.0.0.5"] };
    expect(judge(from, outside, publicly("a"))).toBe("open");
    expect(judge(from, { kind: "internet", ip: "198.51.100.8" }, publicly("a"))).toBe("closed");
    expect(judge(from, machine("b"), machine("a"))).toBe("open");
    expect(judge({ destinationAddressPrefix: "10.0.0.4" }, outside, publicly("a"))).toBe("open");
    expect(judge({ destinationAddressPrefix: "20.0.0.1" }, outside, publicly("a"))).toBe("closed");
  });

  // https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
  test("service tags", () => {
    expect(judge({ sourceAddressPrefix: "Internet" }, outside, publicly("a"))).toBe("open");
    expect(judge({ sourceAddressPrefix: "Internet" }, machine("b"), machine("a"))).toBe("closed");
    expect(judge({ sourceAddressPrefix: "Internet" }, machine("b"), publicly("a"))).toBe("open");
    expect(judge({ sourceAddressPrefix: "VirtualNetwork" }, outside, publicly("a"))).toBe("closed");
    expect(judge({ sourceAddressPrefix: "VirtualNetwork" }, machine("b"), machine("a"))).toBe("open");
    expect(judge({ sourceAddressPrefix: "AzureLoadBalancer" }, machine("b"), machine("a"))).toBe("closed");
  });
});

// The example of https://learn.microsoft.com/azure/virtual-network/application-security-groups: the web from the internet, the database from the business
// logic only.
describe("application security groups", () => {
  const rules = [
    {
      ...inbound,
      priority: 100,
      protocol: "Tcp",
      sourceAddressPrefix: "Internet",
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [asg("AsgWeb")],
      destinationPortRange: "80",
    },
    {
      ...inbound,
      priority: 120,
      access: "Deny",
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [asg("AsgDb")],
      destinationPortRange: "1433",
    },
    {
      ...inbound,
      priority: 110,
      protocol: "Tcp",
      sourceAddressPrefix: undefined,
      sourceApplicationSecurityGroups: [asg("AsgLogic")],
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [asg("AsgDb")],
      destinationPortRange: "1433",
    },
  ];
  const world = [
    networks({ nsg: "n" }),
    nsg("n", rules),
    machineIn("web", "10.0.0.4", { asgs: ["AsgWeb"], publicIp: "20.0.0.1" }),
    machineIn("logic", "10.0.0.5", { asgs: ["AsgLogic"], publicIp: "20.0.0.2" }),
    machineIn("db", "10.0.0.6", { asgs: ["AsgDb"], publicIp: "20.0.0.3" }),
  ];
  const sql: Traffic = { protocol: "tcp", port: 1433 };

  test("Allow-HTTP-Inbound-Internet", () => {
    expect(ask(world, outside, publicly("web"))).toBe("open");
    expect(ask(world, outside, publicly("logic"))).toBe("closed");
  });

  test("Deny-Database-All and Allow-Database-BusinessLogic", () => {
    expect(ask(world, machine("logic"), machine("db"), sql)).toBe("open");
    expect(ask(world, machine("web"), machine("db"), sql)).toBe("closed");
  });

  test("members are meant by their private addresses", () => {
    const wide = nsg("n", [
      { ...inbound, priority: 100, sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [asg("AsgLogic")] },
    ]);
    const open = world.map((one) => (one === world[1] ? wide : one));
    expect(ask(open, machine("logic"), machine("db"))).toBe("open");
    expect(ask(open, machine("logic"), publicly("db"))).toBe("closed");
  });
});

// https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works: what leads to VM1 (both groups), VM2 (the subnet's), VM3 (the
// interface's) and VM4 (none).
describe("groups on subnet and interface", () => {
  const allow = nsg("allow", [{ ...inbound, priority: 100 }]);
  const none = nsg("none");
  const judge = (subnet: string | undefined, card: string | undefined): string => {
    const vm = machineIn("vm", "10.0.0.4", { publicIp: "20.0.0.1", ...(card ? { nsg: card } : {}) });
    return ask([networks(subnet ? { nsg: subnet } : {}), allow, none, vm], outside, publicly("vm"));
  };

  test.each([
    ["allow", "allow", "open"],
    ["allow", "none", "closed"],
    ["none", "allow", "closed"],
    ["allow", undefined, "open"],
    ["none", undefined, "closed"],
    [undefined, "allow", "open"],
    [undefined, "none", "closed"],
    // A Standard address is closed until a group opens it. https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku
    [undefined, undefined, "closed"],
  ])("subnet %s, interface %s: %s", (subnet, card, answer) => {
    expect(judge(subnet, card)).toBe(answer);
  });

  test("outbound both must allow too, and traffic within the subnet is judged", () => {
    const deny = nsg("deny", [{ ...outbound, access: "Deny", priority: 100 }]);
    const vm = machineIn("vm", "10.0.0.9", { nsg: "deny", publicIp: "20.0.0.9" });
    expect(ask([networks({ nsg: "none" }), none, deny, vm, a], machine("vm"), outside)).toBe("closed");
    expect(ask([networks({ nsg: "none" }), none, deny, vm, a], machine("vm"), machine("a"))).toBe("closed");
    expect(ask([networks({ nsg: "none" }), none, deny, vm, a], machine("a"), machine("vm"))).toBe("open");
  });
});

describe("ways out", () => {
  const gateway = [
    object("Microsoft.Network/natGateways", "nat", {
      sku: { name: "Standard" },
      properties: { publicIpAddresses: [{ id: idOf("Microsoft.Network/publicIPAddresses", "natip") }] },
    }),
    object("Microsoft.Network/publicIPAddresses", "natip", { sku: { name: "Standard" }, properties: { ipAddress: "20.0.0.99" } }),
  ];
  const alone = machineIn("alone", "10.0.0.7");

  // https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
  test("a private subnet has none without an address or a NAT gateway", () => {
    expect(ask([networks(), alone], machine("alone"), outside)).toBe("closed");
    expect(ask([networks({ defaultOutboundAccess: true }), alone], machine("alone"), outside)).toBe("open");
    expect(ask([networks(), a], machine("a"), outside)).toBe("open");
  });

  // https://learn.microsoft.com/azure/nat-gateway/nat-overview
  test("a NAT gateway carries TCP and UDP of its subnet, and lets nobody in", () => {
    const world = [networks({ nat: "nat" }), gateway, alone];
    expect(ask(world, machine("alone"), outside)).toBe("open");
    expect(ask(world, machine("alone"), outside, { protocol: "udp", port: 53 })).toBe("open");
    expect(ask(world, machine("alone"), outside, { protocol: "icmp" })).toBe("closed");
    expect(ask(world, outside, publicly("alone"))).toBe("closed");
  });

  test("the gateway goes before an address of the machine's own", () => {
    const seen = (ip: string) => nsg("n", [{ ...inbound, priority: 100, sourceAddressPrefix: ip }]);
    const world = (ip: string) => [networks({ nat: "nat", nsg: "n" }), gateway, seen(ip), a, b];
    expect(ask(world("20.0.0.99"), machine("a"), publicly("b"))).toBe("open");
    expect(ask(world("20.0.0.1"), machine("a"), publicly("b"))).toBe("closed");
  });
});

// https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#azure-platform-considerations
test("the metadata service is not filtered", () => {
  const world = [networks({ nsg: "n" }), nsg("n", [{ ...outbound, access: "Deny", priority: 100 }]), a];
  expect(ask(world, machine("a"), { kind: "metadata" })).toBe("open");
});

test("a deallocated machine reaches nothing, and nothing reaches it", () => {
  const off = machineIn("off", "10.0.0.8", { publicIp: "20.0.0.8", power: "deallocated" });
  const world = [networks({ nsg: "n" }), nsg("n", [{ ...inbound, priority: 100 }]), a, off];
  expect(ask(world, machine("a"), machine("off"))).toBe("closed");
  expect(ask(world, machine("off"), outside)).toBe("closed");
  expect(ask(world, outside, publicly("off"))).toBe("closed");
});
