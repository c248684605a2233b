// What the fixtures do not show of the lowerings: limits, choices under a lock, trusted launch, secrets, what exists already.

import { describe, expect, test } from "vitest";
import { describeNativeValue } from "../../../engine/lower/describe.ts";
import type { NativeSecret } from "../../../engine/lower/native-value.ts";
import { tagOf } from "../../../grammar/graph/value.ts";
import { azureMachine, onAzure, subscription } from "../../../test/support/azure-stacks.ts";
import { codesOf, lockOf, lowerSource, propsOf } from "../../../test/support/lower-source.ts";
import { guestPath } from "./luns.ts";

describe("pins", () => {
  test("a pinned size, zone and image are used and not chosen again", () => {
    const size = lockOf("azure", "size", "2cpu-4GiB-x86_64/westeurope", "Standard_D2s_v5");
    expect(propsOf(azureMachine(""), "machine.web:machine", size).vmSize).toBe("Standard_D2s_v5");
    expect(lowerSource(azureMachine(""), size).native?.choices.map(({ kind }) => kind)).toEqual(["zone"]);
    expect(propsOf(azureMachine(""), "machine.web:machine", lockOf("azure", "zone", "a/westeurope", "3")).zones).toEqual(["3"]);
    const image = lockOf("azure", "image", "ubuntu-24.04/westeurope/x86_64", "Canonical:ubuntu-24_04-lts:server-next:24.04.202609010");
    expect(propsOf(azureMachine(""), "machine.web:machine", image).imageReference).toEqual({
      publisher: "Canonical",
      offer: "ubuntu-24_04-lts",
      sku: "server-next",
      version: "24.04.202609010",
    });
    expect(lowerSource(azureMachine(""), image).native?.pinRequests).toEqual([]);
  });

  test("an alias asks for the newest version by publisher, offer and SKU", () => {
    const [request] = lowerSource(azureMachine("", "debian-12")).native?.pinRequests ?? [];
    expect(request).toMatchObject({
      key: "debian-12/westeurope/x86_64",
      parameters: { alias: "debian-12", region: "westeurope", arch: "x86_64", publisher: "Debian", offer: "debian-12", sku: "12-gen2" },
    });
  });

  test("a URN is taken as it is, unless it asks for the latest", () => {
    const urn = "almalinux:almalinux-x86_64:9-gen2";
    expect(propsOf(azureMachine("", `${urn}:9.6.2026010101`), "machine.web:machine").imageReference).toMatchObject({
      version: "9.6.2026010101",
    });
    expect(lowerSource(azureMachine("", `${urn}:9.6.2026010101`)).native?.pinRequests).toEqual([]);
    expect(lowerSource(azureMachine("", `${urn}:latest`)).native?.pinRequests.map(({ key }) => key)).toEqual([
      `${urn}:latest/westeurope/x86_64`,
    ]);
  });

  test("an image by its id: a managed one gets neither NVMe disks nor trusted launch", () => {
    const group = `/subscriptions/${subscription}/resourceGroups/shared/providers/Microsoft.Compute`;
    const managed = propsOf(azureMachine("", `${group}/images/golden`), "machine.web:machine");
    expect(managed).toMatchObject({ imageReference: { id: `${group}/images/golden` }, vmSize: "Standard_D2ls_v5" });
    expect(managed.securityType).toBeUndefined();
    const gallery = azureMachine("on azure { trusted_launch = true }", `${group}/galleries/house/images/golden`);
    expect(propsOf(gallery, "machine.web:machine").securityType).toBe("TrustedLaunch");
  });
});

describe("private addresses", () => {
  test.each([0, 1, 2, 3, 255])("10.20.0.%i is Azure's", (host) => {
    expect(codesOf(azureMachine(`private_ip = 10.20.0.${host}`))).toHaveLength(1);
  });

  test.each([4, 254])("10.20.0.%i is free", (host) => {
    expect(propsOf(azureMachine(`private_ip = 10.20.0.${host}`), "machine.web:interface").privateIPAddress).toBe(`10.20.0.${host}`);
  });
});

describe("ranges", () => {
  const network = (cidr: string): string => `${onAzure()}network main { cidr = ${cidr} }\n`;
  test.each([
    ["0.0.0.0/1", ["K3015", "K3036"]],
    ["64.0.0.0/2", ["K3036"]],
    ["10.0.0.0/8", []],
    ["10.0.0.0/29", []],
    ["10.0.0.0/30", ["K3015"]],
    ["168.63.129.0/24", ["K3036"]],
    ["168.63.128.0/24", []],
    ["224.0.0.0/8", ["K3036"]],
    ["127.0.0.0/16", ["K3036"]],
  ])("%s", (cidr, codes) => {
    expect(codesOf(network(cidr))).toEqual(codes);
  });
});

describe("disks", () => {
  const disk = (items: string): string => `${onAzure()}disk data { ${items} }\n`;
  test.each([
    ["size = 1GiB", []],
    ["size = 32767GiB", []],
    ["size = 32768GiB", ["K3021"]],
    ["size = 20GB", ["K3021"]],
    ['size = 64TiB\n  on azure { sku = "PremiumV2_LRS" }\n', []],
    ['size = 64TiB\n  on azure { sku = "StandardSSD_LRS" }\n', ["K3021"]],
    ["size = 1TiB, encrypted = true", []],
    ["size = 1TiB, encrypted = false", ["K3035"]],
    ["size = 1TiB\n  on azure { throughput = 200 }\n", ["K3031"]],
  ])("%s", (items, codes) => {
    expect(codesOf(disk(items))).toEqual(codes);
  });

  test.each([
    ["disk root { size = 30GiB }", []],
    ["disk root { size = 29GiB }", ["K3021"]],
    ["disk root { size = 4095GiB }", []],
    ["disk root { size = 4096GiB }", ["K3021"]],
  ])("%s", (block, codes) => {
    expect(codesOf(azureMachine(block))).toEqual(codes);
  });

  test("a zone-redundant disk needs zones, and says none", () => {
    const source = (region: string, items: string): string =>
      `${onAzure(region)}disk data { size = 1TiB${items}\n  on azure { sku = "StandardSSD_ZRS" }\n}\n`;
    expect(codesOf(source("westeurope", ""))).toEqual([]);
    expect(codesOf(source("westeurope", ', zone = "b"'))).toEqual(["K3081"]);
    expect(codesOf(source("ukwest", ""))).toEqual(["K3081"]);
  });

  test("a zone-redundant disk is in no zone, another in that of its machine", () => {
    const source = (sku: string): string => `${onAzure()}network main { cidr = 10.20.0.0/16 }
subnet app { network = main, cidr = 10.20.0.0/24, zone = "b" }
machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
disk data { size = 100GiB, attach = web
  on azure { sku = "${sku}" }
}
`;
    expect(propsOf(source("Premium_ZRS"), "disk.data:disk").zones).toBeUndefined();
    expect(propsOf(source("StandardSSD_LRS"), "disk.data:disk").zones).toEqual(["2"]);
  });
});

describe("sizes", () => {
  const named = (size: string, items = ""): string => azureMachine(`${items}\n  on azure { vm_size = "${size}" }`);
  test.each([
    ["Standard_D2s_v5", "", []],
    ["Standard_D2_v5", "", ["K3074"]],
    ["Standard_D2_v5", 'disk root { type = "hdd" }', []],
    ["Standard_D2_v5", 'disk root { type = "hdd" }\n  disk data { size = 10GiB }', ["K3074"]],
    ["Standard_D2_v3", 'disk root { type = "hdd" }', ["K3075"]],
    ["Standard_B2s_v2", "", []],
    ["Standard_B2s_v2", "spot = true", ["K3080"]],
    ["Standard_B2ts_v2", "", ["K3027"]],
    ["Standard_NC4as_T4_v3", "", ["K3024"]],
    ["Standard_D2sv5", "", ["K3024"]],
  ])("%s with %j: %j", (size, items, codes) => {
    expect(codesOf(named(size, items))).toEqual(codes);
  });

  test("what the catalog does not know is taken with a warning, what is misspelt is refused", () => {
    expect(lowerSource(named("Standard_NC4as_T4_v3")).diagnostics.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(propsOf(named("Standard_NC4as_T4_v3"), "machine.web:machine").vmSize).toBe("Standard_NC4as_T4_v3");
    expect(lowerSource(named("Standard_D2sv5")).diagnostics.map(({ severity }) => severity)).toEqual(["error"]);
  });

  test("a spot machine is never burstable", () => {
    expect(propsOf(azureMachine("burst = true"), "machine.web:machine").vmSize).toBe("Standard_B2als_v2");
    expect(propsOf(azureMachine("burst = true, spot = true"), "machine.web:machine")).toMatchObject({
      vmSize: "Standard_D2als_v6",
      priority: "Spot",
    });
  });

  test("paths inside follow the disk interface", () => {
    expect(guestPath("scsi", 3)).toBe("/dev/disk/azure/scsi1/lun3");
    expect(guestPath("nvme", 3)).toBe("/dev/disk/azure/data/by-lun/3");
    const source = (size: string): string => `${named(size)}disk data { size = 10GiB, attach = web }\n`;
    const device = (size: string) => lowerSource(source(size)).native?.outputs.get("disk.data")?.device;
    expect(device("Standard_D2s_v5")).toMatch(/scsi1\/lun\d+$/);
    expect(device("Standard_D2s_v6")).toMatch(/by-lun\/\d+$/);
    expect(device("Standard_NC24ads_v4")).toMatch(/scsi1/);
  });
});

describe("trusted launch", () => {
  const security = (items: string, image?: string) => propsOf(azureMachine(items, image), "machine.web:machine").securityType;
  test("wherever image and size allow it, unless the author says otherwise", () => {
    expect(security("")).toBe("TrustedLaunch");
    expect(security("on azure { trusted_launch = false }")).toBeUndefined();
    expect(security('arch = "arm64"')).toBeUndefined();
    expect(security("", "almalinux:almalinux-x86_64:9-gen2:9.6.2026010101")).toBeUndefined();
    expect(codesOf(azureMachine('arch = "arm64"\n  on azure { vm_size = "Standard_D2ps_v5", trusted_launch = true }'))).toEqual(["K3079"]);
  });
});

describe("user data", () => {
  test("a host name is the computer's own, and no cloud-config", () => {
    expect(propsOf(azureMachine('hostname = "web"'), "machine.web:machine")).toMatchObject({ computerName: "web" });
    expect(propsOf(azureMachine('hostname = "web"'), "machine.web:machine").customData).toBeUndefined();
  });

  test("a secret anywhere inside makes the whole a secret, which no description shows", () => {
    const source = `input token: secret string = "hunter2"\n${azureMachine("cloud_init = { runcmd = [token] }")}`;
    const { customData } = propsOf(source, "machine.web:machine");
    expect(tagOf(customData)).toBe("secret");
    expect(String((customData as NativeSecret).value)).toContain("hunter2");
    expect(describeNativeValue(customData ?? null)).toBe("(secret)");
  });

  test("the limit counts bytes", () => {
    const data = (count: number): string => azureMachine(`user_data = join("", [for n in 0..${count}: "${"é".repeat(100)}"])`);
    expect(codesOf(data(327))).toEqual([]);
    expect(codesOf(data(328))).toEqual(["K3023"]);
  });
});

describe("what exists", () => {
  test("a group is not made for objects that others made", () => {
    const group = `/subscriptions/${subscription}/resourceGroups/shared/providers/Microsoft.Network`;
    const { native, diagnostics } = lowerSource(`${onAzure()}@existing("${group}/publicIPAddresses/door")\naddress door {}\n`);
    expect(diagnostics).toEqual([]);
    expect([...(native?.objects.keys() ?? [])]).toEqual(["address.door:address"]);
  });

  test("a machine in a subnet and network that others made", () => {
    const hub = `/subscriptions/${subscription}/resourceGroups/shared/providers/Microsoft.Network/virtualNetworks/hub`;
    const { native, diagnostics } = lowerSource(`${onAzure()}@existing("${hub}")
network main { cidr = 10.20.0.0/16 }
@existing("${hub}/subnets/app")
subnet app { network = main, cidr = 10.20.0.0/24 }
machine web { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = app }
`);
    expect(diagnostics).toEqual([]);
    expect(native?.objects.get("subnet.app:subnet")?.props.networkSecurityGroup).toBeUndefined();
    expect([...(native?.objects.keys() ?? [])].map((key) => key.replace(/^azure\.[^:]*/, "azure"))).toEqual([
      "network.main:network",
      "subnet.app:subnet",
      "azure:group",
      "machine.web:interface",
      "machine.web:machine",
    ]);
  });
});
