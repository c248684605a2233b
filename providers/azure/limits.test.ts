import { expect, it } from "vitest";
import { matchLimits } from "../../engine/apply/rate-limit.ts";
import { armLimits } from "./limits.ts";
import { operations } from "./operations.ts";

const bucketsOf = (operation: string): readonly string[] => matchLimits(armLimits, operation).map((limit) => limit.bucket);

it("every request spends from Resource Manager's bucket of its kind", () => {
  for (const [name, { method }] of Object.entries(operations)) {
    const kind = method === "GET" ? "reads" : method === "DELETE" ? "deletes" : "writes";
    expect(bucketsOf(`azure:${name}`)[0]).toBe(`subscription ${kind}`);
  }
});

it.each([
  ["virtualNetworks.createOrUpdate", "Microsoft.Network writes"],
  ["securityRules.delete", "Microsoft.Network writes"],
  ["networkInterfaces.list", "Microsoft.Network reads"],
  ["virtualMachines.createOrUpdate", "Microsoft.Compute put"],
  ["virtualMachines.update", "Microsoft.Compute update"],
  ["virtualMachines.start", "Microsoft.Compute update"],
  ["virtualMachines.deallocate", "Microsoft.Compute delete"],
  ["virtualMachines.delete", "Microsoft.Compute delete"],
  ["resourceGroups.delete", undefined],
] as const)("%s spends from %s too", (operation, bucket) => {
  expect(bucketsOf(`azure:${operation}`)[1]).toBe(bucket);
});
