// The words for one object's change and for counts, shared by every rendering of a plan. Pure; styles and places are the rendering's own.

import type { Action, Change } from "../../engine/plan/change.ts";
import { describeDifference } from "../render/prop-change.ts";
import type { PropView } from "./plan-view.ts";

export const signs: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  adopt: "=",
  forget: "x",
  rename: ">",
};

/** What waits for a value can turn out to be what is there already. */
export function describeForce(prop: Pick<PropView, "waitsFor">): "forces" | "may force" {
  return prop.waitsFor && prop.waitsFor.length > 0 ? "may force" : "forces";
}

/** `aws.ec2.Instance instance (new one first)`, in parts. */
export function describeObject(change: Pick<Change, "type" | "role" | "action" | "order" | "possible">): readonly string[] {
  const words = [change.type, change.role];
  if (change.action === "replace" && change.order) words.push(change.order === "create-first" ? "(new one first)" : "(old one goes first)");
  if (change.possible) words.push("(perhaps: depends on values known at apply)");
  return words;
}

type PropWords = Pick<PropView, "prop" | "from" | "to" | "secret" | "forces" | "cause" | "waitsFor">;

/** What changes of one prop, a text per difference; a secret is named, never shown. */
export function describeProp(prop: PropWords, format?: (value: unknown) => string): readonly string[] {
  if (prop.secret) return [`${prop.prop} (secret) changes`];
  if (prop.from === undefined && prop.to === undefined) return [prop.prop];
  return describeDifference(prop.prop, prop.from, prop.to, format);
}

/** Why it changes and what it brings about, in parts; `place` is where the author wrote it. */
export function describeCause(prop: PropWords, place?: string): readonly string[] {
  const words: string[] = [];
  if (prop.forces !== undefined) words.push(`${describeForce(prop)} replacement: ${prop.forces}${place ? `, ${place}` : ""}`);
  if (prop.cause === "drift") words.push("drift");
  if (prop.cause === "both") words.push("edited and drifted");
  if (prop.waitsFor && prop.waitsFor.length > 0) words.push(`waits for ${prop.waitsFor.join(", ")}`);
  return words;
}

export type ActionCounts = Readonly<Record<Action, number>>;

/** Objects, not resources. */
export function countActions(changes: readonly { readonly action: Action }[]): ActionCounts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, forget: 0, rename: 0 };
  for (const { action } of changes) counts[action]++;
  return counts;
}

export interface CountedPlan {
  readonly counts: ActionCounts;
  readonly unchanged: number;
  /** Absent: nothing was left out on purpose. */
  readonly leftOut?: number | undefined;
  readonly refreshOnly?: true | undefined;
}

/** `3 to create, 1 to replace, 0 to destroy, 14 unchanged, 2 left out`, counting objects. */
export function describeCounts({ counts, unchanged, leftOut, refreshOnly }: CountedPlan): string {
  const rest = [`${unchanged} unchanged`, ...(leftOut === undefined ? [] : [`${leftOut} left out`])];
  if (refreshOnly) return [`${counts.update} to record`, `${counts.forget} gone`, ...rest].join(", ");
  const words = [`${counts.create} to create`, `${counts.replace} to replace`, `${counts.delete} to destroy`];
  if (counts.update > 0) words.splice(1, 0, `${counts.update} to update`);
  for (const action of ["adopt", "rename", "forget"] as const) if (counts[action] > 0) words.push(`${counts[action]} to ${action}`);
  return [...words, ...rest].join(", ");
}
