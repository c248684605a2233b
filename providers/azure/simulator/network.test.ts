// The rules of Microsoft.Network, each by the vendor's code: ranges, addresses, rules, and what keeps what alive.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ArmFixture, fast, location, makeNetwork, openArm, refusal, subscription } from "../../../test/support/arm-simulator.ts";

let fixture: ArmFixture;
let nic = "";
beforeAll(async () => {
  fixture = await openArm();
  nic = (await makeNetwork(fixture)).nic;
});
afterAll(() => fixture.close());

const base = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network`;
const version = "api-version=2026-01-01";
const subnetId = `${base}/virtualNetworks/net/subnets/a`;

function put(path: string, properties: unknown, more: object = { location }): ReturnType<ArmFixture["send"]> {
  return fixture.send("PUT", `${base}/${path}?${version}`, { ...more, properties });
}

describe("ranges", () => {
  test.each([
    ["10.1.0.0/24", "NetcfgInvalidSubnet"],
    ["10.0.1.128/25", "NetcfgSubnetRangesOverlap"],
    ["10.0.2.0/30", "NetcfgInvalidIPAddressPrefix"],
    ["10.0.2.1/24", "NetcfgInvalidIPAddressPrefix"],
    ["ten", "NetcfgInvalidIPAddressPrefix"],
  ])("a subnet of %s is refused: %s", async (addressPrefix, code) => {
    expect(await put("virtualNetworks/net/subnets/b", { addressPrefix }, {})).toMatchObject({ status: 400, code });
  });

  test("a subnet in use neither moves nor goes, nor does its network", async () => {
    expect((await put("virtualNetworks/net/subnets/a", { addressPrefix: "10.0.2.0/24" }, {})).code).toBe("InUseSubnetCannotBeUpdated");
    expect((await fixture.send("DELETE", `${subnetId}?${version}`)).code).toBe("InUseSubnetCannotBeDeleted");
    expect((await fixture.send("DELETE", `${base}/virtualNetworks/net?${version}`)).code).toBe("InUseSubnetCannotBeDeleted");
  });

  test("a network's PUT keeps subnets that it does not mention and removes those that an empty list leaves out", async () => {
    const addressSpace = { addressPrefixes: ["10.9.0.0/16"] };
    const names = async (): Promise<unknown> => (await fixture.send("GET", `${base}/virtualNetworks/free?${version}`)).body;
    await put("virtualNetworks/free", { addressSpace, subnets: [{ name: "x", properties: { addressPrefix: "10.9.1.0/24" } }] });
    await put("virtualNetworks/free", { addressSpace });
    expect(await names()).toMatchObject({ properties: { subnets: [{ name: "x", properties: { provisioningState: "Succeeded" } }] } });
    await put("virtualNetworks/free", { addressSpace, subnets: [] });
    expect(await names()).toMatchObject({ properties: { subnets: [] } });
    const held = await put("virtualNetworks/net", { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [] });
    expect(held.code).toBe("InUseSubnetCannotBeDeleted");
    const shrunk = await put("virtualNetworks/net", { addressSpace: { addressPrefixes: ["10.0.128.0/17"] } });
    expect(shrunk.code).toBe("NetcfgInvalidSubnet");
  });

  test("a PUT replaces: tags that are not sent are gone", async () => {
    await put("applicationSecurityGroups/replaced", {}, { location, tags: { a: "b" } });
    await put("applicationSecurityGroups/replaced", {});
    const { body } = await fixture.send("GET", `${base}/applicationSecurityGroups/replaced?${version}`);
    expect(body).not.toHaveProperty("tags");
  });
});

describe("interfaces", () => {
  function interfaceWith(properties: object, name = "other"): ReturnType<ArmFixture["send"]> {
    return put(`networkInterfaces/${name}`, {
      ipConfigurations: [{ name: "main", properties: { subnet: { id: subnetId }, ...properties } }],
    });
  }

  test.each([
    ["10.0.1.3", "PrivateIPAddressInReservedRange"],
    ["10.0.1.255", "PrivateIPAddressInReservedRange"],
    ["10.0.2.9", "PrivateIPAddressNotInSubnet"],
    ["10.0.1.4", "PrivateIPAddressIsAllocated"],
  ])("the static address %s is refused: %s", async (privateIPAddress, code) => {
    expect((await interfaceWith({ privateIPAddress, privateIPAllocationMethod: "Static" })).code).toBe(code);
  });

  test("a dynamic address is the first free one and stays", async () => {
    const { network } = fixture;
    expect((await network.networkInterfaces.get("rg", "nic")).ipConfigurations?.[0]?.privateIPAddress).toBe("10.0.1.4");
    await interfaceWith({}, "second");
    await interfaceWith({}, "second");
    expect((await network.networkInterfaces.get("rg", "second")).ipConfigurations?.[0]?.privateIPAddress).toBe("10.0.1.5");
  });

  test("a full subnet says so", async () => {
    await put("virtualNetworks/net/subnets/tiny", { addressPrefix: "10.0.3.0/29" }, {});
    const subnet = { id: `${base}/virtualNetworks/net/subnets/tiny` };
    for (const name of ["t1", "t2", "t3"]) expect((await interfaceWith({ subnet }, name)).status).toBe(201);
    expect((await interfaceWith({ subnet }, "t4")).code).toBe("SubnetIsFull");
  });

  test.each([
    ["another type's id", { subnet: { id: `${base}/virtualNetworks/net` } }, "LinkedInvalidPropertyId"],
    ["no id", { subnet: { id: "net/a" } }, "LinkedInvalidPropertyId"],
    ["what is not there", { subnet: { id: `${base}/virtualNetworks/net/subnets/none` } }, "InvalidResourceReference"],
  ])("a subnet by %s is refused", async (_what, properties, code) => {
    expect((await interfaceWith(properties)).code).toBe(code);
  });

  test("a public address serves one, and stays while it does", async () => {
    await put("publicIPAddresses/ip", { publicIPAllocationMethod: "Static" }, { location, sku: { name: "Standard" } });
    const publicIPAddress = { id: `${base}/publicIPAddresses/ip` };
    await interfaceWith({ publicIPAddress }, "holder");
    expect((await interfaceWith({ publicIPAddress }, "rival")).code).toBe("PublicIPAddressInUse");
    expect((await fixture.send("DELETE", `${base}/publicIPAddresses/ip?${version}`)).code).toBe("PublicIPAddressCannotBeDeleted");
    const { body } = await fixture.send("GET", `${base}/publicIPAddresses/ip?${version}`);
    expect(body).toMatchObject({ properties: { ipConfiguration: { id: `${base}/networkInterfaces/holder/ipConfigurations/main` } } });
  });

  test("basic and dynamic public addresses are no more", async () => {
    expect((await put("publicIPAddresses/basic", {}, { location })).code).toBe("IPv4BasicSkuPublicIpCountLimitReached");
    const dynamic = await put(
      "publicIPAddresses/dynamic",
      { publicIPAllocationMethod: "Dynamic" },
      { location, sku: { name: "Standard" } },
    );
    expect(dynamic.status).toBe(400);
  });

  test("zones are for a resource's life", async () => {
    const zonal = { location, sku: { name: "Standard" }, zones: ["1"] };
    await put("publicIPAddresses/zonal", { publicIPAllocationMethod: "Static" }, zonal);
    const moved = await put("publicIPAddresses/zonal", { publicIPAllocationMethod: "Static" }, { ...zonal, zones: ["2"] });
    expect(moved.code).toBe("ResourceAvailabilityZonesCannotBeModified");
  });

  test("groups of two networks do not share members", async () => {
    await put("applicationSecurityGroups/shared", {});
    const applicationSecurityGroups = [{ id: `${base}/applicationSecurityGroups/shared` }];
    await put("virtualNetworks/far", {
      addressSpace: { addressPrefixes: ["10.8.0.0/16"] },
      subnets: [{ name: "x", properties: { addressPrefix: "10.8.1.0/24" } }],
    });
    await interfaceWith({ applicationSecurityGroups }, "member");
    const far = await interfaceWith({ applicationSecurityGroups, subnet: { id: `${base}/virtualNetworks/far/subnets/x` } }, "stranger");
    expect(far.code).toBe("ApplicationSecurityGroupsNotInSameVnet");
    expect((await fixture.send("DELETE", `${base}/applicationSecurityGroups/shared?${version}`)).status).toBe(400);
    expect(nic).toContain("networkInterfaces/nic");
  });
});

describe("rules", () => {
  const rule = {
    protocol: "Tcp",
    sourcePortRange: "*",
    destinationPortRange: "80",
    sourceAddressPrefix: "*",
    destinationAddressPrefix: "*",
    access: "Allow",
    priority: 200,
    direction: "Inbound",
  };

  beforeAll(async () => {
    await put("networkSecurityGroups/nsg", {});
    await put("networkSecurityGroups/nsg/securityRules/first", rule, {});
  });

  test.each([
    ["the same priority and direction", {}, "SecurityRuleConflict"],
    ["a priority below 100", { priority: 99 }, "SecurityRuleInvalidPriority"],
    ["a priority above 4096", { priority: 4097 }, "SecurityRuleInvalidPriority"],
    ["no direction", { direction: undefined, priority: 201 }, "InvalidRequestFormat"],
    ["a port beyond the last", { priority: 201, destinationPortRange: "70000" }, "SecurityRuleInvalidPortRange"],
    ["ports the wrong way round", { priority: 201, destinationPortRange: "90-80" }, "SecurityRuleInvalidPortRange"],
    [
      "any port in a list",
      { priority: 201, destinationPortRange: undefined, destinationPortRanges: ["*"] },
      "SecurityRuleParameterContainsInvalidPortRanges",
    ],
    ["an address that is none", { priority: 201, sourceAddressPrefix: "10.0.0.0/40" }, "SecurityRuleInvalidAddressPrefix"],
    [
      "any address in a list",
      { priority: 201, sourceAddressPrefix: undefined, sourceAddressPrefixes: ["*"] },
      "SecurityRuleParameterContainsUnsupportedValue",
    ],
    ["an enumeration's stranger", { priority: 201, access: "Perhaps" }, "InvalidRequestFormat"],
  ])("%s is refused", async (_what, change, code) => {
    expect((await put("networkSecurityGroups/nsg/securityRules/second", { ...rule, ...change }, {})).code).toBe(code);
  });

  test("the other direction may have the priority; the defaults stand beside", async () => {
    expect((await put("networkSecurityGroups/nsg/securityRules/out", { ...rule, direction: "Outbound" }, {})).status).toBe(201);
    const group = await fixture.network.networkSecurityGroups.get("rg", "nsg");
    expect(group.securityRules?.map(({ name }) => name)).toEqual(["first", "out"]);
    expect(group.defaultSecurityRules?.map(({ priority }) => priority)).toEqual([65000, 65001, 65500, 65000, 65001, 65500]);
    expect((await fixture.network.defaultSecurityRules.get("rg", "nsg", "DenyAllInBound")).access).toBe("Deny");
  });

  test("a group's PUT replaces its rules, and refuses two of one priority", async () => {
    const twice = ["a", "b"].map((name) => ({ name, properties: rule }));
    expect((await put("networkSecurityGroups/nsg", { securityRules: twice })).code).toBe("SecurityRuleConflict");
    await put("networkSecurityGroups/nsg", { securityRules: twice.slice(0, 1) });
    expect((await fixture.network.networkSecurityGroups.get("rg", "nsg")).securityRules?.map(({ name }) => name)).toEqual(["a"]);
  });

  test("a group in use stays", async () => {
    await put(
      "virtualNetworks/net/subnets/guarded",
      { addressPrefix: "10.0.4.0/24", networkSecurityGroup: { id: `${base}/networkSecurityGroups/nsg` } },
      {},
    );
    expect(await refusal(fixture.network.networkSecurityGroups.delete("rg", "nsg", fast))).toBe("InUseNetworkSecurityGroupCannotBeDeleted");
    expect((await fixture.network.networkSecurityGroups.get("rg", "nsg")).subnets?.[0]?.id).toBe(
      `${base}/virtualNetworks/net/subnets/guarded`,
    );
  });
});

describe("NAT gateways", () => {
  test("serve the subnets of one network, with addresses of their own", async () => {
    const standard = { location, sku: { name: "Standard" } };
    await put("publicIPAddresses/nat", { publicIPAllocationMethod: "Static" }, standard);
    const publicIpAddresses = [{ id: `${base}/publicIPAddresses/nat` }];
    expect((await put("natGateways/nat", { publicIpAddresses }, { location })).status).toBe(400);
    expect((await put("natGateways/nat", { publicIpAddresses }, standard)).status).toBe(201);
    expect((await put("natGateways/rival", { publicIpAddresses }, standard)).code).toBe("PublicIPAddressInUse");
    const natGateway = { id: `${base}/natGateways/nat` };
    await put("virtualNetworks/net/subnets/nat", { addressPrefix: "10.0.5.0/24", natGateway }, {});
    await put("virtualNetworks/else", { addressSpace: { addressPrefixes: ["10.7.0.0/16"] } });
    const foreign = await put("virtualNetworks/else/subnets/x", { addressPrefix: "10.7.1.0/24", natGateway }, {});
    expect(foreign.code).toBe("NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks");
    expect((await fixture.send("DELETE", `${base}/natGateways/nat?${version}`)).code).toBe("InUseNatGatewayCannotBeDeleted");
  });
});
