// The vendor's own clients, over REST, against the embedded GCE: what they write is understood, and what it answers they read.

import {
  DisksClient,
  FirewallsClient,
  InstancesClient,
  NetworksClient,
  RoutersClient,
  SubnetworksClient,
  ZoneOperationsClient,
  ZonesClient,
} from "@google-cloud/compute";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGceSimulator } from "../../providers/gcp/simulator/start.ts";

let simulator: Awaited<ReturnType<typeof startGceSimulator>>;
let clients: ReturnType<typeof connect>;

/** Credentials that are one token. */
const auth = {
  getRequestHeaders: async () => new Headers(),
  fetch: (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", "Bearer simulated");
    return fetch(url, { ...init, headers });
  },
};

function connect(endpoint: string) {
  const options = { fallback: true, auth, apiEndpoint: "127.0.0.1", port: Number(new URL(endpoint).port), protocol: "http" } as never;
  return {
    networks: new NetworksClient(options),
    subnetworks: new SubnetworksClient(options),
    firewalls: new FirewallsClient(options),
    routers: new RoutersClient(options),
    disks: new DisksClient(options),
    instances: new InstancesClient(options),
    zones: new ZonesClient(options),
    operations: new ZoneOperationsClient(options),
  };
}

beforeAll(async () => {
  simulator = await startGceSimulator({ directory: ":memory:", delays: "none" });
  clients = connect(simulator.endpoint);
});
afterAll(() => simulator.close());

const project = "sdk-project";
const [region, zone] = ["europe-west1", "europe-west1-b"];
const place = { project, zone };

test("a machine's life, by the SDK", async () => {
  const { networks, subnetworks, firewalls, routers, disks, instances, zones, operations } = clients;
  await networks.insert({
    project,
    networkResource: { name: "net", autoCreateSubnetworks: false, routingConfig: { routingMode: "REGIONAL" } },
  });
  await subnetworks.insert({
    project,
    region,
    subnetworkResource: { name: "sub", network: "global/networks/net", ipCidrRange: "10.0.0.0/24" },
  });
  await firewalls.insert({
    project,
    firewallResource: {
      name: "rule",
      network: "global/networks/net",
      allowed: [{ IPProtocol: "tcp", ports: ["22"] }],
      targetTags: ["web"],
    },
  });
  await routers.insert({
    project,
    region,
    routerResource: {
      name: "router",
      network: "global/networks/net",
      nats: [{ name: "nat", natIpAllocateOption: "AUTO_ONLY", sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" }],
    },
  });
  await disks.insert({
    ...place,
    diskResource: { name: "data", sizeGb: 20, type: `zones/${zone}/diskTypes/pd-balanced`, labels: { a: "b" } },
  });
  const [launch] = await instances.insert({
    ...place,
    requestId: "7a1e2c1c-7c6d-4b7c-9df3-0f0f5a5a5a5a",
    instanceResource: {
      name: "web",
      machineType: `zones/${zone}/machineTypes/e2-medium`,
      tags: { items: ["web"] },
      labels: { owner: "me" },
      metadata: { items: [{ key: "enable-oslogin", value: "FALSE" }] },
      scheduling: { provisioningModel: "STANDARD" },
      shieldedInstanceConfig: { enableSecureBoot: true },
      networkInterfaces: [
        { subnetwork: `regions/${region}/subnetworks/sub`, accessConfigs: [{ name: "External NAT", type: "ONE_TO_ONE_NAT" }] },
      ],
      disks: [
        {
          boot: true,
          autoDelete: true,
          deviceName: "root",
          initializeParams: { sourceImage: "projects/ubuntu-os-cloud/global/images/family/ubuntu-2404-lts-amd64", diskSizeGb: 20 },
        },
      ],
    },
  });
  // What the SDK calls the operation's name is its number.
  const [operation] = await operations.wait({ ...place, operation: launch.name ?? "" });
  expect(operation).toMatchObject({ status: "DONE", operationType: "insert", progress: 100 });
  await instances.attachDisk({
    ...place,
    instance: "web",
    attachedDiskResource: { source: `zones/${zone}/disks/data`, deviceName: "data" },
  });
  await instances.detachDisk({ ...place, instance: "web", deviceName: "data" });
  await instances.deleteAccessConfig({ ...place, instance: "web", networkInterface: "nic0", accessConfig: "External NAT" });
  const [instance] = await instances.get({ ...place, instance: "web" });
  expect(instance).toMatchObject({
    name: "web",
    status: "RUNNING",
    labels: { owner: "me" },
    tags: { items: ["web"] },
    networkInterfaces: [{ networkIP: "10.0.0.2", accessConfigs: [] }],
    disks: [{ deviceName: "root", boot: true, diskSizeGb: "20" }],
    shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true },
  });
  const seen: string[] = [];
  for await (const [scope, list] of instances.aggregatedListAsync({ project, filter: "labels.owner=me" }))
    for (const one of list.instances ?? []) seen.push(`${scope} ${one.name}`);
  expect(seen).toEqual([`zones/${zone} web`]);
  const [names] = await zones.list({ project, filter: `name=${zone}` });
  expect(names.map((one) => one.name)).toEqual([zone]);
});

test("a refusal reaches the caller with its status and message", async () => {
  await expect(clients.networks.get({ project, network: "none" })).rejects.toMatchObject({
    httpStatusCode: 404,
    message: "The resource 'projects/sdk-project/global/networks/none' was not found",
  });
  await expect(
    clients.networks.insert({ project, networkResource: { name: "UPPER", autoCreateSubnetworks: false } }),
  ).rejects.toMatchObject({
    httpStatusCode: 400,
  });
});
