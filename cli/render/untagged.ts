// The tags of the stack go on every object that can carry them. This names the new objects that cannot, so that a bill or a policy by tags holds
// no surprise.

import type { Plan } from "../../engine/plan/change.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import type { Providers } from "../load-providers.ts";

/** One line, or none: `no tags on gcp.compute.Network, gcp.compute.Firewall: the vendor has none there`. */
export function describeUntagged(
  changes: readonly Pick<Plan["changes"][number], "action" | "provider" | "type">[],
  graph: ResourceGraph,
  providers: Providers,
): readonly string[] {
  if (Object.keys(graph.stack.tags).length === 0) return [];
  const types = new Set<string>();
  for (const { action, provider, type } of changes) {
    if ((action === "create" || action === "replace") && !canCarryTags(providers, provider, type)) types.add(type);
  }
  return types.size === 0 ? [] : [`Without the stack's tags, for the vendor has none on them: ${[...types].sort().join(", ")}`];
}

function canCarryTags(providers: Providers, provider: string, type: string): boolean {
  const props = providers.get(provider)?.handlers[type]?.schema.props ?? {};
  return Object.values(props).some((prop) => prop.type === "tags");
}
