// When most of what we made seems gone, a wrong account, region or permission is likelier than a loss. Then the plan stops. Pure.

import type { PlanProblem } from "../plan/problem.ts";
import type { Identity } from "../provider/provider.ts";
import type { Scope } from "./scopes.ts";
import type { Sight } from "./world.ts";

/** A problem per scope of which all rows are missing, or over half and more than three. Rows that are on their way out do not count. */
export function guardAbsence(
  scopes: readonly Scope[],
  sights: ReadonlyMap<string, Sight>,
  identities: ReadonlyMap<string, Identity>,
  acceptLoss: boolean,
): readonly PlanProblem[] {
  if (acceptLoss) return [];
  const problems: PlanProblem[] = [];
  for (const { place, types } of scopes) {
    let total = 0;
    let missing = 0;
    for (const { rows } of types.values()) {
      for (const row of rows) {
        if (row.status === "retiring" || row.existing) continue;
        total++;
        if (sights.get(row.object)?.kind === "absent") missing++;
      }
    }
    if (missing === 0 || (missing < total && (missing <= 3 || missing * 2 <= total))) continue;
    const identity = identities.get(place.name);
    const asked = identity ? `account ${identity.account} in ${identity.region}` : `\`${place.name}\``;
    problems.push({
      kind: "absence",
      message: `${missing} of ${total} objects are not in ${asked}, which \`${place.name}\` asked`,
      hint: "check that this is the right account and region; if they are really gone, go on with `--accept-loss`",
    });
  }
  return problems;
}
