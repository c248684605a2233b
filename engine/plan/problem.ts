// What keeps a plan from being made, as data. A problem of the user or the world is never thrown.

import type { Span } from "../../grammar/source/span.ts";

export type ProblemKind =
  /** A protected object would be destroyed or replaced. */
  | "protected"
  /** Operations wait for each other. */
  | "cycle"
  /** So many objects are gone that a wrong account is likelier than a loss. */
  | "absence"
  /** The credentials speak for another account than the state. */
  | "account"
  /** The cloud did not say whether an object is there. */
  | "unknown"
  /** A prop may not be taken out of the source. */
  | "refused"
  /** Successor and predecessor claim the same thing, and the source wants both at once. */
  | "claims"
  /** `@existing` or `@adopt` names an object that is not there or is not as written. */
  | "existing"
  /** An object carries the mark of another stack. */
  | "foreign"
  /** Two resources were the same one, or an address of `--target` names nothing. */
  | "address"
  /** A value is needed that nothing in this plan will give. */
  | "missing"
  /** Known values make an expression that cannot be computed. */
  | "value"
  /** A row of a type or version that this Koine does not know. */
  | "unsupported";

export interface PlanProblem {
  readonly kind: ProblemKind;
  /** One sentence without a final period; names in backticks. */
  readonly message: string;
  readonly address?: string;
  readonly span?: Span;
  /** What to do about it. */
  readonly hint: string;
}
