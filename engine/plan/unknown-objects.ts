// Objects of which the cloud did not say whether they are there. Not knowing is never taken for absence: it stops the plan. Pure.

import type { ObjectRow } from "../state/store.ts";
import type { PlanProblem } from "./problem.ts";

/** One problem per reason and type, so that a missing permission is one message and not a thousand. */
export function reportUnknown(unknown: readonly { readonly row: ObjectRow; readonly reason: string }[]): readonly PlanProblem[] {
  const groups = new Map<string, { readonly row: ObjectRow; readonly reason: string; count: number }>();
  for (const { row, reason } of unknown) {
    const id = `${row.type}\n${reason}`;
    const group = groups.get(id);
    if (group) group.count++;
    else groups.set(id, { row, reason, count: 1 });
  }
  return [...groups.values()].map(({ row, reason, count }) => ({
    kind: "unknown",
    message: `whether \`${row.key}\`${count > 1 ? ` and ${count - 1} more of its type` : ""} exists is not known: ${reason}`,
    address: row.address,
    hint: "mend the access and plan again; what is not known is never taken for gone",
  }));
}
