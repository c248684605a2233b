// Who uses a resource, as ARM tells it by the ids of the parts that do: the message that names them is made here. Pure.

import type { Blocker } from "../../../engine/provider/provider.ts";
import { canonicalId, nameIn } from "../arm-id.ts";
import { type Json, textAt } from "../json.ts";

/** Holders by the ids of their IP configurations, or by their own. Each holder once. */
export function describeUse(parts: readonly Json[]): readonly Blocker[] {
  const holders = new Set(parts.flatMap((part) => textAt(part, "id") ?? []).map(holderOf));
  return [...holders].map((id) => ({ type: typeOf(id), id, description: `${wordFor(id)} "${nameIn(id)}"` }));
}

function holderOf(id: string): string {
  const [holder = id] = canonicalId(id).split("/ipConfigurations/");
  return holder;
}

const types: readonly (readonly [RegExp, string, string])[] = [
  [/\/networkInterfaces\/[^/]+$/, "azure.network.NetworkInterface", "network interface"],
  [/\/subnets\/[^/]+$/, "azure.network.Subnet", "subnet"],
  [/\/securityRules\/[^/]+$/, "azure.network.SecurityRule", "security rule"],
  [/\/natGateways\/[^/]+$/, "azure.network.NatGateway", "NAT gateway"],
  [/\/virtualMachines\/[^/]+$/, "azure.compute.VirtualMachine", "virtual machine"],
];

function typeOf(id: string): string {
  return types.find(([pattern]) => pattern.test(id))?.[1] ?? id.split("/").slice(6, -1).join("/");
}

function wordFor(id: string): string {
  return types.find(([pattern]) => pattern.test(id))?.[2] ?? typeOf(id);
}
