// Whether a plan file may be applied now: the same plan from the same basis, once; or the rest of it, where its run was killed.

import { findAdditions } from "../engine/apply/shown-requests.ts";
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
  return [...compareBasis(file.basis, basis), ...findAdditions(file, fresh, "the file")];
}
