// The rules of Microsoft.Compute, each by the vendor's code: what a machine must be, what may change, its power, and its disks.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type ArmFixture,
  fast,
  keyData,
  location,
  makeNetwork,
  openArm,
  type RawAnswer,
  subscription,
} from "../../../test/support/arm-simulator.ts";

let fixture: ArmFixture;
let nic = "";
beforeEach(async () => {
  fixture = await openArm();
  nic = (await makeNetwork(fixture)).nic;
});
afterEach(() => fixture.close());

const compute = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Compute`;
const machinePath = `${compute}/virtualMachines/vm?api-version=2026-04-01`;
const ubuntu = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" };
const linuxConfiguration = {
  disablePasswordAuthentication: true,
  ssh: { publicKeys: [{ path: "/home/koine/.ssh/authorized_keys", keyData }] },
};

interface Parts {
  readonly vmSize?: string;
  readonly storageProfile?: object;
  readonly osProfile?: object;
  readonly properties?: object;
  readonly more?: object;
}

function machine({ vmSize = "Standard_D2s_v5", storageProfile, osProfile, properties, more }: Parts = {}): object {
  return {
    location,
    ...more,
    properties: {
      hardwareProfile: { vmSize },
      storageProfile: { imageReference: ubuntu, osDisk: { createOption: "FromImage", deleteOption: "Delete" }, ...storageProfile },
      osProfile: { computerName: "vm", adminUsername: "koine", linuxConfiguration, ...osProfile },
      networkProfile: { networkInterfaces: [{ id: nic }] },
      ...properties,
    },
  };
}

const putMachine = (parts?: Parts): Promise<RawAnswer> => fixture.send("PUT", machinePath, machine(parts));
const post = (action: string, body?: object): Promise<RawAnswer> => fixture.send("POST", machinePath.replace("?", `/${action}?`), body);

function putDisk(name: string, properties: object, more: object = {}): Promise<RawAnswer> {
  const body = {
    location,
    sku: { name: "Premium_LRS" },
    properties: { creationData: { createOption: "Empty" }, diskSizeGB: 8, ...properties },
    ...more,
  };
  return fixture.send("PUT", `${compute}/disks/${name}?api-version=2026-03-02`, body);
}

const diskId = (name: string): string => `${compute}/disks/${name}`;
const patchDisk = (name: string, body: object): Promise<RawAnswer> =>
  fixture.send("PATCH", `${compute}/disks/${name}?api-version=2026-03-02`, body);

describe("what a machine must be", () => {
  test.each<readonly [string, Parts, number, string]>([
    ["a size that is none", { vmSize: "Standard_Z9" }, 400, "InvalidParameter"],
    ["an image that is none", { storageProfile: { imageReference: { ...ubuntu, sku: "none" } } }, 404, "PlatformImageNotFound"],
    ["an image of another architecture", { storageProfile: { imageReference: { ...ubuntu, sku: "server-arm64" } } }, 400, "BadRequest"],
    [
      "an image of generation 1 on a size of generation 2",
      { vmSize: "Standard_D2s_v6", storageProfile: { imageReference: { ...ubuntu, sku: "server-gen1" } } },
      400,
      "BadRequest",
    ],
    [
      "trusted launch of generation 1",
      {
        storageProfile: { imageReference: { ...ubuntu, sku: "server-gen1" } },
        properties: { securityProfile: { securityType: "TrustedLaunch" } },
      },
      400,
      "BadRequest",
    ],
    [
      "an image with a plan, without it",
      { storageProfile: { imageReference: { publisher: "resf", offer: "rockylinux-x86_64", sku: "9-base", version: "latest" } } },
      400,
      "VMMarketplaceInvalidInput",
    ],
    ["neither key nor password", { osProfile: { linuxConfiguration: { disablePasswordAuthentication: true } } }, 400, "InvalidParameter"],
    [
      "a key in another place",
      {
        osProfile: {
          linuxConfiguration: { ...linuxConfiguration, ssh: { publicKeys: [{ path: "/root/.ssh/authorized_keys", keyData }] } },
        },
      },
      400,
      "InvalidParameter",
    ],
    ["a reserved user", { osProfile: { adminUsername: "admin" } }, 400, "InvalidParameter"],
    ["a long host name", { osProfile: { computerName: "x".repeat(65) } }, 400, "InvalidParameter"],
    ["custom data that is no base64", { osProfile: { customData: "#!" } }, 400, "InvalidParameter"],
    ["a zone that is none", { more: { zones: ["4"] } }, 400, "InvalidAvailabilityZone"],
    ["no interface", { properties: { networkProfile: { networkInterfaces: [] } } }, 400, "InvalidParameter"],
    [
      "an OS disk smaller than the image",
      { storageProfile: { osDisk: { createOption: "FromImage", diskSizeGB: 4 } } },
      409,
      "OperationNotAllowed",
    ],
    [
      "two disks of one lun",
      { storageProfile: { dataDisks: [0, 0].map((lun) => ({ lun, createOption: "Empty", diskSizeGB: 1 })) } },
      400,
      "InvalidParameter",
    ],
    [
      "more disks than the size takes",
      { storageProfile: { dataDisks: [0, 1, 2, 3, 4].map((lun) => ({ lun, createOption: "Empty", diskSizeGB: 1 })) } },
      409,
      "OperationNotAllowed",
    ],
    ["an eviction policy without spot", { properties: { evictionPolicy: "Delete" } }, 400, "InvalidParameter"],
  ])("%s is refused", async (_what, parts, status, code) => {
    expect(await putMachine(parts)).toMatchObject({ status, code });
    expect((await fixture.send("GET", machinePath)).status).toBe(404);
  });

  test("an interface serves one machine, which holds it", async () => {
    await putMachine();
    const rival = await fixture.send("PUT", machinePath.replace("/vm?", "/rival?"), machine());
    expect(rival.code).toBe("NicInUse");
    expect((await fixture.send("DELETE", `${nic}?api-version=2026-01-01`)).code).toBe("NicInUse");
  });
});

describe("what may change", () => {
  test.each<readonly [string, Parts]>([
    ["the host name", { osProfile: { computerName: "other" } }],
    ["custom data", { osProfile: { customData: "b3RoZXI=" } }],
    [
      "the keys",
      {
        osProfile: {
          linuxConfiguration: {
            ...linuxConfiguration,
            ssh: { publicKeys: [{ path: "/home/koine/.ssh/authorized_keys", keyData: `${keyData}-2` }] },
          },
        },
      },
    ],
    ["the image", { storageProfile: { imageReference: { ...ubuntu, sku: "minimal" } } }],
    ["the priority", { properties: { priority: "Spot" } }],
  ])("not %s", async (_what, parts) => {
    await putMachine({ osProfile: { customData: "Zmlyc3Q=" } });
    expect(await putMachine(parts)).toMatchObject({ status: 409, code: "PropertyChangeNotAllowed" });
  });

  test("a PUT with its own answer changes nothing, and disks that it leaves out are taken off", async () => {
    await putDisk("loose", {});
    await putMachine({ storageProfile: { dataDisks: [{ lun: 3, createOption: "Attach", managedDisk: { id: diskId("loose") } }] } });
    const body = (await fixture.send("GET", machinePath)).body as { properties: { storageProfile: { dataDisks: unknown[] } } };
    expect((await fixture.send("PUT", machinePath, body)).status).toBe(200);
    expect((await fixture.compute.disks.get("rg", "loose")).diskState).toBe("Attached");
    const without = { ...body, properties: { ...body.properties, storageProfile: { ...body.properties.storageProfile, dataDisks: [] } } };
    expect((await fixture.send("PUT", machinePath, without)).status).toBe(200);
    expect((await fixture.compute.disks.get("rg", "loose")).diskState).toBe("Unattached");
  });

  test("a PATCH changes the size and leaves the disks alone", async () => {
    await putMachine({ storageProfile: { dataDisks: [{ lun: 0, name: "data", createOption: "Empty", diskSizeGB: 4 }] } });
    expect((await fixture.send("PATCH", machinePath, { properties: { hardwareProfile: { vmSize: "Standard_D4s_v5" } } })).status).toBe(200);
    const changed = await fixture.compute.virtualMachines.get("rg", "vm");
    expect(changed.hardwareProfile?.vmSize).toBe("Standard_D4s_v5");
    expect(changed.storageProfile?.dataDisks).toHaveLength(1);
  });
});

describe("power", () => {
  async function readPower(): Promise<string | undefined> {
    const view = await fixture.compute.virtualMachines.instanceView("rg", "vm");
    return view.statuses?.map(({ code }) => code).find((code) => code?.startsWith("PowerState/"));
  }

  test("runs, stops, is deallocated, and starts again", async () => {
    await putMachine();
    const { virtualMachines } = fixture.compute;
    expect(await readPower()).toBe("PowerState/running");
    await virtualMachines.powerOff("rg", "vm", fast);
    expect(await readPower()).toBe("PowerState/stopped");
    await virtualMachines.deallocate("rg", "vm", fast);
    expect(await readPower()).toBe("PowerState/deallocated");
    expect(await post("restart")).toMatchObject({ status: 409, code: "OperationNotAllowed" });
    await virtualMachines.start("rg", "vm", fast);
    expect(await readPower()).toBe("PowerState/running");
    expect((await virtualMachines.get("rg", "vm", { expand: "instanceView" })).instanceView?.statuses).toHaveLength(2);
  });

  test("a deallocated machine's disks are answered without size and sku", async () => {
    await putMachine();
    const size = async (): Promise<unknown> => (await fixture.compute.virtualMachines.get("rg", "vm")).storageProfile?.osDisk?.diskSizeGB;
    expect(await size()).toBe(30);
    await post("deallocate");
    expect(await size()).toBeUndefined();
  });

  test("statusOnly lists power of all machines", async () => {
    await putMachine();
    const { body } = await fixture.send("GET", "/providers/Microsoft.Compute/virtualMachines?api-version=2026-04-01&statusOnly=true");
    expect(body).toMatchObject({
      value: [{ name: "vm", properties: { instanceView: { statuses: [{}, { code: "PowerState/running" }] } } }],
    });
  });
});

describe("disks", () => {
  test("those made with a machine take its tags, and go with it as they are marked", async () => {
    await putMachine({
      more: { tags: { a: "b" } },
      storageProfile: { dataDisks: [{ lun: 0, name: "kept", createOption: "Empty", diskSizeGB: 4 }] },
    });
    const kept = await fixture.compute.disks.get("rg", "kept");
    expect(kept).toMatchObject({ tags: { a: "b" }, diskState: "Attached", managedBy: `${compute}/virtualMachines/vm` });
    const made = (await fixture.compute.virtualMachines.get("rg", "vm")).storageProfile?.osDisk?.managedDisk?.id ?? "";
    expect(made).toContain("/resourceGroups/RG/");
    await fixture.compute.virtualMachines.delete("rg", "vm", fast);
    expect((await fixture.send("GET", `${made}?api-version=2026-03-02`)).status).toBe(404);
    expect((await fixture.compute.disks.get("rg", "kept")).diskState).toBe("Unattached");
  });

  test("grow, and never shrink; the system's only while it is deallocated; the sku likewise", async () => {
    await putMachine({ storageProfile: { osDisk: { name: "system", createOption: "FromImage" } } });
    expect(await patchDisk("system", { properties: { diskSizeGB: 64 } })).toMatchObject({ status: 409, code: "OperationNotAllowed" });
    expect(await patchDisk("system", { sku: { name: "StandardSSD_LRS" } })).toMatchObject({ status: 409, code: "OperationNotAllowed" });
    await post("deallocate");
    expect((await patchDisk("system", { properties: { diskSizeGB: 64 }, sku: { name: "StandardSSD_LRS" } })).status).toBe(202);
    expect(await patchDisk("system", { properties: { diskSizeGB: 32 } })).toMatchObject({ status: 409, code: "OperationNotAllowed" });
    expect(await fixture.compute.disks.get("rg", "system")).toMatchObject({
      diskSizeGB: 64,
      sku: { name: "StandardSSD_LRS", tier: "StandardSSD" },
      diskState: "Reserved",
    });
  });

  test("attach where they are, to one machine, at a lun of their own", async () => {
    await putDisk("here", {}, { zones: ["1"] });
    await putDisk("there", {}, { zones: ["2"] });
    await putDisk("regional", {});
    await putMachine({ more: { zones: ["1"] } });
    const attach = (name: string, lun = 0): Promise<RawAnswer> =>
      post("attachDetachDataDisks", { dataDisksToAttach: [{ diskId: diskId(name), lun }] });
    expect((await attach("there")).code).toBe("BadRequest");
    expect((await attach("regional")).code).toBe("BadRequest");
    expect((await attach("none")).code).toBe("NotFound");
    expect((await attach("here")).status).toBe(202);
    expect((await attach("here", 1)).code).toBe("ConflictingUserInput");
    expect((await fixture.send("DELETE", `${diskId("here")}?api-version=2026-03-02`)).code).toBe("OperationNotAllowed");
    await post("attachDetachDataDisks", { dataDisksToDetach: [{ diskId: diskId("here") }] });
    expect((await fixture.send("DELETE", `${diskId("here")}?api-version=2026-03-02`)).status).toBe(202);
  });

  test("a copy is of its source's size at least, and outlives it", async () => {
    await putDisk("source", {});
    const creationData = { createOption: "Copy", sourceResourceId: diskId("source") };
    expect((await putDisk("small", { creationData, diskSizeGB: 4 })).code).toBe("InvalidParameter");
    expect((await putDisk("lost", { creationData: { ...creationData, sourceResourceId: diskId("none") } })).code).toBe("NotFound");
    expect((await putDisk("copy", { creationData, diskSizeGB: undefined })).status).toBe(202);
    await fixture.compute.disks.delete("rg", "source", fast);
    expect((await fixture.compute.disks.get("rg", "copy")).diskSizeGB).toBe(8);
    expect(await putDisk("copy", { creationData: { createOption: "Empty" } })).toMatchObject({
      status: 409,
      code: "PropertyChangeNotAllowed",
    });
  });
});

describe("platform images", () => {
  test("lead from publisher to version, newest last or first", async () => {
    const { virtualMachineImages } = fixture.compute;
    expect((await virtualMachineImages.listPublishers(location)).map(({ name }) => name)).toContain("Canonical");
    expect((await virtualMachineImages.listOffers(location, "canonical")).map(({ name }) => name)).toContain("ubuntu-24_04-lts");
    expect((await virtualMachineImages.listSkus(location, "Canonical", ubuntu.offer)).map(({ name }) => name)).toContain("server-arm64");
    const versions = await virtualMachineImages.list(location, "Canonical", ubuntu.offer, "server", { orderby: "name desc", top: 1 });
    const newest = versions[0]?.name ?? "";
    expect(await virtualMachineImages.get(location, "Canonical", ubuntu.offer, "server", newest)).toMatchObject({
      hyperVGeneration: "V2",
      architecture: "x64",
    });
    await putMachine();
    expect((await fixture.compute.virtualMachines.get("rg", "vm")).storageProfile?.imageReference?.exactVersion).toBe(newest);
  });

  test("sizes and skus are listed", async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of fixture.compute.resourceSkus.list({ filter: "location eq 'westeurope'" })) names.push(name);
    expect(names).toContain("Standard_D2s_v5");
    const sizes: (string | undefined)[] = [];
    for await (const { name } of fixture.compute.virtualMachineSizes.list(location)) sizes.push(name);
    expect(sizes.sort()).toEqual(names.sort());
  });
});
