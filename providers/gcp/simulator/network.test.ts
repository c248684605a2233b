// Networks, subnetworks, firewall rules, routers, addresses: what GCE takes, fills in and refuses.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeMachine, type GceFixture, makeNetwork, openGce, REGION, ZONE } from "../../../test/support/gce-simulator.ts";

let gce: GceFixture;
beforeEach(async () => {
  gce = await openGce();
});
afterEach(() => gce.close());

const network = "global/networks/net";
const insertNetwork = (name: string) => gce.change("POST", "global/networks", { name, autoCreateSubnetworks: false });
const insertSubnet = (name: string, ipCidrRange: string, more: object = {}) =>
  gce.change("POST", `${REGION}/subnetworks`, { name, network, ipCidrRange, ...more });
const insertRule = (body: object) => gce.change("POST", "global/firewalls", { network, ...body });
const ALLOW = [{ IPProtocol: "tcp", ports: ["22"] }];

describe("networks", () => {
  test("come with a default route, and show what the cloud fills in", async () => {
    expect(await insertNetwork("net")).toBe("ok");
    expect(await gce.get(network)).toMatchObject({
      kind: "compute#network",
      name: "net",
      autoCreateSubnetworks: false,
      mtu: 1460,
      routingConfig: { routingMode: "REGIONAL" },
      selfLink: "https://www.googleapis.com/compute/v1/projects/test-project/global/networks/net",
      id: expect.stringMatching(/^\d{19}$/),
    });
    const routes = (await gce.get("global/routes")) as { items: { destRange: string; nextHopGateway: string; name: string }[] };
    expect(routes.items).toMatchObject([
      { destRange: "0.0.0.0/0", priority: 1000, nextHopGateway: expect.stringContaining("default-internet-gateway") },
    ]);
    expect(await gce.get(`global/routes/${routes.items[0]?.name}`)).toMatchObject({ network: expect.stringMatching(/networks\/net$/) });
  });

  test.each([
    ["Upper", "invalid"],
    ["-x", "invalid"],
    ["x-", "invalid"],
    ["a".repeat(64), "invalid"],
    ["", "required"],
    ["a".repeat(63), "ok"],
  ])("the name %j is %s", async (name, outcome) => {
    expect(await insertNetwork(name)).toBe(outcome);
  });

  test("twice is alreadyExists; gone is 404, and gone again too; its routes go with it", async () => {
    await insertNetwork("net");
    expect(await insertNetwork("net")).toBe("alreadyExists");
    expect(await gce.change("DELETE", network)).toBe("ok");
    expect((await gce.call("GET", network)).status).toBe(404);
    expect(await gce.change("DELETE", network)).toBe("notFound");
    expect(await gce.get("global/routes")).not.toHaveProperty("items");
  });

  test("the routing mode can be patched, and nothing else", async () => {
    await insertNetwork("net");
    expect(await gce.change("PATCH", network, { routingConfig: { routingMode: "GLOBAL" } })).toBe("ok");
    expect(await gce.get(network)).toMatchObject({ routingConfig: { routingMode: "GLOBAL" } });
    expect(await gce.change("PATCH", network, { description: "other" })).toBe("invalid");
  });

  test("is kept by its subnetworks, rules and routers", async () => {
    await makeNetwork(gce);
    expect(await gce.change("DELETE", network)).toBe("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE");
    await gce.change("DELETE", `${REGION}/subnetworks/sub`);
    await insertRule({ name: "rule", allowed: ALLOW });
    expect(await gce.change("DELETE", network)).toBe("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE");
    await gce.change("DELETE", "global/firewalls/rule");
    await gce.change("POST", `${REGION}/routers`, { name: "router", network });
    expect(await gce.change("DELETE", network)).toBe("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE");
    await gce.change("DELETE", `${REGION}/routers/router`);
    expect(await gce.change("DELETE", network)).toBe("ok");
  });
});

describe("subnetworks", () => {
  beforeEach(() => insertNetwork("net"));

  test("belong to a network, which lists them; the gateway is the first address; a local route comes along", async () => {
    expect(await insertSubnet("sub", "10.1.0.0/20", { description: "koine lineage=1" })).toBe("ok");
    expect(await gce.get(`${REGION}/subnetworks/sub`)).toMatchObject({
      ipCidrRange: "10.1.0.0/20",
      gatewayAddress: "10.1.0.1",
      privateIpGoogleAccess: false,
      purpose: "PRIVATE",
      stackType: "IPV4_ONLY",
      description: "koine lineage=1",
    });
    expect(await gce.get(network)).toMatchObject({ subnetworks: [expect.stringMatching(/subnetworks\/sub$/)] });
    expect(JSON.stringify(await gce.get("global/routes"))).toContain("10.1.0.0/20");
    await gce.change("DELETE", `${REGION}/subnetworks/sub`);
    expect(JSON.stringify(await gce.get("global/routes"))).not.toContain("10.1.0.0/20");
  });

  test.each(["10.0.0.1/24", "10.0.0.0/30", "127.0.0.0/16", "169.254.0.0/24", "224.0.0.0/24", "0.0.0.0/8", "10.0.0.0", "199.36.153.0/24"])(
    "the range %s is refused",
    async (range) => {
      expect(await insertSubnet("sub", range)).toBe("invalid");
    },
  );

  test("overlap is refused within a network, in any region, and not between networks", async () => {
    await insertSubnet("sub", "10.0.0.0/24");
    expect(await insertSubnet("other", "10.0.0.128/25")).toBe("invalid");
    expect(await gce.change("POST", "regions/us-central1/subnetworks", { name: "far", network, ipCidrRange: "10.0.0.0/16" })).toBe(
      "invalid",
    );
    await insertNetwork("second");
    expect(await insertSubnet("other", "10.0.0.128/25", { network: "global/networks/second" })).toBe("ok");
  });

  test("are patched with their fingerprint only, and expanded to a superset only", async () => {
    await insertSubnet("sub", "10.0.0.0/24");
    await insertSubnet("next", "10.0.2.0/24");
    const path = `${REGION}/subnetworks/sub`;
    const { fingerprint } = await gce.get(path);
    expect(await gce.change("PATCH", path, { privateIpGoogleAccess: true })).toBe("conditionNotMet");
    expect(await gce.change("PATCH", path, { privateIpGoogleAccess: true, fingerprint })).toBe("ok");
    expect(await gce.change("PATCH", path, { privateIpGoogleAccess: false, fingerprint })).toBe("conditionNotMet");
    expect(await gce.get(path)).toMatchObject({ privateIpGoogleAccess: true });
    expect(await gce.change("POST", `${path}/expandIpCidrRange`, { ipCidrRange: "10.0.1.0/24" })).toBe("invalid");
    expect(await gce.change("POST", `${path}/expandIpCidrRange`, { ipCidrRange: "10.0.0.0/22" })).toBe("invalid");
    expect(await gce.change("POST", `${path}/expandIpCidrRange`, { ipCidrRange: "10.0.0.0/23" })).toBe("ok");
    expect(await gce.get(path)).toMatchObject({ ipCidrRange: "10.0.0.0/23" });
  });

  test("are kept by instances", async () => {
    await insertSubnet("sub", "10.0.0.0/24");
    await gce.change("POST", `${ZONE}/instances`, describeMachine("web"));
    expect(await gce.change("DELETE", `${REGION}/subnetworks/sub`)).toBe("resourceInUseByAnotherResource");
  });
});

describe("firewall rules", () => {
  beforeEach(() => insertNetwork("net"));

  test("fill in direction, priority and ranges", async () => {
    expect(await insertRule({ name: "in", allowed: ALLOW })).toBe("ok");
    expect(await gce.get("global/firewalls/in")).toMatchObject({
      direction: "INGRESS",
      priority: 1000,
      disabled: false,
      sourceRanges: ["0.0.0.0/0"],
    });
    expect(await insertRule({ name: "out", direction: "EGRESS", denied: [{ IPProtocol: "all" }] })).toBe("ok");
    expect(await gce.get("global/firewalls/out")).toMatchObject({ destinationRanges: ["0.0.0.0/0"] });
    expect(await insertRule({ name: "tagged", allowed: ALLOW, sourceTags: ["a"], targetTags: ["b"] })).toBe("ok");
    expect(await gce.get("global/firewalls/tagged")).not.toHaveProperty("sourceRanges");
  });

  test.each([
    [{ allowed: ALLOW, denied: ALLOW }, "invalid"],
    [{}, "required"],
    [{ allowed: ALLOW, priority: 65536 }, "invalid"],
    [{ allowed: ALLOW, direction: "SIDEWAYS" }, "invalid"],
    [{ allowed: ALLOW, direction: "EGRESS", sourceTags: ["a"] }, "invalid"],
    [{ allowed: ALLOW, sourceTags: ["a"], targetServiceAccounts: ["a@b.iam.gserviceaccount.com"] }, "invalid"],
    [{ allowed: [{ IPProtocol: "icmp", ports: ["1"] }] }, "invalid"],
    [{ allowed: [{ IPProtocol: "tcp", ports: ["9-1"] }] }, "invalid"],
    [{ allowed: [{ IPProtocol: "tcp", ports: ["70000"] }] }, "invalid"],
    [{ allowed: [{ IPProtocol: "quic" }] }, "invalid"],
    [{ allowed: ALLOW, sourceRanges: ["10.0.0.1/24"] }, "invalid"],
    [{ allowed: ALLOW, targetTags: ["Tag"] }, "invalid"],
    [{ allowed: ALLOW, network: "global/networks/none" }, "notFound"],
    [{ allowed: [{ IPProtocol: "47" }] }, "ok"],
  ])("%j: %s", async (body, outcome) => {
    expect(await insertRule({ name: "rule", ...body })).toBe(outcome);
  });

  test("patch keeps what is not sent, update drops it; direction stays", async () => {
    const path = "global/firewalls/rule";
    await insertRule({ name: "rule", allowed: ALLOW, sourceTags: ["a"], targetTags: ["b"], description: "d" });
    expect(await gce.change("PATCH", path, { priority: 900, disabled: true })).toBe("ok");
    expect(await gce.get(path)).toMatchObject({ priority: 900, disabled: true, sourceTags: ["a"], targetTags: ["b"], description: "d" });
    expect(await gce.change("PATCH", path, { direction: "EGRESS" })).toBe("invalid");
    expect(await gce.change("PUT", path, { name: "rule", allowed: ALLOW })).toBe("ok");
    const whole = await gce.get(path);
    expect(whole).toMatchObject({ priority: 1000, sourceRanges: ["0.0.0.0/0"] });
    for (const field of ["sourceTags", "targetTags", "description"]) expect(whole).not.toHaveProperty(field);
  });
});

describe("routers and addresses", () => {
  beforeEach(() => makeNetwork(gce));
  const nat = (more: object = {}) => ({
    name: "nat",
    natIpAllocateOption: "MANUAL_ONLY",
    natIps: [`${REGION}/addresses/ip`],
    sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
    subnetworks: [{ name: `${REGION}/subnetworks/sub`, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
    ...more,
  });

  test("a NAT uses its address, which cannot go before it", async () => {
    expect(await gce.change("POST", `${REGION}/addresses`, { name: "ip" })).toBe("ok");
    const address = await gce.get(`${REGION}/addresses/ip`);
    expect(address).toMatchObject({
      status: "RESERVED",
      addressType: "EXTERNAL",
      networkTier: "PREMIUM",
      labelFingerprint: "42WmSpB8rSM=",
    });
    expect(address.address).toMatch(/^34\.\d+\.\d+\.\d+$/);
    expect(await gce.change("POST", `${REGION}/routers`, { name: "router", network: "global/networks/net", nats: [nat()] })).toBe("ok");
    expect(await gce.get(`${REGION}/addresses/ip`)).toMatchObject({ status: "IN_USE", users: [expect.stringMatching(/routers\/router$/)] });
    expect(await gce.change("DELETE", `${REGION}/addresses/ip`)).toBe("resourceInUseByAnotherResource");
    expect(await gce.change("DELETE", `${REGION}/subnetworks/sub`)).toBe("resourceInUseByAnotherResource");
    expect(await gce.get(`${REGION}/routers/router`)).toMatchObject({
      nats: [
        {
          type: "PUBLIC",
          enableEndpointIndependentMapping: false,
          endpointTypes: ["ENDPOINT_TYPE_VM"],
          natIps: [expect.stringMatching(/^https:.*addresses\/ip$/)],
        },
      ],
    });
    expect(await gce.change("PATCH", `${REGION}/routers/router`, { description: "kept" })).toBe("ok");
    expect(await gce.get(`${REGION}/routers/router`)).toMatchObject({ description: "kept", nats: [{ name: "nat" }] });
    expect(await gce.change("PUT", `${REGION}/routers/router`, { name: "router", network: "global/networks/net" })).toBe("ok");
    expect(await gce.get(`${REGION}/routers/router`)).not.toHaveProperty("nats");
    expect(await gce.change("DELETE", `${REGION}/addresses/ip`)).toBe("ok");
  });

  test.each([
    [{ natIps: [] }, "required"],
    [{ natIps: [`${REGION}/addresses/none`] }, "notFound"],
    [{ natIpAllocateOption: "AUTO_ONLY" }, "invalid"],
    [{ subnetworks: [] }, "invalid"],
    [{ subnetworks: [{ name: `${REGION}/subnetworks/none` }] }, "notFound"],
    [{ sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" }, "invalid"],
    [{ name: "N" }, "invalid"],
  ])("the NAT %j is refused: %s", async (more, outcome) => {
    await gce.change("POST", `${REGION}/addresses`, { name: "ip" });
    expect(await gce.change("POST", `${REGION}/routers`, { name: "router", network: "global/networks/net", nats: [nat(more)] })).toBe(
      outcome,
    );
  });

  test("a subnetwork is translated by one router only", async () => {
    const auto = { natIpAllocateOption: "AUTO_ONLY", natIps: [] };
    const insert = (name: string) => gce.change("POST", `${REGION}/routers`, { name, network: "global/networks/net", nats: [nat(auto)] });
    expect(await insert("one")).toBe("ok");
    expect(await insert("two")).toBe("resourceInUseByAnotherResource");
  });

  test("an address gets labels by setLabels, with the fingerprint of before", async () => {
    const path = `${REGION}/addresses/ip`;
    await gce.change("POST", `${REGION}/addresses`, { name: "ip" });
    const { labelFingerprint } = await gce.get(path);
    expect(await gce.change("POST", `${path}/setLabels`, { labels: { a: "b" }, labelFingerprint })).toBe("ok");
    expect(await gce.change("POST", `${path}/setLabels`, { labels: { a: "c" }, labelFingerprint })).toBe("conditionNotMet");
    expect(await gce.get(path)).toMatchObject({ labels: { a: "b" } });
    for (const labels of [{ A: "b" }, { a: "B" }, { a: "x".repeat(64) }, { "1a": "b" }])
      expect(await gce.change("POST", `${path}/setLabels`, { labels, labelFingerprint: (await gce.get(path)).labelFingerprint })).toBe(
        "invalid",
      );
  });

  test("an internal address is the subnetwork's, and is kept for who names it", async () => {
    const insert = (body: object) =>
      gce.change("POST", `${REGION}/addresses`, { addressType: "INTERNAL", subnetwork: `${REGION}/subnetworks/sub`, ...body });
    expect(await insert({ name: "inner", address: "10.0.0.2" })).toBe("ok");
    expect(await insert({ name: "again", address: "10.0.0.2" })).toBe("invalid");
    expect(await insert({ name: "outside", address: "10.9.0.2" })).toBe("invalid");
    expect(await insert({ name: "next" })).toBe("ok");
    expect(await gce.get(`${REGION}/addresses/next`)).toMatchObject({ address: "10.0.0.3", purpose: "GCE_ENDPOINT" });
    const machine = (name: string, more: object) =>
      gce.change(
        "POST",
        `${ZONE}/instances`,
        describeMachine(name, { networkInterfaces: [{ subnetwork: `${REGION}/subnetworks/sub`, ...more }] }),
      );
    expect(await machine("free", {})).toBe("ok");
    expect(await gce.get(`${ZONE}/instances/free`)).toMatchObject({ networkInterfaces: [{ networkIP: "10.0.0.4" }] });
    expect(await machine("named", { networkIP: `${REGION}/addresses/inner` })).toBe("ok");
    expect(await gce.get(`${ZONE}/instances/named`)).toMatchObject({ networkInterfaces: [{ networkIP: "10.0.0.2" }] });
    expect(await machine("taken", { networkIP: "10.0.0.2" })).toBe("IP_IN_USE_BY_ANOTHER_RESOURCE");
  });

  test("a subnetwork without a free address says so in the operation", async () => {
    await gce.change("POST", `${REGION}/subnetworks`, { name: "tiny", network: "global/networks/net", ipCidrRange: "10.5.0.0/29" });
    const outcomes: string[] = [];
    for (const name of ["a", "b", "c", "d", "e"])
      outcomes.push(
        await gce.change(
          "POST",
          `${ZONE}/instances`,
          describeMachine(name, { networkInterfaces: [{ subnetwork: `${REGION}/subnetworks/tiny` }] }),
        ),
      );
    expect(outcomes).toEqual(["ok", "ok", "ok", "ok", "IP_SPACE_EXHAUSTED"]);
  });
});

test.each([
  ["NETWORKS", "global/networks", { name: "x", autoCreateSubnetworks: false }],
  ["SUBNETWORKS", `${REGION}/subnetworks`, { name: "x", network, ipCidrRange: "10.1.0.0/24" }],
  ["FIREWALLS", "global/firewalls", { name: "x", network, allowed: ALLOW }],
  ["ROUTERS", `${REGION}/routers`, { name: "x", network }],
  ["STATIC_ADDRESSES", `${REGION}/addresses`, { name: "x" }],
  ["INSTANCES", `${ZONE}/instances`, describeMachine("x")],
  ["SNAPSHOTS", "global/snapshots", { name: "x", sourceDisk: `${ZONE}/disks/data` }],
  ["IMAGES", "global/images", { name: "x", sourceDisk: `${ZONE}/disks/data` }],
])("the quota of %s ends the operation, and is shown", async (metric, path, body) => {
  const most = metric === "NETWORKS" || metric === "SUBNETWORKS" ? 1 : 0;
  const small = await openGce({ faults: { quotas: { [metric]: most } } });
  await makeNetwork(small);
  await small.change("POST", `${ZONE}/disks`, { name: "data" });
  expect(await small.change("POST", path, body)).toBe("QUOTA_EXCEEDED");
  expect((await small.call("GET", `${path}/x`)).status).toBe(404);
  const quotas = [await small.get(""), await small.get(REGION)].flatMap(
    (place) => place.quotas as { metric: string; limit: number; usage: number }[],
  );
  expect(quotas.find((one) => one.metric === metric)).toEqual({ metric, limit: most, usage: most });
  await small.close();
});
