// Another hand's request in a fault plan: `{ operation: "PUT", parameters: { path, body } }`. `@newest:virtualMachines` in a path stands for the id
// of what was made last, `@self` for the path of the request that it comes before.

import type { ArmRequest } from "./dispatch.ts";
import { TYPES } from "./types.ts";
import type { World } from "./world.ts";

/** Throws an Error for a request that the plan does not describe. */
export function readMeanwhile(
  world: World,
  before: ArmRequest,
  effect: { readonly operation: string; readonly parameters?: Readonly<Record<string, string>> },
): ArmRequest {
  const { path = "@self", body, ...query } = effect.parameters ?? {};
  const type = /^@newest:(\w+)/.exec(path)?.[1];
  const rest = type === undefined ? path.replace("@self", before.path) : path.replace(`@newest:${type}`, findNewest(world, type));
  return {
    method: effect.operation.toUpperCase(),
    path: rest,
    query: new URLSearchParams({ "api-version": before.query.get("api-version") ?? "", ...query }),
    body: body === undefined ? undefined : (JSON.parse(body) as unknown),
    preconditions: {},
    origin: before.origin,
  };
}

function findNewest(world: World, noun: string): string {
  const type = [...TYPES.values()].find((one) => one.noun === noun);
  if (type === undefined) throw new Error(`fault plan: there is no resource type ${noun}`);
  return [...world.by("resource", "type", type.type)].sort((a, b) => b.n - a.n)[0]?.armId ?? "";
}
