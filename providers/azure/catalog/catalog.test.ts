// The catalogs: fresh, consistent, and choosing as documented.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generateAzureCatalog } from "../../../scripts/catalogs/azure.ts";
import { cities, nearestRegion, zoneOf } from "../../lowering/places.ts";
import { chooseSize, largestShape, type Shape, shapeKey } from "../../lowering/sizes.ts";
import { azureDescription } from "../description.ts";
import { sameClass } from "./compatibility.ts";
import { findImage, formatUrn, imageAliases, parseUrn, sortOfId } from "./images.ts";
import { openRegions, regions, zonesOf } from "./places.ts";
import { scsiSizes, virtualMachineSizes } from "./sizes.ts";
import { findVmSize, isBeyondCatalog, isOffered, isOfferedSurely, vmSizes } from "./vm-sizes.ts";

const gib = 1024 ** 3;

function shape(cpu: number, memoryGib: number, rest: Partial<Shape> = {}): Shape {
  return { cpu, memory: memoryGib * gib, arch: "x86_64", burst: false, ...rest };
}

function nearest(city: string): string | undefined {
  return nearestRegion(city, openRegions());
}

function choose(wanted: Shape, region: string, sizes = virtualMachineSizes): string | undefined {
  return chooseSize(wanted, region, sizes)?.size.name;
}

describe("generated modules", () => {
  test.each([...generateAzureCatalog()])("%s is as new as its YAML (node scripts/generate-catalog.ts)", (path, text) => {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).toBe(text);
  });
});

describe("VM sizes", () => {
  test("all rows are read, cheapest first", () => {
    const all = [...vmSizes().values()];
    expect(all.length).toBe(495);
    const prices = all.map((size) => size.price ?? Number.POSITIVE_INFINITY);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    for (const size of all) {
      expect(size.cpu, size.name).toBeGreaterThan(0);
      expect(size.memoryMib, size.name).toBeGreaterThanOrEqual(512);
      expect(size.offered, size.name).toBeGreaterThan(0);
    }
  });

  test("facts of a few sizes, as Azure documents them", () => {
    expect(findVmSize("Standard_D2s_v5")).toMatchObject({
      cpu: 2,
      memoryMib: 8192,
      arch: "x86_64",
      premium: true,
      localDisk: false,
      diskInterface: "scsi",
    });
    expect(findVmSize("Standard_D2as_v6")).toMatchObject({ diskInterface: "nvme", localDisk: false, current: true, trustedLaunch: true });
    expect(findVmSize("Standard_D4ds_v5")?.localDisk).toBe(true);
    expect(findVmSize("Standard_E4_v5")?.premium).toBe(false);
    expect(findVmSize("Standard_F4s_v2")).toMatchObject({ memoryMib: 8192, localDisk: true, current: false });
    expect(findVmSize("Standard_B2s")).toMatchObject({ burst: true, localDisk: true, current: false });
    expect(findVmSize("Standard_B2s_v2")).toMatchObject({ burst: true, localDisk: false, current: true });
    expect(findVmSize("Standard_D2ps_v5")).toMatchObject({ arch: "arm64", trustedLaunch: false });
    expect(findVmSize("Standard_D2_v3")).toMatchObject({ uefi: false, localDisk: true });
    expect(findVmSize("Standard_D2s_v55")).toBeUndefined();
  });

  test("offerings by region, and what is believed of one that is not recorded", () => {
    const size = findVmSize("Standard_D2pls_v5") ?? fail();
    expect(isOffered(size, "westeurope")).toBe(true);
    expect(isOffered(size, "brazilsouth")).toBe(false);
    expect(isOffered(size, "polandcentral")).toBeUndefined();
    expect(isOfferedSurely(size, "brazilsouth")).toBe(false);
    expect(isOfferedSurely(size, "polandcentral")).toBe(true);
    const rare = [...vmSizes().values()].find((each) => each.offered.toString(2).replaceAll("0", "").length < 14) ?? fail();
    expect(isOfferedSurely(rare, "polandcentral")).toBe(false);
  });

  test.each([
    ["Standard_NC24ads_v4", true],
    ["Standard_NC4as_T4_v3", true],
    ["Standard_M8ms", true],
    ["Standard_E64s_v5", true],
    ["Standard_D2s_v7", true],
    ["Standard_D3s_v5", false],
    ["Standard_D2s_v55", false],
    ["Standard_D2sv5", false],
    ["Standard_D2s_v5", false],
    ["standard_d2s_v5", false],
  ])("%s is beyond the catalog: %s", (name, expected) => {
    expect(isBeyondCatalog(name)).toBe(expected);
  });
});

describe("choosing", () => {
  test("the cheapest that fits, without surprises", () => {
    expect(choose(shape(2, 4), "westeurope")).toBe("Standard_D2als_v6");
    expect(choose(shape(2, 4, { burst: true }), "westeurope")).toBe("Standard_B2als_v2");
    expect(choose(shape(2, 4, { arch: "arm64" }), "westeurope")).toBe("Standard_D2pls_v6");
    expect(choose(shape(2, 4), "westeurope", scsiSizes)).toBe("Standard_D2ls_v5");
    expect(chooseSize(shape(2, 4), "westeurope", virtualMachineSizes)?.because).toBe(
      "cheapest current type with 2 cpu and 4GiB ($0.0804 an hour in eastus, 2026-06)",
    );
  });

  test("every region has a machine of either architecture", () => {
    for (const region of regions().keys()) {
      for (const arch of ["x86_64", "arm64"]) expect(choose(shape(2, 4, { arch }), region), region).toBeDefined();
    }
  });

  test("law: the choice fits, is current, with ssd disks and without a temporary one, not burstable unless asked, and nothing that fits is cheaper", () => {
    for (const cpu of [1, 2, 3, 8, 48]) {
      for (const memory of [0.5, 2, 7, 64, 300]) {
        for (const burst of [false, true]) {
          for (const arch of ["x86_64", "arm64"]) {
            const chosen = findVmSize(choose(shape(cpu, memory, { burst, arch }), "eastus") ?? "");
            const fitting = [...vmSizes().values()].filter(
              (size) =>
                size.cpu >= cpu &&
                size.memoryMib >= memory * 1024 &&
                size.arch === arch &&
                !size.localDisk &&
                (burst || !size.name.startsWith("Standard_B")) &&
                /s(_v2|_v[56])$/.test(size.name) &&
                !size.name.startsWith("Standard_F") &&
                size.price !== undefined &&
                isOffered(size, "eastus") === true,
            );
            expect(chosen?.price, `${cpu} ${memory} ${burst} ${arch}`).toBe(
              fitting.length === 0 ? undefined : Math.min(...fitting.map((size) => size.price ?? 0)),
            );
            if (chosen) expect(fitting).toContain(chosen);
          }
        }
      }
    }
  });

  test("no candidate has a temporary disk, standard storage alone or generation 1 alone", () => {
    const candidates = [...virtualMachineSizes.candidates(shape(1, 1, { burst: true }), "polandcentral")];
    expect(candidates.length).toBeGreaterThan(60);
    expect(candidates.filter((size) => size.localDisk || !size.premium || !size.uefi || !size.current).map(({ name }) => name)).toEqual([]);
    expect([...scsiSizes.candidates(shape(1, 1), "polandcentral")].filter(({ diskInterface }) => diskInterface === "nvme")).toEqual([]);
  });

  test("nothing fits a shape beyond all sizes; the largest is told", () => {
    expect(choose(shape(500, 4), "westeurope")).toBeUndefined();
    expect(largestShape(shape(500, 4), "westeurope", virtualMachineSizes)).toEqual({ cpu: 96, memory: "384GiB" });
  });

  test("choices among SCSI sizes are pinned apart", () => {
    expect(shapeKey(shape(2, 4, { burst: true }), "westeurope", scsiSizes.variant)).toBe("2cpu-4GiB-x86_64-burst-scsi/westeurope");
    expect(shapeKey(shape(2, 4), "westeurope", virtualMachineSizes.variant)).toBe("2cpu-4GiB-x86_64/westeurope");
  });
});

describe("sameClass", () => {
  test.each([
    ["Standard_D2s_v5", "Standard_E4as_v5", true],
    ["Standard_D2s_v5", "Standard_D2ds_v5", false],
    ["Standard_D2s_v5", "Standard_D2s_v6", false],
    ["Standard_D2as_v6", "Standard_E2s_v6", true],
    ["Standard_D2s_v5", "Standard_D2ps_v5", false],
    ["Standard_B2s", "Standard_B2s_v2", false],
    ["Standard_B2s", "Standard_D4ds_v5", true],
    ["Standard_D2_v3", "Standard_D2s_v3", false],
    ["Standard_M8ms", "Standard_D2s_v5", false],
    ["standard_d2s_v5", "Standard_D2s_v5", true],
    ["standard_d2s_v5", "standard_e4as_v5", true],
    ["standard_d2s_v5", "standard_d2ds_v5", false],
  ])("%s and %s: %s", (from, to, expected) => {
    expect(sameClass(from, to)).toBe(expected);
    expect(sameClass(to, from)).toBe(expected);
  });
});

describe("images", () => {
  test("each alias has an image for both architectures", () => {
    expect(imageAliases()).toEqual(["debian-12", "debian-13", "rocky-9", "ubuntu-22.04", "ubuntu-24.04"]);
    for (const alias of imageAliases()) {
      const image = findImage(alias) ?? fail();
      expect(Object.keys(image.arch)).toEqual(["x86_64", "arm64"]);
      expect(new Set(Object.values(image.arch).map(({ offer, sku }) => `${offer} ${sku}`)).size).toBe(2);
      expect(image.cloudInit).toBe(true);
      expect(image.arch.x86_64?.trustedLaunch).toBe(true);
    }
    expect(findImage("rocky-9")?.plan).toBe(true);
    expect(findImage("debian-12")?.plan).toBe(false);
    expect(findImage("toString")).toBeUndefined();
  });

  test("a URN has four parts", () => {
    const urn = "Canonical:ubuntu-24_04-lts:server:24.04.202510010";
    expect(formatUrn(parseUrn(urn) ?? fail())).toBe(urn);
    for (const text of ["ubuntu-24.04", "a:b:c", "a:b:c:d:e", "a:b::d", "a:b c:d:e"]) expect(parseUrn(text), text).toBeUndefined();
  });

  const group = "/subscriptions/6f0a2d3c-1b4e-4c57-9d68-2a7f5e913b04/resourceGroups/shared/providers/Microsoft.Compute";
  test.each([
    [`${group}/images/golden`, "managed"],
    [`${group}/galleries/house/images/golden`, "gallery"],
    [`${group.toLowerCase()}/galleries/house/images/golden/versions/1.0.0`, "gallery"],
    ["/CommunityGalleries/house-1f/images/golden/versions/latest", "gallery"],
    [`${group}/disks/golden`, undefined],
    ["ubuntu-24.04", undefined],
  ])("%s is the id of an image: %s", (id, sort) => {
    expect(sortOfId(id)).toBe(sort);
  });
});

describe("places", () => {
  test("zones by letter; a region without has only the empty one", () => {
    expect(zoneOf("westeurope", "a", regions())).toBe("1");
    expect(zoneOf("westeurope", "c", regions())).toBe("3");
    expect(zoneOf("westeurope", "d", regions())).toBeUndefined();
    expect(zoneOf("ukwest", "a", regions())).toBe("");
    expect(zoneOf("ukwest", "b", regions())).toBeUndefined();
    expect(zonesOf("ukwest")).toEqual([]);
    expect(zonesOf("uksouth")).toEqual(["1", "2", "3"]);
    expect(zonesOf("nowhere")).toEqual([]);
  });

  test.each([
    ["dublin", "northeurope"],
    ["amsterdam", "westeurope"],
    ["London", "uksouth"],
    ["São Paulo", "brazilsouth"],
    ["new york", "canadacentral"], // East US has its point in the west of Virginia
    ["berlin", "germanywestcentral"], // Germany North lies nearer and is not open to everybody
    ["oslo", "norwayeast"],
    ["delhi", "centralindia"],
    ["cape town", "southafricanorth"],
    ["geneva", "switzerlandnorth"],
    ["sydney", "australiaeast"],
    ["atlantis", undefined],
  ])("near(%j) is %s", (city, region) => {
    expect(nearest(city)).toBe(region);
  });

  test("the city of every open region that `near` knows is nearest to it, and no other region is ever picked", () => {
    const known = [...openRegions().values()].filter(({ name, city }) => cities().has(city.toLowerCase()) && name !== "australiacentral");
    expect(known.length).toBeGreaterThan(25);
    for (const { name, city } of known) expect(nearest(city), city).toBe(name);
    expect(regions().size - openRegions().size).toBe(11);
    for (const city of cities().keys()) expect(openRegions().has(nearest(city) ?? ""), city).toBe(true);
    expect(azureDescription.nearest("berlin")).toBe("germanywestcentral");
  });
});

describe("the description", () => {
  const place = (prop: string) => ({ file: "main.koine", start: prop.length, end: prop.length + 1 });
  const subscription = "6f0a2d3c-1b4e-4c57-9d68-2a7f5e913b04";
  const check = (settings: Readonly<Record<string, string>>) =>
    azureDescription.checkConfig(settings, place).map(({ code, span }) => [code, span]);

  test("settings are judged with a place", () => {
    expect(check({ subscription, region: "westeurope" })).toEqual([]);
    expect(check({ subscription, region: "westeurope", tenant: subscription })).toEqual([]);
    expect(check({ subscription, region: "westeurop" })).toEqual([["K3010", place("region")]]);
    expect(check({ subscription: "production", region: "westeurope" })).toEqual([["K3070", place("subscription")]]);
    expect(check({ subscription, region: "westeurope", tenant: "" })).toEqual([["K3070", place("tenant")]]);
  });

  test("regions, cities and zones", () => {
    expect(azureDescription.regions).toContain("westeurope");
    expect(azureDescription.cities).toContain("dublin");
    expect(azureDescription.zones("westeurope")).toHaveLength(3);
    expect(azureDescription.zones("westus")).toHaveLength(1);
    expect(azureDescription.zones("nowhere")).toEqual([]);
  });
});

function fail(): never {
  throw new Error("not in the catalog");
}
