// The change that ends an object or lets go of it. Pure.

import type { Removal } from "./decision.ts";
import { type ChangeDraft, type OperationDraft, worstImpact } from "./operation-draft.ts";

export function draftRemoval({ row, handler, action, reason, sight, note }: Removal): ChangeDraft {
  const observed = sight.kind === "found" ? sight.observed.props : {};
  const attributes = sight.kind === "found" ? sight.observed.attributes : {};
  const { key, address, role, type, cloud, provider, generation, id } = row;
  const steps =
    action === "forget" ? [] : handler.steps({ action: "delete", desired: {}, observed, attributes, changed: [], id, generation });
  const operation: OperationDraft = {
    // A stray may bear the key and generation of an object that is there.
    id: `${key}@${generation}:${action}${reason === "stray" ? `:${id.id}` : ""}`,
    phase: action,
    key,
    type,
    provider,
    cloud,
    generation,
    row,
    desired: {},
    observed,
    attributes,
    changed: [],
    objectId: id,
    steps,
    after: [],
  };
  // What is not there needs no word that it was let go of; if it shows again, it may go.
  if (action === "forget" && sight.kind !== "absent") operation.releases = true;
  const text = note ?? noteOf(reason);
  return {
    key,
    address,
    role,
    type,
    cloud,
    provider,
    action,
    props: [],
    impact: action === "forget" ? "none" : worstImpact([steps], false, handler.schema.dataBearing === true),
    operations: [operation],
    ...(text ? { notes: [text] } : {}),
  };
}

function noteOf(reason: Removal["reason"]): string | undefined {
  switch (reason) {
    case "retiring":
      return "its successor exists";
    case "moved":
      return "its resource is placed elsewhere now";
    case "stray":
      return "made by an earlier run that was interrupted, and known to no row";
    default:
      return undefined;
  }
}
