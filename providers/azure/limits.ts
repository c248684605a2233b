// Azure's documented token buckets. Every request spends from that of Resource Manager, per subscription and kind of request, and from that of
// the resource provider behind it.
// https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling

import type { RateLimit } from "../../engine/provider/provider.ts";
import { type OperationName, operations } from "./operations.ts";

type Size = readonly [capacity: number, refillPerSecond: number];

/** Of one principal on one subscription. */
const manager: Readonly<Record<"reads" | "writes" | "deletes", Size>> = {
  reads: [250, 25],
  writes: [200, 10],
  deletes: [200, 10],
};

/** Per subscription and region. Compute's buckets are refilled by the minute, and each class of request has its own. */
const providers = {
  /** 1,000 in five minutes. https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling#network-throttling */
  "Microsoft.Network writes": [1_000, 1_000 / 300],
  "Microsoft.Network reads": [10_000, 10_000 / 300],
  /** https://learn.microsoft.com/azure/virtual-machines/compute-throttling-limits */
  "Microsoft.Compute put": [1_500, 500 / 60],
  "Microsoft.Compute update": [1_500, 500 / 60],
  "Microsoft.Compute delete": [1_500, 500 / 60],
} as const satisfies Readonly<Record<string, Size>>;

export const armLimits: readonly RateLimit[] = [
  ...(["reads", "writes", "deletes"] as const).map((kind) =>
    limit(
      `subscription ${kind}`,
      manager[kind],
      namesWhere((name) => kindOf(name) === kind),
    ),
  ),
  ...Object.entries(providers).map(([bucket, size]) => ({
    ...limit(
      bucket,
      size,
      namesWhere((name) => providerOf(name) === bucket),
    ),
    cost: () => 1,
  })),
];

function limit(bucket: string, [capacity, refillPerSecond]: Size, names: readonly string[]): RateLimit {
  return { bucket, operations: names, capacity, refillPerSecond };
}

function namesWhere(test: (name: OperationName) => boolean): readonly string[] {
  return (Object.keys(operations) as OperationName[]).filter(test).map((name) => `azure:${name}`);
}

/** Actions count as writes. */
function kindOf(name: OperationName): "reads" | "writes" | "deletes" {
  const { method } = operations[name];
  return method === "GET" ? "reads" : method === "DELETE" ? "deletes" : "writes";
}

/** Deallocating counts with deletions; what compute has a bucket of its own for is about machines alone. */
function providerOf(name: OperationName): keyof typeof providers | undefined {
  const { service, method } = operations[name];
  if (service === "network") return method === "GET" ? "Microsoft.Network reads" : "Microsoft.Network writes";
  if (!name.startsWith("virtualMachines.") || method === "GET") return undefined;
  if (method === "DELETE" || name === "virtualMachines.deallocate") return "Microsoft.Compute delete";
  return method === "PUT" ? "Microsoft.Compute put" : "Microsoft.Compute update";
}
