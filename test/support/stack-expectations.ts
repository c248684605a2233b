// What tests of whole stacks demand again and again: an apply that succeeds, a second plan that is empty, the actions of a plan by object.

import { expect } from "vitest";
import type { PlanFlags } from "../../cli/prepare-plan.ts";
import type { Plan } from "../../engine/plan/change.ts";
import type { Applied, StackRig } from "./stack-rig.ts";

/** The action by key of each change. */
export function actionsOf(plan: Plan | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((plan?.changes ?? []).map((change) => [change.key, change.action]));
}

/** Mutating requests of ours as they went over the wire, in order. */
export function mutationsOf(rig: StackRig): readonly string[] {
  return rig.requests().flatMap(({ mutating, operation, fault }) => (mutating && fault !== "out of band" ? [operation] : []));
}

/** Nothing is left to do, by what every object tells. */
export async function expectEmpty(rig: StackRig, text: string, flags: PlanFlags = {}): Promise<void> {
  const { plan, problems } = await rig.plan(text, flags);
  expect(problems).toEqual([]);
  expect(plan?.changes.map(({ key, action, props, notes }) => ({ key, action, props, notes }))).toEqual([]);
  expect(plan?.outputs).toEqual([]);
}

/** Applies without a failure; the plan after it is empty. */
export async function applyFully(rig: StackRig, text: string, flags: PlanFlags = {}): Promise<Applied> {
  const applied = await rig.apply(text, flags);
  expectDone(applied);
  await expectEmpty(rig, text);
  return applied;
}

export function expectDone({ result }: Applied): void {
  expect(result.failed.map(({ operation, error }) => `${operation.id}: ${error.message}`)).toEqual([]);
  expect(result.unresolved.map(({ operation, reason }) => `${operation.id}: ${reason}`)).toEqual([]);
  expect(result.kind).toBe("done");
}

/** Destroys the stack; nothing lives in the world after it. */
export async function expectDestroyed(rig: StackRig, text: string): Promise<void> {
  expectDone(await rig.apply(text, { destroy: true }));
  expect(rig.world().map((object) => `${object.type} ${object.id} ${object.tags["koine:address"] ?? ""}`)).toEqual([]);
}
