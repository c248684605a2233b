import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { gceLimits } from "./limits.ts";

const source = readFileSync(new URL("operations.ts", import.meta.url), "utf8");
const operations = [...source.matchAll(/"(\w+\.\w+)": \{/g)].map((match) => `gcp:${match[1]}`);

it("has one bucket for each operation", () => {
  expect(operations.length).toBeGreaterThan(60);
  for (const operation of operations) {
    expect([operation, gceLimits.filter((limit) => limit.operations.includes(operation)).length]).toEqual([operation, 1]);
  }
});

it("lets no more through in any minute than the quota has", () => {
  for (const { bucket, capacity, refillPerSecond } of gceLimits) {
    const most = capacity + 60 * refillPerSecond;
    expect([bucket, [375, 750, 1_500].some((quota) => Math.abs(quota - most) < 1e-6)]).toEqual([bucket, true]);
  }
});

it("counts images and snapshots against a quota of their own", () => {
  const group = gceLimits.find((limit) => limit.operations.includes("gcp:snapshots.insert"));
  expect(group?.operations).toContain("gcp:images.setLabels");
  expect(group?.operations).not.toContain("gcp:disks.insert");
});
