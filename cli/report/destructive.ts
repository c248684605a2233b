// What a reviewer must see whatever else is folded or left out: the end of an object, or of what it holds. Pure.

import type { Action } from "../../engine/plan/change.ts";
import type { PlanReport, ReportChange, ReportGroup } from "./report.ts";

export function isDestructiveChange({ action, impact }: Pick<ReportChange, "action" | "impact">): boolean {
  return isEnding(action) || impact === "data-loss";
}

/** Of a resource: also when only a part of it goes. */
export function isDestructive(group: Pick<ReportGroup, "action" | "changes">): boolean {
  return isEnding(group.action) || group.changes.some(isDestructiveChange);
}

/** Whether anything is destroyed or replaced, or loses data. */
export function holdsDestruction({ groups }: Pick<PlanReport, "groups">): boolean {
  return groups.some(isDestructive);
}

function isEnding(action: Action): boolean {
  return action === "delete" || action === "replace";
}
