// The facts of a machine that stand beside every figure measured on it.

import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** `2 cores (AMD EPYC), 24 GiB, Node 24.21.0, load 1.0 when measured`. */
export function describeMachine(): string {
  const load = loadavg()[0]?.toFixed(1);
  return `${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${load} when measured`;
}
