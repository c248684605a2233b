import { describe, expect, test } from "vitest";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { NativeMap } from "../../engine/lower/native-value.ts";
import { graphOf, object } from "../../test/support/planning.ts";
import { describeCost, estimatePlan, estimateRevisions, judgeCost } from "./cost.ts";
import type { ReportCost } from "./report.ts";

const clouds = new Map([
  ["east", { provider: "aws", settings: { region: "us-east-1" } }],
  ["iowa", { provider: "gcp", settings: { region: "us-central1" } }],
]);

function stack(props: Readonly<Record<string, NativeMap>>): NativeGraph {
  const objects = Object.entries(props).map(([address, given]) =>
    given.machineType === undefined
      ? object(`${address}:instance`, "aws.ec2.Instance", given, { cloud: "east", provider: "aws" })
      : object(`${address}:instance`, "gcp.compute.Instance", given, { cloud: "iowa", provider: "gcp" }),
  );
  return graphOf(objects, { clouds });
}

const large = { InstanceType: "m5.large" };
const xlarge = { InstanceType: "m5.xlarge" };
const standard = { machineType: "e2-standard-2" };

describe("between two revisions", () => {
  test("by resource, the dearest difference first, and by cloud", async () => {
    const before = stack({ "machine.a": large, "machine.b": standard, "machine.same": standard });
    const after = stack({ "machine.a": xlarge, "machine.c": large, "machine.same": standard });
    // m5.large 0.096 × 730 = 70.08, m5.xlarge 0.192 × 730 = 140.16, e2-standard-2 48.9183…
    expect(await estimateRevisions(before, after)).toEqual({
      currency: "USD",
      pricedAt: "2026",
      before: 167.92,
      after: 259.16,
      byCloud: [
        { cloud: "east", before: 70.08, after: 210.24 },
        { cloud: "iowa", before: 97.84, after: 48.92 },
      ],
      lines: [
        { address: "machine.a", cloud: "east", before: 70.08, after: 140.16, what: "m5.large → m5.xlarge" },
        { address: "machine.c", cloud: "east", before: 0, after: 70.08, what: "m5.large" },
        { address: "machine.b", cloud: "iowa", before: 48.92, after: 0, what: "e2-standard-2" },
      ],
      unpriced: [],
    } satisfies ReportCost);
  });

  test("a new stack, and one that goes", async () => {
    const all = stack({ "machine.a": large });
    expect(await estimateRevisions(undefined, all)).toMatchObject({ before: 0, after: 70.08 });
    expect(await estimateRevisions(all, undefined)).toMatchObject({ before: 70.08, after: 0 });
  });

  test("nothing is said where no cloud has prices", async () => {
    expect(await estimateRevisions(undefined, graphOf([object("network.n:net", "net", {})]))).toBeUndefined();
    expect(await estimatePlan({ plan: { changes: [] }, rows: [], native: graphOf([]) })).toBeUndefined();
  });
});

const cost: ReportCost = { currency: "USD", pricedAt: "2026-08", before: 100, after: 112.4, byCloud: [], lines: [], unpriced: [] };
const gaps = [
  { type: "aws.ec2.Snapshot", count: 2, reason: "by use" },
  { type: "aws.ec2.Volume", count: 1, reason: "unknown" },
];

test("the line under a plan", () => {
  expect(describeCost(cost)).toBe("≈ +12.40 USD/month (estimate, prices of 2026-08)");
  expect(describeCost({ ...cost, unpriced: gaps })).toBe("≈ +12.40 USD/month (estimate, prices of 2026-08; 3 objects not fully priced)");
  expect(describeCost({ ...cost, after: 87.6 })).toBe("≈ −12.40 USD/month (estimate, prices of 2026-08)");
  expect(describeCost({ ...cost, after: 100 })).toBe("≈ 0.00 USD/month (estimate, prices of 2026-08)");
});

test("a budget is exceeded by more than its limit, and by nothing that has no price", () => {
  expect(judgeCost(cost, 12.4)).toEqual({ exceeded: false, increase: 12.4 });
  expect(judgeCost(cost, 12.39)).toEqual({
    exceeded: true,
    increase: 12.4,
    reason: "about +12.40 USD a month; max_monthly_increase is 12.39",
  });
  expect(judgeCost({ ...cost, after: 50, unpriced: gaps }, 0)).toEqual({ exceeded: false, increase: -50 });
  expect(judgeCost({ ...cost, unpriced: gaps }, 0).reason).toBe(
    "about +12.40 USD a month; 3 objects not fully priced; max_monthly_increase is 0",
  );
});
