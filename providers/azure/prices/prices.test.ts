// Figures worked out by hand. Hourly prices: the retail prices of 2026-06 (vm-prices.generated.ts); the others: rates.ts, where each has its source.

import { describe, expect, test } from "vitest";
import { quoteFrom } from "../../../test/support/price-quotes.ts";
import { azurePrices } from "./prices.ts";
import { pricedRegions, priceRows } from "./vm-prices.generated.ts";

const quote = quoteFrom(azurePrices, "azure.", "eastus");

const osDisk = { storageAccountType: "Premium_LRS", diskSizeGB: 30 };

describe("a machine", () => {
  test.each([
    // 0.096 × 730
    ["Standard_D2s_v5", "eastus", { D2s_v5: 70.08 }],
    // Azure answers in lower case. 0.115 × 730
    ["standard_d2s_v5", "westeurope", { d2s_v5: 83.95 }],
    // 0.0104 × 730
    ["Standard_B1s", "eastus", { B1s: 7.592 }],
  ])("%s in %s", (vmSize, region, parts) => {
    expect(quote("compute.VirtualMachine", { vmSize, power: "on", osDisk: {}, disks: [] }, region).parts).toEqual(parts);
  });

  test("with its disks; deallocated, it costs those alone", () => {
    const props = { vmSize: "Standard_D2s_v5", osDisk, disks: [{ lun: 5, diskSizeGB: 100, storageAccountType: "Premium_LRS" }] };
    // 30 GiB are charged as a P4 of 32, 100 GiB as a P10 of 128.
    expect(quote("compute.VirtualMachine", props)).toEqual({
      parts: { D2s_v5: 70.08, "P4 LRS disk": 5.28, "P10 LRS disk": 19.71 },
      missing: [],
    });
    expect(quote("compute.VirtualMachine", { ...props, power: "off" }).parts).toEqual({ "P4 LRS disk": 5.28, "P10 LRS disk": 19.71 });
  });

  test.each([
    [{ priority: "Spot" }, "eastus", "D2s_v5: spot prices change"],
    [{ vmSize: "Standard_Z9" }, "eastus", "Z9: the catalog has no price of it in eastus"],
    [{ power: "off", osDisk: { storageAccountType: "Premium_LRS" } }, "eastus", "disk: as large as what it is made from"],
  ])("%j in %s", (props, region, reason) => {
    const machine = { vmSize: "Standard_D2s_v5", osDisk, ...props };
    expect(quote("compute.VirtualMachine", machine, region).missing).toEqual([reason]);
  });

  test("in a region without prices", () => {
    const { parts, missing } = quote("compute.VirtualMachine", { vmSize: "Standard_D2s_v5", osDisk }, "ukwest");
    expect(parts).toEqual({});
    expect(missing).toEqual(["D2s_v5: the catalog has no prices of ukwest", "disk: the catalog has no prices of ukwest"]);
  });

  test("of a published plan costs what is not known", () => {
    const plan = { publisher: "resf", product: "rockylinux-x86_64", name: "9-base" };
    expect(quote("compute.VirtualMachine", { vmSize: "Standard_D2s_v5", osDisk, plan }).missing).toEqual([
      "what the publisher asks for the image",
    ]);
  });
});

test.each([
  [{ diskSizeGB: 128, sku: "Premium_LRS" }, { "P10 LRS disk": 19.71 }, []],
  [{ diskSizeGB: 129, sku: "Premium_LRS" }, {}, ["disk: the catalog has no price of P15 LRS in eastus"]],
  [{ diskSizeGB: 32, sku: "StandardSSD_LRS" }, { "E4 LRS disk": 2.4 }, ["transactions of standard disks are charged by use"]],
  [{ diskSizeGB: 1, sku: "Standard_LRS" }, { "S4 LRS disk": 1.54 }, ["transactions of standard disks are charged by use"]],
  [{ diskSizeGB: 32, sku: "Premium_ZRS" }, {}, ["disk: the catalog has no price of P4 ZRS in eastus"]],
  [{ diskSizeGB: 32, sku: "PremiumV2_LRS" }, {}, ["disk: the catalog has no price of PremiumV2_LRS in eastus"]],
])("a disk: %j", (props, parts, missing) => {
  expect(quote("compute.Disk", props)).toEqual({ parts, missing });
});

test("addresses and NAT gateways", () => {
  // 0.005 × 730, 0.045 × 730
  expect(quote("network.PublicIPAddress", {})).toEqual({ parts: { "public IPv4": 3.65 }, missing: [] });
  expect(quote("network.NatGateway", {})).toEqual({
    parts: { "NAT gateway": 32.85 },
    missing: ["data through a NAT gateway is charged by the GB"],
  });
  expect(quote("network.PublicIPAddress", {}, "westeurope").missing).toEqual(["public IPv4: the catalog has no prices of westeurope"]);
});

test("no price holds a Windows licence: within a family and region, processors cost alike", () => {
  const rates = new Map<string, number[]>();
  for (const row of priceRows.trim().split("\n")) {
    const [name = "", ...prices] = row.split("|");
    const [, letters = "", cpu = "", rest = ""] = /^Standard_([A-Z]+)(\d+)(\D.*)$/.exec(name) ?? [];
    // The smallest burstable sizes are priced by their memory.
    if (letters === "B" && (Number(cpu) < 4 || !rest.endsWith("v2"))) continue;
    for (const [at, price] of prices.entries()) {
      if (price === "") continue;
      const family = `${letters}${rest} ${pricedRegions[at]}`;
      rates.set(family, [...(rates.get(family) ?? []), Number(price) / Number(cpu)]);
    }
  }
  expect(rates.size).toBeGreaterThan(500);
  const uneven = [...rates].filter(([family, each]) => Math.max(...each) / Math.min(...each) > (family.startsWith("B") ? 1.1 : 1.2));
  expect(uneven).toEqual([]);
});
