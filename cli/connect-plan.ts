// The connection of each planned operation: the cloud as the source declares it, or as the object's own row remembers it.

import type { CloudConnection } from "../engine/apply/run-context.ts";
import { placeKey, placeOfRow } from "../engine/observe/place.ts";
import type { CloudPlace } from "../engine/observe/world.ts";
import type { Plan, PlannedOperation } from "../engine/plan/change.ts";
import { ProviderError } from "../engine/provider/errors.ts";
import type { CompiledStack } from "./compile-stack.ts";
import type { Connections } from "./connections.ts";

/** Connects to all clouds that a plan speaks to. One that cannot be reached fails its own operations only. */
export async function connectPlan(
  plan: Plan,
  stack: CompiledStack,
  connections: Connections,
): Promise<(operation: PlannedOperation) => CloudConnection | undefined> {
  const { clouds } = stack.native;
  const placeOf = (operation: PlannedOperation): CloudPlace => {
    const declared = clouds.get(operation.cloud);
    if (operation.phase !== "create" && operation.row) return placeOfRow(operation.row, clouds);
    return { name: operation.cloud, provider: operation.provider, settings: declared?.settings ?? operation.row?.settings ?? {} };
  };
  const connected = new Map<string, CloudConnection>();
  for (const change of plan.changes) {
    for (const operation of change.operations) {
      const place = placeOf(operation);
      const key = placeKey(place);
      if (connected.has(key)) continue;
      try {
        connected.set(key, await connections.connect(place));
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
      }
    }
  }
  return (operation) => connected.get(placeKey(placeOf(operation)));
}
