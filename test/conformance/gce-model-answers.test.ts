// Every method of the embedded GCE is called once, and each answer is a message of the vendor's: no unknown field, right sorts, words of its enums.

import { afterAll, beforeAll, expect, test } from "vitest";
import { METHODS, matchRoute } from "../../providers/gcp/simulator/methods.ts";
import { checkAnswer, findModelMethod } from "../support/gce-model.ts";
import { describeMachine, GCE_PROJECT, type GceFixture, type Json, openGce, REGION, ZONE } from "../support/gce-simulator.ts";

let gce: GceFixture;
const answered = new Set<string>();
const wrong: string[] = [];
const refused: string[] = [];

/** Calls, checks the answer, and follows an operation to its end. */
async function call(http: string, path: string, body?: unknown): Promise<Json> {
  const id = matchRoute(http, `${GCE_PROJECT}/${path.split("?")[0]}`.replace(/\/$/, ""))?.method.id ?? `${http} ${path}`;
  const answer = await gce.call(http, path, body);
  if (answer.status !== 200) refused.push(`${id}: ${JSON.stringify(answer.body)}`);
  answered.add(id);
  wrong.push(...checkAnswer(answer.body, findModelMethod(id)?.response ?? "none"));
  if (answer.body.kind !== "compute#operation" || http === "GET" || path.includes("/operations/")) return answer.body;
  const link = String(answer.body.selfLink);
  const operation = await call("GET", link.slice(link.indexOf("/projects/")).split("/").slice(3).join("/"));
  if (operation.status !== "DONE" || operation.error !== undefined) refused.push(`${id}: ${JSON.stringify(operation)}`);
  return operation;
}

const get = (path: string) => call("GET", path);
const post = (path: string, body?: unknown) => call("POST", path, body);
const fingerprint = async (path: string, field: string): Promise<unknown> => {
  const found = (await get(path))[field];
  return typeof found === "string" ? found : (found as { fingerprint: string }).fingerprint;
};

beforeAll(async () => {
  gce = await openGce();
  await get("");
  for (const path of [
    "zones",
    ZONE,
    "regions",
    REGION,
    `${ZONE}/machineTypes`,
    `${ZONE}/machineTypes/n4-standard-2`,
    "aggregated/machineTypes?maxResults=5",
  ])
    await get(path);
  await get(`${ZONE}/diskTypes`);
  await get(`${ZONE}/diskTypes/hyperdisk-balanced`);

  await post("global/networks", { name: "net", autoCreateSubnetworks: false, description: "d" });
  await call("PATCH", "global/networks/net", { routingConfig: { routingMode: "GLOBAL" } });
  await post(`${REGION}/subnetworks`, { name: "sub", network: "global/networks/net", ipCidrRange: "10.0.0.0/24" });
  const subnet = `${REGION}/subnetworks/sub`;
  await call("PATCH", subnet, { privateIpGoogleAccess: true, fingerprint: await fingerprint(subnet, "fingerprint") });
  await post(`${subnet}/setPrivateIpGoogleAccess`, { privateIpGoogleAccess: false });
  await post(`${subnet}/expandIpCidrRange`, { ipCidrRange: "10.0.0.0/23" });
  const rule = { name: "rule", network: "global/networks/net", allowed: [{ IPProtocol: "tcp", ports: ["22"] }], sourceTags: ["a"] };
  await post("global/firewalls", rule);
  await call("PATCH", "global/firewalls/rule", { priority: 5 });
  await call("PUT", "global/firewalls/rule", { ...rule, denied: [{ IPProtocol: "udp" }], allowed: [] });
  await post(`${REGION}/addresses`, { name: "ip", description: "d" });
  await post(`${REGION}/addresses`, { name: "inner", addressType: "INTERNAL", subnetwork: subnet });
  await post(`${REGION}/addresses/ip/setLabels`, {
    labels: { a: "b" },
    labelFingerprint: await fingerprint(`${REGION}/addresses/ip`, "labelFingerprint"),
  });
  const nats = [
    {
      name: "nat",
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [`${REGION}/addresses/ip`],
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: subnet, sourceIpRangesToNat: ["ALL_IP_RANGES"] }],
    },
  ];
  await post(`${REGION}/routers`, { name: "router", network: "global/networks/net", nats });
  await call("PATCH", `${REGION}/routers/router`, { description: "d" });
  for (const path of [
    "global/networks",
    "global/networks/net",
    "global/firewalls",
    "global/firewalls/rule",
    "global/routes",
    `${REGION}/subnetworks`,
    "aggregated/subnetworks",
  ])
    await get(path);
  for (const path of [
    `${REGION}/routers`,
    `${REGION}/routers/router`,
    "aggregated/routers",
    `${REGION}/addresses`,
    `${REGION}/addresses/inner`,
    "aggregated/addresses",
  ])
    await get(path);
  await call("PUT", `${REGION}/routers/router`, { name: "router", network: "global/networks/net" });
  await call("DELETE", `${REGION}/routers/router`);

  await post(`${ZONE}/disks`, { name: "data", sizeGb: "20", type: `${ZONE}/diskTypes/hyperdisk-balanced`, labels: { a: "b" } });
  await post(`${ZONE}/disks/data/resize`, { sizeGb: "30" });
  await post(`${ZONE}/disks/data/setLabels`, {
    labels: { a: "c" },
    labelFingerprint: await fingerprint(`${ZONE}/disks/data`, "labelFingerprint"),
  });
  await call("PATCH", `${ZONE}/disks/data?paths=provisionedIops`, { name: "data", provisionedIops: "4000" });
  await post(`${ZONE}/disks/data/createSnapshot`, { name: "one" });
  await post("global/snapshots", { name: "two", sourceDisk: `${ZONE}/disks/data`, labels: { a: "b" } });
  await post("global/snapshots/two/setLabels", {
    labels: {},
    labelFingerprint: await fingerprint("global/snapshots/two", "labelFingerprint"),
  });
  await post("global/images", { name: "image", sourceSnapshot: "global/snapshots/two", family: "own" });
  await post("global/images/image/setLabels", {
    labels: { a: "b" },
    labelFingerprint: await fingerprint("global/images/image", "labelFingerprint"),
  });
  for (const path of ["global/images", "global/images/family/own", "global/snapshots", `${ZONE}/disks`, "aggregated/disks"])
    await get(path);

  const web = `${ZONE}/instances/web`;
  await post(
    `${ZONE}/instances`,
    describeMachine("web", {
      machineType: `${ZONE}/machineTypes/c3-standard-4`,
      hostname: "web.example.com",
      description: "d",
      tags: { items: ["web"] },
      metadata: { items: [{ key: "user-data", value: "#!/bin/sh" }] },
      serviceAccounts: [{ email: "default", scopes: ["https://www.googleapis.com/auth/cloud-platform"] }],
      scheduling: { provisioningModel: "SPOT" },
      networkInterfaces: [{ subnetwork: subnet, accessConfigs: [{}] }],
      disks: [
        {
          boot: true,
          autoDelete: true,
          initializeParams: {
            sourceImage: "projects/debian-cloud/global/images/family/debian-12",
            diskType: `${ZONE}/diskTypes/pd-balanced`,
          },
        },
      ],
    }),
  );
  for (const path of [web, `${ZONE}/instances`, "aggregated/instances"]) await get(path);
  await post(`${web}/setLabels`, { labels: { a: "b" }, labelFingerprint: await fingerprint(web, "labelFingerprint") });
  await post(`${web}/setTags`, { items: ["db"], fingerprint: await fingerprint(web, "tags") });
  await post(`${web}/setMetadata`, { items: [{ key: "k", value: "v" }], fingerprint: await fingerprint(web, "metadata") });
  await post(`${web}/attachDisk`, { source: `${ZONE}/disks/data`, deviceName: "data" });
  await post(`${web}/setDiskAutoDelete?autoDelete=true&deviceName=data`);
  await post(`${web}/detachDisk?deviceName=data`);
  await post(`${web}/updateAccessConfig?networkInterface=nic0`, { name: "External NAT" });
  await post(`${web}/deleteAccessConfig?networkInterface=nic0&accessConfig=External NAT`);
  await post(`${web}/addAccessConfig?networkInterface=nic0`, { natIP: (await get(`${REGION}/addresses/ip`)).address });
  await post(`${web}/setScheduling`, { instanceTerminationAction: "DELETE" });
  await post(`${web}/setDeletionProtection?deletionProtection=false`);
  await post(`${web}/stop`);
  await post(`${web}/setMachineType`, { machineType: `${ZONE}/machineTypes/c3-standard-8` });
  await post(`${web}/setServiceAccount`, { email: "robot@test-project.iam.gserviceaccount.com", scopes: [] });
  await call("PATCH", `${web}/updateShieldedInstanceConfig`, { enableSecureBoot: true });
  await post(`${web}/start`);
  await get(web);
  await call("DELETE", web);

  for (const scope of ["global", REGION, ZONE]) {
    const { items } = (await get(`${scope}/operations`)) as { items: { name: string }[] };
    await post(`${scope}/operations/${items[0]?.name}/wait`);
  }
  const { items } = (await get("global/routes")) as { items: { name: string; nextHopGateway?: string }[] };
  const way = items.find((route) => route.nextHopGateway !== undefined)?.name;
  await get(`global/routes/${way}`);
  await call("DELETE", `global/routes/${way}`);
  for (const path of [
    "global/images/image",
    "global/snapshots/one",
    `${ZONE}/disks/data`,
    `${REGION}/addresses/ip`,
    `${REGION}/addresses/inner`,
  ])
    await call("DELETE", path);
  for (const path of ["global/firewalls/rule", subnet, "global/networks/net"]) await call("DELETE", path);
}, 60_000);
afterAll(() => gce.close());

test("nothing was refused", () => {
  expect(refused).toEqual([]);
});

test("every answer is the vendor's message", () => {
  expect(wrong).toEqual([]);
});

test("every method has answered", () => {
  expect(METHODS.map(({ id }) => id).filter((id) => !answered.has(id))).toEqual([]);
});
