// What is shown of a plan, whatever it comes from: made just now, read from a file, or compared between two revisions. Types alone.

import type { Change, Plan, PropChange } from "../../engine/plan/change.ts";

export type PropView = Omit<PropChange, "from" | "to"> & { readonly from?: unknown; readonly to?: unknown };
export type ChangeView = Omit<Change, "props" | "operations"> & { readonly props: readonly PropView[] };

export type PlanView = Omit<Plan, "changes" | "digest" | "blocked" | "leftOut" | "refreshOnly"> & {
  readonly changes: readonly ChangeView[];
  readonly blocked?: Plan["blocked"] | undefined;
  readonly leftOut?: number | undefined;
  readonly refreshOnly?: true | undefined;
  /** The revision it was compared with, where no state and no cloud was. */
  readonly against?: string | undefined;
};
