// Whether a plan file may be applied now: the same plan from the same basis, once; or the rest of it, where its run was killed.

import type { BasisParts } from "../engine/plan/basis.ts";
import type { Plan } from "../engine/plan/change.ts";
import { compareBasis, comparePlanFile } from "../engine/plan/compare-plan-file.ts";
import { type DigestContext, digestBasis, digestChangeData } from "../engine/plan/digest.ts";
import type { PlanFile } from "../engine/plan/plan-file.ts";

export interface Claim {
  readonly file: PlanFile;
  readonly fresh: Plan;
  readonly basis: BasisParts;
  readonly context: DigestContext;
  /** A killed run of this very file goes on: part of it is done already. */
  readonly resumes: boolean;
}

/** Empty when it holds; else what moved, in words. */
export function judgeClaim({ file, fresh, basis, context, resumes }: Claim): readonly string[] {
  if (!resumes) return comparePlanFile(file, fresh, basis, context);
  if (digestBasis(file.basis) !== file.digest.basis || digestChangeData(file) !== file.digest.changes) {
    return ["the file was altered: its digests are not those of what it says"];
  }
  return [...compareBasis(file.basis, basis), ...findAdditions(file, fresh)];
}

/** What the rest of a killed run would send that its file never showed. */
function findAdditions(file: PlanFile, fresh: Plan): readonly string[] {
  const shown = new Set(
    file.changes.flatMap((change) =>
      change.operations.flatMap((operation) => operation.steps.map((step) => `${change.key}\n${step.operation}\n${step.key}`)),
    ),
  );
  const added = fresh.changes.flatMap((change) =>
    change.operations.flatMap((operation) =>
      operation.steps
        .filter((step) => !shown.has(`${change.key}\n${step.operation}\n${step.key}`))
        .map((step) => `\`${change.key}\` now needs ${step.operation}, which the file does not show`),
    ),
  );
  return [...new Set(added)];
}
