// Changes and operations while the plan is being built: what they are in the end, but for the order, which is still growing. Pure.

import type { NativeMap } from "../lower/native-value.ts";
import type { Impact } from "../provider/native-schema.ts";
import type { Step } from "../provider/provider.ts";
import type { Change, PlannedOperation } from "./change.ts";

/** A planned operation whose `after` may still grow, repeat itself and name what is left out later. */
export type OperationDraft = { -readonly [Field in keyof Omit<PlannedOperation, "after">]: PlannedOperation[Field] } & { after: string[] };

export interface ChangeDraft extends Omit<Change, "operations"> {
  readonly operations: readonly OperationDraft[];
}

/** Texts of claims.ts that an operation begins to claim, and lets go. */
export interface OperationClaims {
  readonly change: ChangeDraft;
  readonly operation: OperationDraft;
  readonly takes: readonly string[];
  readonly releases: readonly string[];
}

export interface DraftedChanges {
  readonly changes: readonly ChangeDraft[];
  /** By key: the operations after which the object is as desired. Two for a possible replacement with another way. */
  readonly completing: ReadonlyMap<string, readonly OperationDraft[]>;
  /** By 128-bit object id of the row that goes, forgotten ones included. */
  readonly ending: ReadonlyMap<string, OperationDraft>;
  readonly claims: readonly OperationClaims[];
  /** Of deletes whose object can go with its parent: the props that name the parent. */
  readonly deletedWith: ReadonlyMap<OperationDraft, readonly string[]>;
}

/** Where claims are compared: two clouds or regions hold nothing from each other. */
export function claimPlace(cloud: string, provider: string, settings: NativeMap): string {
  return `${provider}\n${cloud}\n${String(settings.region ?? "")}`;
}

const impacts: readonly Impact[] = ["none", "restart", "downtime", "data-loss"];

/** The worst of the requests; a gap between old and new is downtime, the end of what holds data is its loss. */
export function worstImpact(steps: readonly (readonly Step[])[], gap: boolean, losesData: boolean): Impact {
  if (losesData) return "data-loss";
  let worst = gap ? 2 : 0;
  for (const list of steps) for (const step of list) worst = Math.max(worst, impacts.indexOf(step.impact));
  return impacts[worst] ?? "none";
}
