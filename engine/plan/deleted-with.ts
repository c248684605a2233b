// Objects that go with their parent (a route with its table): deleting the parent ends them, so they need no request of their own. Pure but for
// emptying the steps of such drafts.

import type { ObjectRow } from "../state/store.ts";
import type { DraftedChanges, OperationDraft } from "./operation-draft.ts";

/**
 * By id of a delete: the delete of the parent that it goes with. Its steps are emptied; its row goes after the parent's.
 */
export function findCompanions(
  rows: readonly ObjectRow[],
  { ending, deletedWith }: DraftedChanges,
  ownDelete: ReadonlySet<string>,
): ReadonlyMap<string, OperationDraft> {
  const companions = new Map<string, OperationDraft>();
  if (deletedWith.size === 0) return companions;
  for (const row of rows) {
    const operation = ending.get(row.object);
    const props = operation && deletedWith.get(operation);
    if (!props || operation.when !== undefined || ownDelete.has(operation.id)) continue;
    const parent = findParent(row, props, ending);
    if (!parent) continue;
    companions.set(operation.id, parent);
    operation.steps = [];
  }
  return companions;
}

/** Only a parent that is certain to go takes others with it. */
function findParent(row: ObjectRow, props: readonly string[], ending: ReadonlyMap<string, OperationDraft>): OperationDraft | undefined {
  const ids = new Set(props.map((prop) => row.props[prop]).filter((value) => typeof value === "string"));
  for (const object of row.after) {
    const parent = ending.get(object);
    if (parent?.phase !== "delete" || parent.when !== undefined || !parent.row) continue;
    if (ids.has(parent.row.id.id) || Object.values(parent.row.attributes).some((value) => typeof value === "string" && ids.has(value)))
      return parent;
  }
  return undefined;
}
