// What is the same for every type whose resources stand in a group: how one is shown, tagged and deleted; and the steps of those of which nothing
// but tags changes in place.

import type { NativeMap, NativeValue } from "../../../engine/lower/native-value.ts";
import type { NativeSchema } from "../../../engine/provider/native-schema.ts";
import type { NativeChange, Step } from "../../../engine/provider/provider.ts";
import { known } from "../../handlers/body.ts";
import type { Described } from "../../handlers/handler.ts";
import { ownId } from "../../handlers/request.ts";
import { canonicalId } from "../arm-id.ts";
import { stateOf } from "../handler.ts";
import { type Json, textAt } from "../json.ts";
import { type Collection, collections, type OperationName } from "../operations.ts";
import { type ArmRequestOf, deleteResource, tagRequest } from "../requests.ts";
import { createStep, deleteStep, tagSteps } from "../steps.ts";
import { describeEnvelope } from "./schema-parts.ts";

/** Create with all that is desired, tag, delete. */
export function plainSteps(
  schema: NativeSchema,
  collection: Collection,
  ending: Partial<Pick<Step, "impact">> = {},
): (change: NativeChange) => readonly Step[] {
  return (change) => {
    if (change.action === "delete") return [deleteStep(`${collection}.delete`, {}, ending)];
    return [
      ...(change.id === undefined ? [createStep(`${collection}.createOrUpdate`, change.desired, "natural")] : []),
      ...tagSteps(schema, change, `${collection}.${collections[collection].tags}`),
    ];
  };
}

/** The requests that tag and that delete. */
export function plainRequests(type: string, collection: Collection): Readonly<Record<string, ArmRequestOf>> {
  const tag = `${collection}.${collections[collection].tags}` as OperationName;
  const end = `${collection}.delete` as OperationName;
  return { [tag]: tagRequest(type, collection, tag), [end]: (call) => deleteResource(call, end, ownId(call)) };
}

/** What tells a reused name from the same resource. */
export const guidOf = (resource: Json): string | undefined => textAt(resource, "properties", "resourceGuid");
export const uniqueIdOf = (resource: Json): string | undefined => textAt(resource, "properties", "uniqueId");

export interface Shown {
  readonly props?: Readonly<Record<string, NativeValue | undefined>>;
  readonly attributes?: Readonly<Record<string, NativeValue | undefined>>;
  readonly incarnation?: string | undefined;
}

/** A resource as the one object that it is: what all have, and what is its own. */
export function showResource(type: string, resource: Json, { props: own = {}, attributes = {}, incarnation }: Shown): readonly Described[] {
  const id = canonicalId(textAt(resource, "id") ?? "");
  const { props, marks } = describeEnvelope(type, id, resource);
  return [
    {
      id,
      incarnation,
      props: known({ ...props, ...own }) as NativeMap,
      attributes: known({ id, ...attributes }),
      marks,
      ...stateOf(resource),
    },
  ];
}
