// Instances: what a launch checks and fills in, their states, and each change that can be made to one.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeMachine, type GceFixture, type Json, makeNetwork, openGce, REGION, ZONE } from "../../../test/support/gce-simulator.ts";

let gce: GceFixture;
beforeEach(async () => {
  gce = await openGce();
  await makeNetwork(gce);
});
afterEach(() => gce.close());

const WEB = `${ZONE}/instances/web`;
const insert = (more: Json = {}, name = "web") => gce.change("POST", `${ZONE}/instances`, describeMachine(name, more));
const act = (verb: string, body?: unknown, path = WEB) => gce.change("POST", `${path}/${verb}`, body);
const nic = async (path = WEB) =>
  ((await gce.get(path)) as { networkInterfaces: { networkIP: string; accessConfigs?: { natIP?: string; name: string }[] }[] })
    .networkInterfaces[0];
const IMAGE = "projects/debian-cloud/global/images/family/debian-12";
const boot = (more: Json = {}) => ({ boot: true, autoDelete: true, initializeParams: { sourceImage: IMAGE, ...more } });
const INTERFACE = { subnetwork: `${REGION}/subnetworks/sub` };

describe("a launch", () => {
  test("fills in what the cloud does", async () => {
    expect(await insert({ labels: { env: "test" } })).toBe("ok");
    expect(await gce.get(WEB)).toMatchObject({
      kind: "compute#instance",
      status: "RUNNING",
      machineType: "https://www.googleapis.com/compute/v1/projects/test-project/zones/europe-west1-b/machineTypes/e2-medium",
      labels: { env: "test" },
      scheduling: { provisioningModel: "STANDARD", automaticRestart: true, onHostMaintenance: "MIGRATE", preemptible: false },
      shieldedInstanceConfig: { enableSecureBoot: false, enableVtpm: true, enableIntegrityMonitoring: true },
      tags: { fingerprint: "42WmSpB8rSM=" },
      networkInterfaces: [{ name: "nic0", networkIP: "10.0.0.2", network: expect.stringMatching(/networks\/net$/) }],
      disks: [
        {
          boot: true,
          autoDelete: true,
          deviceName: "persistent-disk-0",
          diskSizeGb: "10",
          index: 0,
          mode: "READ_WRITE",
          source: expect.stringMatching(/disks\/web$/),
        },
      ],
    });
    expect(await gce.get(`${ZONE}/disks/web`)).toMatchObject({
      status: "READY",
      sizeGb: "10",
      type: expect.stringMatching(/diskTypes\/pd-standard$/),
      sourceImage: expect.stringMatching(/debian-12-bookworm-v\d{8}$/),
      users: [expect.stringMatching(/instances\/web$/)],
    });
    expect(await nic()).not.toHaveProperty("accessConfigs");
  });

  test("the default account is the project's", async () => {
    const { defaultServiceAccount } = await gce.get("");
    await insert({ serviceAccounts: [{ email: "default", scopes: [] }] });
    expect(await gce.get(WEB)).toMatchObject({ serviceAccounts: [{ email: defaultServiceAccount }] });
  });

  test.each<[string, Json, string]>([
    ["a machine type that is none", { machineType: `${ZONE}/machineTypes/e9-huge` }, "invalid"],
    ["a machine type that the zone has not", { machineType: `${ZONE}/machineTypes/t2a-standard-1` }, "invalid"],
    ["a machine type of another zone", { machineType: "zones/europe-west1-c/machineTypes/e2-medium" }, "invalid"],
    ["no disk", { disks: [] }, "required"],
    ["no boot disk", { disks: [{ ...boot(), boot: false }] }, "invalid"],
    ["an image that is none", { disks: [boot({ sourceImage: "projects/debian-cloud/global/images/debian-1" })] }, "notFound"],
    ["a disk smaller than its image", { disks: [boot({ diskSizeGb: "9" })] }, "invalid"],
    ["a disk type that the series does not take", { disks: [boot({ diskType: `${ZONE}/diskTypes/hyperdisk-balanced` })] }, "invalid"],
    [
      "an image of another architecture",
      { disks: [boot({ sourceImage: "projects/debian-cloud/global/images/family/debian-12-arm64" })] },
      "invalid",
    ],
    [
      "persistent disks on n4",
      { machineType: `${ZONE}/machineTypes/n4-standard-2`, disks: [boot({ diskType: `${ZONE}/diskTypes/pd-balanced` })] },
      "invalid",
    ],
    [
      "two disks of one device",
      { disks: [boot(), { ...boot({ diskName: "b" }), boot: false, deviceName: "persistent-disk-0" }] },
      "invalid",
    ],
    ["no subnetwork", { networkInterfaces: [{ network: "global/networks/net" }] }, "required"],
    ["a subnetwork that is none", { networkInterfaces: [{ subnetwork: `${REGION}/subnetworks/none` }] }, "notFound"],
    ["an address outside", { networkInterfaces: [{ ...INTERFACE, networkIP: "10.0.1.5" }] }, "invalid"],
    ["the gateway's address", { networkInterfaces: [{ ...INTERFACE, networkIP: "10.0.0.1" }] }, "invalid"],
    ["the last but one address", { networkInterfaces: [{ ...INTERFACE, networkIP: "10.0.0.254" }] }, "invalid"],
    [
      "an external address that is not reserved",
      { networkInterfaces: [{ ...INTERFACE, accessConfigs: [{ natIP: "34.1.2.3" }] }] },
      "invalid",
    ],
    ["a tag out of form", { tags: { items: ["Web"] } }, "invalid"],
    ["a label out of form", { labels: { "koine:x": "y" } }, "invalid"],
    ["a host without domain", { hostname: "web" }, "invalid"],
    [
      "metadata of a key twice",
      {
        metadata: {
          items: [
            { key: "a", value: "1" },
            { key: "a", value: "2" },
          ],
        },
      },
      "invalid",
    ],
    ["metadata over 256 KB", { metadata: { items: [{ key: "a", value: "x".repeat(262_145) }] } }, "invalid"],
    ["Spot that migrates", { scheduling: { provisioningModel: "SPOT", onHostMaintenance: "MIGRATE" } }, "invalid"],
    ["a host with domain", { hostname: "web.example.com" }, "ok"],
    ["Spot", { scheduling: { provisioningModel: "SPOT" } }, "ok"],
    [
      "Arm",
      {
        machineType: "zones/europe-west1-b/machineTypes/c4a-standard-1",
        disks: [
          boot({
            sourceImage: "projects/debian-cloud/global/images/family/debian-12-arm64",
            diskType: `${ZONE}/diskTypes/hyperdisk-balanced`,
          }),
        ],
      },
      "ok",
    ],
  ])("%s: %#", async (_what, more, outcome) => {
    expect(await insert(more)).toBe(outcome);
    if (outcome !== "ok") expect(await gce.change("GET", WEB)).toBe("notFound");
  });

  test("addresses are given in order, taken ones end the operation in an error, and nothing is left", async () => {
    await insert({ networkInterfaces: [{ ...INTERFACE, networkIP: "10.0.0.9" }] });
    await insert({}, "second");
    expect((await nic(`${ZONE}/instances/second`))?.networkIP).toBe("10.0.0.3");
    expect(await insert({ networkInterfaces: [{ ...INTERFACE, networkIP: "10.0.0.9" }] }, "third")).toBe("IP_IN_USE_BY_ANOTHER_RESOURCE");
    expect((await gce.call("GET", `${ZONE}/instances/third`)).status).toBe(404);
    expect((await gce.call("GET", `${ZONE}/disks/third`)).status).toBe(404);
  });

  test("ends in the vendor's error where there is no room, and takes its disk back", async () => {
    const small = await openGce({
      faults: { rules: [{ operation: "instances.insert", nth: 1, do: { kind: "fail", reason: "ZONE_RESOURCE_POOL_EXHAUSTED" } }] },
    });
    await makeNetwork(small);
    const { body } = await small.call("POST", `${ZONE}/instances`, describeMachine("web"));
    expect(body.status).toBe("PENDING");
    expect(await small.get(`${ZONE}/operations/${body.name}`)).toMatchObject({
      status: "DONE",
      progress: 100,
      httpErrorStatusCode: 503,
      httpErrorMessage: "SERVICE UNAVAILABLE",
      error: { errors: [{ code: "ZONE_RESOURCE_POOL_EXHAUSTED", message: expect.stringContaining("does not have enough resources") }] },
    });
    for (const path of [WEB, `${ZONE}/disks/web`]) expect((await small.call("GET", path)).status).toBe(404);
    expect(await small.change("POST", `${ZONE}/instances`, describeMachine("web"))).toBe("ok");
    await small.close();
  });

  test("counts against the quota of CPUs of its region", async () => {
    const small = await openGce({ faults: { quotas: { CPUS: 3 } } });
    await makeNetwork(small);
    expect(await small.change("POST", `${ZONE}/instances`, describeMachine("web"))).toBe("ok");
    expect(await small.change("POST", `${ZONE}/instances`, describeMachine("two"))).toBe("QUOTA_EXCEEDED");
    await small.close();
  });
});

describe("states", () => {
  test("pass in their time; a lent address goes with a stop, a reserved one stays", async () => {
    const slow = await openGce({ delays: "realistic" });
    await makeNetwork(slow);
    const ephemeral = { networkInterfaces: [{ ...INTERFACE, accessConfigs: [{}] }] };
    const { body } = await slow.call("POST", `${ZONE}/instances`, describeMachine("web", ephemeral));
    const operation = `${ZONE}/operations/${body.name}`;
    expect((await slow.get(operation)).status).toBe("PENDING");
    expect((await slow.get(WEB)).status).toBe("PROVISIONING");
    slow.pass(200);
    expect(await slow.get(operation)).toMatchObject({ status: "RUNNING", startTime: expect.any(String) });
    expect(await slow.change("POST", `${WEB}/stop`)).toBe("resourceNotReady");
    slow.pass(2_000);
    expect(await slow.get(operation)).toMatchObject({ status: "DONE", progress: 100, endTime: expect.any(String) });
    const before = (await slow.get(WEB)) as { networkInterfaces: { accessConfigs: { natIP?: string }[] }[] };
    expect(before).toMatchObject({ status: "RUNNING", lastStartTimestamp: expect.any(String) });
    await slow.call("POST", `${WEB}/stop`);
    expect((await slow.get(WEB)).status).toBe("STOPPING");
    slow.pass(10_000);
    const after = (await slow.get(WEB)) as typeof before & { status: string };
    expect(after.status).toBe("TERMINATED");
    expect(after.networkInterfaces[0]?.accessConfigs[0]).not.toHaveProperty("natIP");
    await slow.call("POST", `${WEB}/start`);
    slow.pass(10_000);
    const again = (await slow.get(WEB)) as typeof before;
    expect(again.networkInterfaces[0]?.accessConfigs[0]?.natIP).toMatch(/^34\./);
    expect(again.networkInterfaces[0]?.accessConfigs[0]?.natIP).not.toBe(before.networkInterfaces[0]?.accessConfigs[0]?.natIP);
    await slow.close();
  });

  test("a reserved address shows its user, stays over a stop, and serves one instance", async () => {
    await gce.change("POST", `${REGION}/addresses`, { name: "ip" });
    const natIP = String((await gce.get(`${REGION}/addresses/ip`)).address);
    const fixed = { networkInterfaces: [{ ...INTERFACE, accessConfigs: [{ natIP }] }] };
    expect(await insert(fixed)).toBe("ok");
    expect(await gce.get(`${REGION}/addresses/ip`)).toMatchObject({ status: "IN_USE", users: [expect.stringMatching(/instances\/web$/)] });
    expect(await insert(fixed, "other")).toBe("IP_IN_USE_BY_ANOTHER_RESOURCE");
    await act("stop");
    expect((await nic())?.accessConfigs?.[0]?.natIP).toBe(natIP);
    expect(await gce.change("DELETE", `${REGION}/addresses/ip`)).toBe("resourceInUseByAnotherResource");
  });

  test("stop and start of what is so already are operations all the same", async () => {
    await insert();
    expect(await act("start")).toBe("ok");
    expect(await act("stop")).toBe("ok");
    expect(await act("stop")).toBe("ok");
    expect((await gce.get(WEB)).status).toBe("TERMINATED");
  });

  test("deletion takes the disks that are marked for it, frees the others, and honours protection", async () => {
    await insert({ deletionProtection: true, disks: [boot(), { initializeParams: { diskName: "data", diskSizeGb: "20" } }] });
    expect(await gce.change("DELETE", WEB)).toBe("conditionNotMet");
    expect(await gce.change("POST", `${WEB}/setDeletionProtection?deletionProtection=false`)).toBe("ok");
    expect(await gce.change("DELETE", `${ZONE}/disks/data`)).toBe("resourceInUseByAnotherResource");
    expect(await gce.change("DELETE", WEB)).toBe("ok");
    expect((await gce.call("GET", `${ZONE}/disks/web`)).status).toBe(404);
    expect(await gce.get(`${ZONE}/disks/data`)).not.toHaveProperty("users");
    expect(await gce.change("DELETE", WEB)).toBe("notFound");
  });
});

describe("changes", () => {
  beforeEach(() => insert());
  const field = async (name: string): Promise<{ fingerprint: string }> => (await gce.get(WEB))[name] as { fingerprint: string };

  test("labels, tags and metadata need the fingerprint of now", async () => {
    const { labelFingerprint } = await gce.get(WEB);
    expect(await act("setLabels", { labels: { a: "1" } })).toBe("conditionNotMet");
    expect(await act("setLabels", { labels: { a: "1" }, labelFingerprint })).toBe("ok");
    expect(await act("setLabels", { labels: { a: "2" }, labelFingerprint })).toBe("conditionNotMet");
    const { fingerprint } = await field("tags");
    expect(await act("setTags", { items: ["web"], fingerprint })).toBe("ok");
    expect(await act("setTags", { items: ["db"], fingerprint })).toBe("conditionNotMet");
    const metadata = await field("metadata");
    expect(await act("setMetadata", { items: [{ key: "ssh-keys", value: "u:k" }], fingerprint: metadata.fingerprint })).toBe("ok");
    expect(await act("setMetadata", { items: [], fingerprint: metadata.fingerprint })).toBe("conditionNotMet");
    expect(await gce.get(WEB)).toMatchObject({
      labels: { a: "1" },
      tags: { items: ["web"] },
      metadata: { items: [{ key: "ssh-keys", value: "u:k" }] },
    });
  });

  test("machine type, service account and shielding wait for a stop", async () => {
    const machineType = `${ZONE}/machineTypes/e2-standard-2`;
    const account = { email: "robot@test-project.iam.gserviceaccount.com", scopes: ["https://www.googleapis.com/auth/cloud-platform"] };
    const shield = () => gce.change("PATCH", `${WEB}/updateShieldedInstanceConfig`, { enableSecureBoot: true });
    expect([await act("setMachineType", { machineType }), await act("setServiceAccount", account), await shield()]).toEqual(
      Array(3).fill("resourceNotReady"),
    );
    await act("stop");
    expect([await act("setMachineType", { machineType }), await act("setServiceAccount", account), await shield()]).toEqual(
      Array(3).fill("ok"),
    );
    expect(await act("setMachineType", { machineType: `${ZONE}/machineTypes/n4-standard-2` })).toBe("invalid");
    expect(await act("start")).toBe("ok");
    expect(await gce.get(WEB)).toMatchObject({
      machineType: expect.stringMatching(/e2-standard-2$/),
      serviceAccounts: [account],
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true },
    });
  });

  test("disks come and go by their device", async () => {
    await gce.change("POST", `${ZONE}/disks`, { name: "data", sizeGb: "20" });
    await gce.change("POST", "zones/europe-west1-c/disks", { name: "far", sizeGb: "20" });
    expect(await act("attachDisk", { source: "zones/europe-west1-c/disks/far" })).toBe("invalid");
    expect(await act("attachDisk", { source: `${ZONE}/disks/data`, deviceName: "persistent-disk-0" })).toBe("invalid");
    expect(await act("attachDisk", { source: `${ZONE}/disks/data`, deviceName: "data" })).toBe("ok");
    await insert({}, "other");
    expect(await act("attachDisk", { source: `${ZONE}/disks/data` }, `${ZONE}/instances/other`)).toBe("resourceInUseByAnotherResource");
    expect(await act("setDiskAutoDelete?deviceName=data&autoDelete=true")).toBe("ok");
    await gce.change("POST", `${ZONE}/disks/data/resize`, { sizeGb: "30" });
    expect(await gce.get(WEB)).toMatchObject({
      disks: [{ index: 0 }, { index: 1, deviceName: "data", autoDelete: true, diskSizeGb: "30" }],
    });
    expect(await act("detachDisk?deviceName=none")).toBe("invalid");
    expect(await act("detachDisk?deviceName=persistent-disk-0")).toBe("invalid");
    expect(await act("detachDisk?deviceName=data")).toBe("ok");
    expect(await gce.change("DELETE", `${ZONE}/disks/data`)).toBe("ok");
  });

  test("the external address is exchanged by deleting its config and adding another", async () => {
    expect(await act("addAccessConfig?networkInterface=nic0", { name: "External NAT", type: "ONE_TO_ONE_NAT" })).toBe("ok");
    const lent = (await nic())?.accessConfigs?.[0]?.natIP;
    expect(lent).toMatch(/^34\./);
    expect(await act("addAccessConfig?networkInterface=nic0", {})).toBe("invalid");
    expect(await act("deleteAccessConfig?networkInterface=nic0&accessConfig=other")).toBe("invalid");
    expect(await act("deleteAccessConfig?networkInterface=nic1&accessConfig=External NAT")).toBe("invalid");
    expect(await act("deleteAccessConfig?networkInterface=nic0&accessConfig=External NAT")).toBe("ok");
    expect(await nic()).not.toHaveProperty("accessConfigs");
    await gce.change("POST", `${REGION}/addresses`, { name: "ip" });
    const natIP = (await gce.get(`${REGION}/addresses/ip`)).address;
    expect(await act("addAccessConfig?networkInterface=nic0", { natIP, name: "fixed" })).toBe("ok");
    expect((await nic())?.accessConfigs?.[0]).toMatchObject({ natIP, name: "fixed" });
    expect(await act("updateAccessConfig?networkInterface=nic0", { name: "renamed" })).toBe("ok");
  });

  test("the model of provisioning stays; a restart policy can change", async () => {
    expect(await act("setScheduling", { automaticRestart: false })).toBe("ok");
    expect(await act("setScheduling", { provisioningModel: "SPOT" })).toBe("invalid");
    expect(await gce.get(WEB)).toMatchObject({ scheduling: { automaticRestart: false, onHostMaintenance: "MIGRATE" } });
  });
});
