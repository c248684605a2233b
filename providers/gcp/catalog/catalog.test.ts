// The catalogs: fresh, consistent, and choosing as documented.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generateGcpCatalog } from "../../../scripts/catalogs/gcp.ts";
import { cities, nearestRegion, zoneOf } from "../../lowering/places.ts";
import { chooseSize, largestShape, type Shape } from "../../lowering/sizes.ts";
import { gcpDescription } from "../description.ts";
import { sameClass } from "./compatibility.ts";
import { findImage, imageAliases, isImagePath } from "./images.ts";
import { findMachineType, isOffered, isOfferedEverywhere, machineTypes } from "./machine-types.ts";
import { regions } from "./places.ts";
import { machineSizes } from "./sizes.ts";

const gib = 1024 ** 3;

function shape(cpu: number, memoryGib: number, rest: Partial<Shape> = {}): Shape {
  return { cpu, memory: memoryGib * gib, arch: "x86_64", burst: false, ...rest };
}

function choose(wanted: Shape, region = "europe-west1"): string | undefined {
  return chooseSize(wanted, region, machineSizes)?.size.name;
}

describe("generated modules", () => {
  test.each([...generateGcpCatalog()])("%s is as new as its YAML (node scripts/generate-catalog.ts)", (path, text) => {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).toBe(text);
  });
});

describe("machine types", () => {
  test("all rows are read, cheapest first", () => {
    const all = [...machineTypes().values()];
    expect(all.length).toBeGreaterThan(500);
    const prices = all.map((type) => type.price ?? Number.POSITIVE_INFINITY);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    for (const type of all) {
      expect(type.cpu, type.name).toBeGreaterThan(0);
      expect(type.memoryMib, type.name).toBeGreaterThan(0);
      expect(type.disks.length, type.name).toBeGreaterThan(0);
    }
  });

  test("facts of a few types, as Google documents them", () => {
    expect(findMachineType("e2-standard-2")).toMatchObject({
      cpu: 2,
      memoryMib: 8192,
      arch: "x86_64",
      burst: false,
      diskInterface: "scsi",
    });
    expect(findMachineType("e2-medium")).toMatchObject({ cpu: 2, memoryMib: 4096, burst: true, price: 0.03350571 });
    expect(findMachineType("n1-standard-1")?.current).toBe(false);
    expect(findMachineType("c4a-standard-4")).toMatchObject({ arch: "arm64", disks: ["hyperdisk-balanced"], diskInterface: "nvme" });
    expect(findMachineType("c4a-standard-4-lssd")?.localDisk).toBe(true);
    expect(findMachineType("c3-standard-192-metal")?.bareMetal).toBe(true);
    expect(findMachineType("m3-ultramem-32")?.general).toBe(false);
    expect(findMachineType("e2-standrd-2")).toBeUndefined();
  });

  test.each([
    ["n2-standard-2", 0.097118],
    ["n4-standard-2", 0.094772],
    ["c4-standard-2", 0.096866],
    ["c4a-standard-1", 0.0449],
    ["t2a-standard-48", 1.848],
    ["e2-highmem-16", 0.723197],
  ])("%s costs %d an hour", (name, usd) => {
    expect(findMachineType(name)?.price).toBeCloseTo(usd, 5);
  });

  test("offerings by region", () => {
    const t2a = findMachineType("t2a-standard-1") ?? fail();
    expect([isOffered(t2a, "us-central1"), isOffered(t2a, "europe-west1")]).toEqual([true, false]);
    expect([isOfferedEverywhere(t2a, "us-central1"), isOfferedEverywhere(t2a, "europe-west4")]).toEqual([false, true]);
    const c4a = findMachineType("c4a-standard-1") ?? fail();
    expect([isOffered(c4a, "us-central1"), isOffered(c4a, "me-west1")]).toEqual([true, undefined]);
    expect(isOffered(findMachineType("c3-standard-4") ?? fail(), "europe-west1")).toBeUndefined();
  });
});

describe("the choice", () => {
  test("the cheapest that fits, without surprises", () => {
    expect(choose(shape(2, 4))).toBe("e2-standard-2");
    expect(choose(shape(2, 4, { burst: true }))).toBe("e2-medium");
    expect(choose(shape(1, 1, { burst: true }))).toBe("e2-micro");
    expect(choose(shape(2, 4, { arch: "arm64" }))).toBe("c4a-highcpu-2");
    expect(choose(shape(1, 4, { arch: "arm64" }), "europe-west4")).toBe("t2a-standard-1");
    expect(choose(shape(64, 64))).toBe("n2d-highcpu-64");
    expect(chooseSize(shape(2, 4), "europe-west1", machineSizes)?.because).toBe(
      "cheapest current type with 2 cpu and 4GiB ($0.067011 an hour in us-central1, 2026-08)",
    );
  });

  test("every region has something for a usual machine", () => {
    for (const region of regions().keys()) {
      for (const cpu of [1, 2, 8, 32]) expect(choose(shape(cpu, cpu), region), region).toMatch(/^e2-/);
    }
  });

  test("law: the choice fits, is current, general, not burstable unless asked, without local disks, and nothing that fits is cheaper", () => {
    for (const cpu of [1, 2, 3, 8, 48]) {
      for (const memory of [0.5, 2, 7, 64, 300]) {
        for (const burst of [false, true]) {
          const chosen = findMachineType(choose(shape(cpu, memory, { burst }), "us-central1") ?? "") ?? fail();
          const fits = [...machineTypes().values()].filter(
            (type) =>
              type.cpu >= cpu &&
              type.memoryMib >= memory * 1024 &&
              type.arch === "x86_64" &&
              type.current &&
              type.general &&
              !/metal|lssd/.test(type.name) &&
              (burst || !/^e2-(micro|small|medium)$/.test(type.name)) &&
              type.price !== undefined &&
              isOfferedEverywhere(type, "us-central1"),
          );
          expect(fits.map((type) => type.name)).toContain(chosen.name);
          expect(Math.min(...fits.map((type) => type.price ?? 0))).toBe(chosen.price);
        }
      }
    }
  });

  test("nothing fits a shape beyond all types; the largest is told", () => {
    expect(choose(shape(5000, 4))).toBeUndefined();
    expect(largestShape(shape(5000, 4), "europe-west1", machineSizes)).toEqual({ cpu: 96, memory: "744GiB" });
    expect(choose(shape(2, 4, { arch: "arm64" }), "africa-south1")).toBeUndefined();
  });
});

describe("sameClass", () => {
  test.each([
    ["e2-standard-2", "n2-highmem-8", true],
    ["n2d-standard-2", "e2-micro", true],
    ["e2-standard-2", "n4-standard-2", false],
    ["n4-standard-2", "c4-standard-8", true],
    ["c4-standard-4", "c4-standard-4-lssd", false],
    ["n4-standard-2", "c4a-standard-2", false],
    ["c3-standard-4", "n2-standard-4", false],
    ["t2a-standard-1", "c4a-standard-1", false],
    ["nothing-large", "e2-medium", false],
    ["nothing-large", "nothing-large", true],
  ])("%s and %s: %s", (from, to, expected) => {
    expect(sameClass(from, to)).toBe(expected);
    expect(sameClass(to, from)).toBe(expected);
  });
});

describe("images", () => {
  test("each alias has a project and a family for both architectures", () => {
    expect(imageAliases()).toEqual(["debian-12", "debian-13", "rocky-9", "ubuntu-22.04", "ubuntu-24.04"]);
    for (const alias of imageAliases()) {
      const image = findImage(alias);
      expect(image?.project).toMatch(/-cloud$/);
      expect(new Set(Object.values(image?.family ?? {})).size).toBe(2);
      expect(image?.cloudInit).toBe(alias.startsWith("ubuntu"));
    }
    expect(findImage("toString")).toBeUndefined();
    expect(findImage("amazon-linux-2023")).toBeUndefined();
  });

  test("paths of images", () => {
    expect(isImagePath("projects/koine-tests/global/images/base-1")).toBe(true);
    expect(isImagePath("projects/example.com:koine/global/images/base")).toBe(true);
    expect(isImagePath("projects/debian-cloud/global/images/family/debian-12")).toBe(false);
    expect(isImagePath("https://www.googleapis.com/compute/v1/projects/p/global/images/b")).toBe(false);
  });
});

describe("places", () => {
  test("zones by letter, in regions that do not begin with a too", () => {
    expect(zoneOf("europe-west1", "a", regions())).toBe("europe-west1-b");
    expect(zoneOf("us-east1", "c", regions())).toBe("us-east1-d");
    expect(zoneOf("us-central1", "d", regions())).toBe("us-central1-f");
    expect(zoneOf("europe-west1", "d", regions())).toBeUndefined();
    for (const region of regions().values()) {
      expect(new Set(region.zones).size, region.name).toBe(region.zones.length);
      for (const zone of region.zones) expect(zone).toMatch(new RegExp(`^${region.name}-[a-f]$`));
    }
  });

  test.each([
    ["dublin", "europe-west2"],
    ["brussels", "europe-west1"],
    ["Amsterdam", "europe-west4"],
    ["São Paulo", "southamerica-east1"],
    ["berlin", "europe-west10"],
    ["oslo", "europe-north2"],
    ["johannesburg", "africa-south1"],
    ["tokyo", "asia-northeast1"],
    ["toronto", "northamerica-northeast2"],
    ["atlantis", undefined],
  ])("near(%j) is %s", (city, region) => {
    expect(nearestRegion(city, regions())).toBe(region);
  });

  test("a region's own city is nearest to it, where `near` knows the city", () => {
    const known = [...regions().values()].filter((region) => cities().has(region.city.toLowerCase()));
    expect(known.length).toBeGreaterThan(20);
    for (const region of known) expect(nearestRegion(region.city, regions()), region.city).toBe(region.name);
  });
});

describe("the description", () => {
  const place = (prop: string) => ({ file: "main.koine", start: prop.length, end: prop.length + 1 });
  const codes = (settings: Readonly<Record<string, string>>) =>
    gcpDescription.checkConfig(settings, place).map(({ code, span }) => [code, span]);

  test("settings are judged with a place", () => {
    expect(codes({ project: "koine-tests", region: "europe-west1" })).toEqual([]);
    expect(codes({ project: "example.com:koine-tests", region: "europe-west1" })).toEqual([]);
    expect(codes({ project: "koine-tests", region: "europe-wset1" })).toEqual([["K3010", place("region")]]);
    for (const project of ["Koine", "short", "123456789", "ends-with-", "a".repeat(31)])
      expect(codes({ project, region: "europe-west1" }), project).toEqual([["K3050", place("project")]]);
    const account = { project: "koine-tests", region: "europe-west1", impersonate: "deployer@koine-tests.iam.gserviceaccount.com" };
    expect(codes(account)).toEqual([]);
    expect(codes({ ...account, impersonate: "me@example.com" })).toEqual([["K3051", place("impersonate")]]);
  });

  test("regions, cities and zones", () => {
    expect(gcpDescription.regions).toContain("europe-west1");
    expect(gcpDescription.cities).toContain("dublin");
    expect(gcpDescription.zones("europe-west1")).toEqual(["europe-west1-b", "europe-west1-c", "europe-west1-d"]);
    expect(gcpDescription.zones("nowhere")).toEqual([]);
    expect(gcpDescription.nearest("dublin")).toBe("europe-west2");
  });
});

function fail(): never {
  throw new Error("not in the catalog");
}
