// Figures worked out by hand. Hourly prices: the price list of us-east-1 (instance-prices.generated.ts, 2026-08); the others: rates.ts, where each has its
// source.

import { describe, expect, test } from "vitest";
import { quoteFrom } from "../../../test/support/price-quotes.ts";
import { awsPrices } from "./prices.ts";

const quote = quoteFrom(awsPrices, "aws.ec2.", "us-east-1");

const root = { DeviceName: "/dev/sda1", VolumeSize: 20, VolumeType: "gp3" };

describe("an instance", () => {
  test("m5.large with 20 GiB and a public address", () => {
    // 0.096 × 730; 20 × 0.08; 0.005 × 730
    expect(quote("Instance", { InstanceType: "m5.large", Disks: [root], AssociatePublicIpAddress: true, Power: "on" })).toEqual({
      parts: { "m5.large": 70.08, "gp3 20 GiB": 1.6, "public IPv4": 3.65 },
      missing: [],
    });
  });

  test("t4g.micro without a public address", () => {
    // 0.0084 × 730
    expect(quote("Instance", { InstanceType: "t4g.micro", AssociatePublicIpAddress: false })).toEqual({
      parts: { "t4g.micro": 6.132 },
      missing: [],
    });
  });

  test("that is off costs its disks", () => {
    const props = { InstanceType: "m5.large", Disks: [root], AssociatePublicIpAddress: true, Power: "off" };
    expect(quote("Instance", props)).toEqual({ parts: { "gp3 20 GiB": 1.6 }, missing: [] });
  });

  test("of another region has no price, though one is known elsewhere", () => {
    expect(quote("Instance", { InstanceType: "m5.large", Disks: [root], AssociatePublicIpAddress: true }, "eu-west-1")).toEqual({
      parts: { "public IPv4": 3.65 },
      missing: ["m5.large: the catalog has no prices of eu-west-1", "volume: the catalog has no prices of eu-west-1"],
    });
  });

  test.each([
    [{ InstanceMarketOptions: { MarketType: "spot" } }, "m5.large: spot prices change by the hour"],
    [{ Tenancy: "dedicated" }, "m5.large: the catalog has no prices of dedicated hardware"],
    [{ InstanceType: "m99.large" }, "m99.large: the catalog has no price of it in us-east-1"],
    [{ Disks: [{ VolumeType: "gp3" }], Power: "off" }, "volume: as large as what it is made from"],
  ])("%j", (props, reason) => {
    expect(quote("Instance", { InstanceType: "m5.large", ...props })).toEqual({ parts: {}, missing: [reason] });
  });

  test("with detailed monitoring costs more than is known", () => {
    expect(quote("Instance", { InstanceType: "m5.large", Monitoring: true }).missing).toEqual([
      "detailed monitoring is charged by the metric",
    ]);
  });
});

describe("a volume", () => {
  test.each([
    // 100 × 0.08
    [{ Size: 100, VolumeType: "gp3" }, { "gp3 100 GiB": 8 }],
    // 3,000 IOPS and 125 MiB/s are included: 500 × 0.08; 3,000 × 0.005; 125 × 0.04
    [
      { Size: 500, VolumeType: "gp3", Iops: 6_000, Throughput: 250 },
      { "gp3 500 GiB": 40, "gp3 3000 IOPS more": 15, "gp3 125 MiB/s more": 5 },
    ],
    [{ Size: 500, VolumeType: "gp3", Iops: 3_000, Throughput: 125 }, { "gp3 500 GiB": 40 }],
    // 2,048 × 0.045
    [{ Size: 2_048, VolumeType: "st1" }, { "st1 2048 GiB": 92.16 }],
  ])("%j", (props, parts) => {
    expect(quote("Volume", props)).toEqual({ parts, missing: [] });
  });

  test("of a sort without a price says so; a magnetic one costs by use besides", () => {
    expect(quote("Volume", { Size: 10, VolumeType: "io2" })).toEqual({
      parts: {},
      missing: ["volume: the catalog has no price of io2 in us-east-1"],
    });
    // 20 × 0.05
    expect(quote("Volume", { Size: 20, VolumeType: "standard" })).toEqual({
      parts: { "standard 20 GiB": 1 },
      missing: ["requests to magnetic volumes are charged by use"],
    });
  });
});

test("a NAT gateway costs by the hour, and by use; an address everywhere the same", () => {
  // 0.045 × 730
  expect(quote("NatGateway", {})).toEqual({
    parts: { "NAT gateway": 32.85 },
    missing: ["data through a NAT gateway is charged by the GB"],
  });
  expect(quote("NatGateway", {}, "eu-west-1").parts).toEqual({});
  expect(quote("Eip", {}, "eu-west-1")).toEqual({ parts: { "public IPv4": 3.65 }, missing: [] });
  expect(quote("Eip", {}, "cn-north-1").parts).toEqual({});
  expect(quote("Snapshot", {}).missing).toEqual(["snapshots are charged by the data they hold"]);
});
