// Figures worked out by hand. Rates: machine-rates.generated.ts (us-central1 of 2026, elsewhere as recorded on 2024-11-07); the others: rates.ts, where each has
// its source.

import { describe, expect, test } from "vitest";
import { quoteFrom } from "../../../test/support/price-quotes.ts";
import { gcpPrices } from "./prices.ts";

const quote = quoteFrom(gcpPrices, "gcp.compute.", "us-central1");

const root = { deviceName: "root", boot: true, sizeGb: 20, type: "pd-balanced" };

describe("an instance", () => {
  test.each([
    // (2 × 0.02181159 + 8 × 0.00292353) × 730
    ["e2-standard-2", "us-central1", 48.9183],
    // The same as recorded of europe-west1: 0.58972368 an hour for e2-standard-16, an eighth of it × 730
    ["e2-standard-2", "europe-west1", 53.8123],
    // A quarter of a processor and 1 GiB: 0.0083764275 × 730, as the price list has it
    ["e2-micro", "us-central1", 6.1148],
    // One processor and 4 GiB: 0.03685773 × 730, as recorded
    ["e2-medium", "europe-west1", 26.9061],
    // (2 × 0.031611 + 8 × 0.004237) × 730
    ["n2-standard-2", "us-central1", 70.8961],
  ])("%s in %s", (machineType, region, monthly) => {
    expect(quote("Instance", { machineType, power: "on" }, region)).toEqual({ parts: { [machineType]: monthly }, missing: [] });
  });

  test("with a disk and an ephemeral address; off, it costs its disk", () => {
    const props = { machineType: "e2-standard-2", disks: [root], externalIp: "ephemeral" };
    // 20 × 0.10; 0.005 × 730
    expect(quote("Instance", props).parts).toEqual({ "e2-standard-2": 48.9183, "pd-balanced 20 GiB": 2, "external IPv4": 3.65 });
    expect(quote("Instance", { ...props, power: "off" })).toEqual({ parts: { "pd-balanced 20 GiB": 2 }, missing: [] });
    // A reserved address is charged as itself.
    expect(quote("Instance", { ...props, externalIp: "203.0.113.7" }).parts).not.toHaveProperty("external IPv4");
  });

  test.each([
    [{ machineType: "e2-standard-2", provisioningModel: "SPOT" }, "us-central1", "e2-standard-2: spot prices change"],
    [{ machineType: "n2-standard-2" }, "europe-west1", "n2-standard-2: the catalog has no price of it in europe-west1"],
    [{ machineType: "e2-standard-2" }, "nowhere-1", "e2-standard-2: the catalog has no prices of nowhere-1"],
    [{ machineType: "z9-tiny" }, "us-central1", "z9-tiny: the catalog does not have it"],
    [{ disks: [{ type: "pd-balanced" }], power: "off" }, "us-central1", "disk: as large as what it is made from"],
  ])("%j in %s", (props, region, reason) => {
    expect(quote("Instance", props, region)).toEqual({ parts: {}, missing: [reason] });
  });
});

test("a disk by its type and region", () => {
  expect(quote("Disk", { sizeGb: 100, type: "pd-standard" })).toEqual({ parts: { "pd-standard 100 GiB": 4 }, missing: [] });
  expect(quote("Disk", { sizeGb: 100, type: "pd-balanced" }, "europe-west2")).toEqual({
    parts: { "pd-balanced 100 GiB": 12 },
    missing: [],
  });
  expect(quote("Disk", { sizeGb: 10, type: "hyperdisk-balanced" }).missing).toEqual([
    "disk: the catalog has no price of hyperdisk-balanced in us-central1",
  ]);
});

test("a router is free until it has a NAT", () => {
  expect(quote("Router", { nats: [] })).toEqual({ parts: {}, missing: [] });
  expect(quote("Router", { nats: [{ name: "nat" }] }).missing).toEqual([
    "Cloud NAT is charged by the machines behind it and the GiB through it",
  ]);
});

test("prices outside us-central1 are older, and dated so", () => {
  expect(gcpPrices.date("us-central1")).toBe("2026");
  expect(gcpPrices.date("europe-west1")).toBe("2024-11-07");
});
