// The catalogs: fresh, consistent, and choosing as documented.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generateAwsCatalog } from "../../../scripts/catalogs/aws.ts";
import { cities, nearestRegion, zoneOf } from "../../lowering/places.ts";
import { chooseSize, formatMemory, largestShape, type Shape, shapeKey } from "../../lowering/sizes.ts";
import { awsDescription } from "../description.ts";
import { sameClass } from "./compatibility.ts";
import { findImage, imageAliases, imageQuery, isImageId } from "./images.ts";
import { findInstanceType, instanceTypes, isOffered, isOfferedEverywhere } from "./instance-types.ts";
import { regions } from "./places.ts";
import { instanceSizes } from "./sizes.ts";

const gib = 1024 ** 3;

function chooseType(wanted: Shape, region: string): { readonly type: string; readonly because: string } | undefined {
  const choice = chooseSize(wanted, region, instanceSizes);
  return choice && { type: choice.size.name, because: choice.because };
}

function shape(cpu: number, memoryGib: number, rest: Partial<Shape> = {}): Shape {
  return { cpu, memory: memoryGib * gib, arch: "x86_64", burst: false, ...rest };
}

describe("generated modules", () => {
  test.each([...generateAwsCatalog()])("%s is as new as its YAML (node scripts/generate-catalog.ts)", (path, text) => {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")).toBe(text);
  });
});

describe("instance types", () => {
  test("all rows are read, cheapest first", () => {
    const all = [...instanceTypes().values()];
    expect(all.length).toBe(1373);
    const prices = all.map((type) => type.price ?? Number.POSITIVE_INFINITY);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    for (const type of all) {
      expect(type.cpu, type.name).toBeGreaterThan(0);
      expect(type.memoryMib, type.name).toBeGreaterThan(0);
    }
  });

  test("facts of a few types, as EC2 documents them", () => {
    expect(findInstanceType("m7i.large")).toMatchObject({
      cpu: 2,
      memoryMib: 8192,
      arch: "x86_64",
      current: true,
      diskInterface: "nvme",
      localDisk: false,
    });
    expect(findInstanceType("m7g.large")?.arch).toBe("arm64");
    expect(findInstanceType("c5d.large")?.localDisk).toBe(true);
    expect(findInstanceType("i4i.large")?.localDisk).toBe(true);
    expect(findInstanceType("t2.micro")).toMatchObject({ burst: true, diskInterface: "xen" });
    expect(findInstanceType("m4.large")).toMatchObject({ current: false, diskInterface: "xen" });
    expect(findInstanceType("m5.metal")?.bareMetal).toBe(true);
    expect(findInstanceType("m7i.larg")).toBeUndefined();
  });

  test("offerings by region", () => {
    expect(isOffered(findInstanceType("c6a.large") ?? fail(), "eu-west-1")).toBe(true);
    expect(isOffered(findInstanceType("c6a.large") ?? fail(), "eu-north-1")).toBe(false);
    expect(isOffered(findInstanceType("c6a.large") ?? fail(), "mx-central-1")).toBeUndefined();
    expect(isOfferedEverywhere(findInstanceType("c5.large") ?? fail(), "mx-central-1")).toBe(true);
  });
});

describe("chooseType", () => {
  test("the cheapest that fits, without surprises", () => {
    expect(chooseType(shape(2, 4), "eu-west-1")?.type).toBe("c6a.large");
    expect(chooseType(shape(2, 4, { burst: true }), "eu-west-1")?.type).toBe("t3a.medium");
    expect(chooseType(shape(2, 4, { arch: "arm64" }), "eu-west-1")?.type).toBe("c6g.large");
    expect(chooseType(shape(2, 4), "eu-west-1")?.because).toBe(
      "cheapest current type with 2 cpu and 4GiB ($0.0765 an hour in us-east-1, 2026-08)",
    );
  });

  test("a type with local disks is not chosen where it would be cheapest", () => {
    expect(chooseType(shape(2, 128), "us-east-1")?.type).toBe("x8i.2xlarge"); // x2iedn.xlarge costs less
  });

  test("what a region does not offer in each zone is not chosen", () => {
    expect(chooseType(shape(2, 4), "eu-north-1")?.type).not.toBe("c6a.large");
    for (const region of regions().keys()) {
      for (const arch of ["x86_64", "arm64"]) expect(chooseType(shape(2, 4, { arch }), region)?.type, region).toBeDefined();
    }
  });

  test("law: the choice fits, is current, general, not burstable unless asked, without local disks, and nothing that fits is cheaper", () => {
    for (const cpu of [1, 2, 3, 8, 48]) {
      for (const memory of [0.5, 2, 7, 64, 300]) {
        for (const burst of [false, true]) {
          const wanted = shape(cpu, memory, { burst });
          const chosen = findInstanceType(chooseType(wanted, "us-east-1")?.type ?? "");
          if (!chosen) throw new Error("nothing fits");
          const fits = [...instanceTypes().values()].filter(
            (type) =>
              type.cpu >= cpu &&
              type.memoryMib >= memory * 1024 &&
              type.arch === "x86_64" &&
              type.current &&
              !type.bareMetal &&
              !type.localDisk &&
              (burst || !type.burst) &&
              /^[tcmrxu]\d/.test(type.name) &&
              type.price !== undefined &&
              isOfferedEverywhere(type, "us-east-1"),
          );
          expect(fits.map((type) => type.name)).toContain(chosen.name);
          expect(Math.min(...fits.map((type) => type.price ?? 0))).toBe(chosen.price);
        }
      }
    }
  });

  test("nothing fits a shape beyond all types; the largest is told", () => {
    expect(chooseType(shape(5000, 4), "eu-west-1")).toBeUndefined();
    expect(largestShape(shape(5000, 4), "eu-west-1", instanceSizes)?.cpu).toBeGreaterThanOrEqual(96);
  });

  test("keys and memory texts", () => {
    expect(shapeKey(shape(2, 4), "eu-west-1")).toBe("2cpu-4GiB-x86_64/eu-west-1");
    expect(shapeKey(shape(1, 0.5, { burst: true, arch: "arm64" }), "eu-west-1")).toBe("1cpu-512MiB-arm64-burst/eu-west-1");
    expect(formatMemory(1_500_000_000)).toBe("1500000000B");
  });
});

describe("sameClass", () => {
  test.each([
    ["m7i.large", "c6a.2xlarge", true],
    ["m7i.large", "m7i.large", true],
    ["m7i.large", "m7g.large", false],
    ["m4.large", "m5.large", false],
    ["m5.large", "m5d.large", false],
    ["t2.micro", "m4.large", true],
    ["nothing.large", "m5.large", false],
    ["nothing.large", "nothing.large", true],
  ])("%s and %s: %s", (from, to, expected) => {
    expect(sameClass(from, to)).toBe(expected);
    expect(sameClass(to, from)).toBe(expected);
  });
});

describe("images", () => {
  test("each alias has an owner and a name for both architectures", () => {
    expect(imageAliases()).toEqual(["amazon-linux-2023", "debian-12", "debian-13", "rocky-9", "ubuntu-22.04", "ubuntu-24.04"]);
    for (const alias of imageAliases()) {
      for (const arch of ["x86_64", "arm64"]) {
        const query = imageQuery(alias, arch);
        expect(query?.owner).toMatch(/^\d{12}$/);
        expect(query?.name).not.toContain("{");
        expect(query?.name).toContain("*");
      }
      expect(findImage(alias)?.cloudInit).toBe(true);
      expect(findImage(alias)?.rootDevice).toMatch(/^\/dev\/(sda1|xvda)$/);
    }
    expect(imageQuery("ubuntu-24.04", "x86_64")?.name).toBe("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*");
    expect(imageQuery("ubuntu-24.04", "riscv64")).toBeUndefined();
    expect(findImage("toString")).toBeUndefined();
  });

  test("ids of images", () => {
    expect(isImageId("ami-0123456789abcdef0")).toBe(true);
    expect(isImageId("ami-12345678")).toBe(true);
    expect(isImageId("ami-xyz")).toBe(false);
  });
});

describe("places", () => {
  test("zones by letter, us-east-1 without its legacy zone in front", () => {
    expect(zoneOf("eu-west-1", "a", regions())).toBe("euw1-az1");
    expect(zoneOf("us-east-1", "c", regions())).toBe("use1-az4");
    expect(zoneOf("us-west-1", "c", regions())).toBeUndefined();
    expect(zoneOf("eu-west-1", "aa", regions())).toBeUndefined();
    expect(zoneOf("nowhere", "a", regions())).toBeUndefined();
    for (const region of regions().values()) expect(new Set(region.zones).size, region.name).toBe(region.zones.length);
  });

  test.each([
    ["dublin", "eu-west-1"],
    ["Dublin ", "eu-west-1"],
    ["São Paulo", "sa-east-1"],
    ["berlin", "eu-central-1"],
    ["oslo", "eu-north-1"],
    ["new york", "us-east-1"],
    ["seattle", "us-west-2"],
    ["delhi", "ap-south-1"],
    ["wellington", "ap-southeast-6"],
    ["johannesburg", "af-south-1"],
    ["toronto", "ca-central-1"],
    ["atlantis", undefined],
  ])("near(%j) is %s", (city, region) => {
    expect(nearestRegion(city, regions())).toBe(region);
  });

  test("every region's own city is nearest to it, and there are plenty of cities", () => {
    expect(cities().size).toBeGreaterThanOrEqual(60);
    for (const region of regions().values()) expect(nearestRegion(region.city, regions()), region.city).toBe(region.name);
  });
});

describe("the description", () => {
  const place = (prop: string) => ({ file: "main.koine", start: prop.length, end: prop.length + 1 });

  test("settings are judged with a place and a suggestion", () => {
    expect(awsDescription.checkConfig({ region: "eu-west-1", profile: "work" }, place)).toEqual([]);
    const [unknown] = awsDescription.checkConfig({ region: "eu-wset-1" }, place);
    expect(unknown).toMatchObject({
      code: "K3010",
      span: place("region"),
      hint: 'did you mean "eu-west-1"?',
      fix: { replacement: '"eu-west-1"' },
    });
    expect(awsDescription.checkConfig({ region: "eu-west-1", profile: "" }, place)[0]?.code).toBe("K3011");
  });

  test("regions, cities and zones", () => {
    expect(awsDescription.regions).toContain("eu-west-1");
    expect(awsDescription.cities).toContain("dublin");
    expect(awsDescription.zones("eu-west-1")).toEqual(["euw1-az1", "euw1-az2", "euw1-az3"]);
    expect(awsDescription.zones("nowhere")).toEqual([]);
    expect(awsDescription.nearest("dublin")).toBe("eu-west-1");
  });
});

function fail(): never {
  throw new Error("not in the catalog");
}
