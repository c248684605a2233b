// The requests that carry out a change of an object of the in-process cloud, derived from its type. Pure.

import type { NativeMap, NativeValue } from "../../engine/lower/native-value.ts";
import { isSameProp } from "../../engine/plan/normalise.ts";
import type { NativeChange, Step } from "../../engine/provider/provider.ts";
import { canonical } from "../../grammar/graph/canonical.ts";
import { type MemoryType, operationOf } from "./memory-type.ts";

export function deriveMemorySteps(type: MemoryType, change: NativeChange): readonly Step[] {
  if (change.action === "delete") {
    return [{ key: "delete", operation: operationOf("Delete", type), body: {}, replay: "idempotent", impact: "data-loss", deletes: true }];
  }
  const exists = change.id !== undefined;
  const created = exists ? [] : [create(type, change.desired)];
  const names = change.action === "create" ? Object.keys(change.desired) : change.changed;
  const open = exists ? names : names.filter((name) => isSeparate(type, name));
  return [...created, ...(change.marks && type.schema.marks === "tags" ? [mark(type)] : []), ...set(type, change, open)];
}

function isSeparate(type: MemoryType, name: string): boolean {
  return (type.later?.includes(name) ?? false) || (type.memberwise?.includes(name) ?? false);
}

function create(type: MemoryType, desired: NativeMap): Step {
  const body = Object.fromEntries(Object.entries(desired).filter(([name]) => !isSeparate(type, name)));
  return {
    key: "create",
    operation: operationOf("Create", type),
    body,
    replay: type.creation.replay,
    impact: "none",
    creates: true,
    sets: Object.keys(body),
  };
}

function mark(type: MemoryType): Step {
  return { key: "mark", operation: operationOf("Tag", type), body: {}, replay: "idempotent", impact: "none", marks: true };
}

function set(type: MemoryType, change: NativeChange, names: readonly string[]): readonly Step[] {
  const steps: Step[] = [];
  for (const name of names) {
    if (type.memberwise?.includes(name)) {
      steps.push(...setMembers(type, change, name));
    } else if (change.action === "update" || isNeeded(type, change, name)) {
      const value = change.desired[name] ?? type.schema.props[name]?.default ?? null;
      steps.push(...setWhole(type, name, value));
    }
  }
  return steps;
}

/** Going on with a create: what can be seen to be so already needs no request. */
function isNeeded(type: MemoryType, change: NativeChange, name: string): boolean {
  const spec = type.schema.props[name];
  return spec === undefined || spec.writeOnly === true || !isSameProp(spec, change.desired[name], change.observed[name]);
}

function setWhole(type: MemoryType, name: string, value: NativeValue): readonly Step[] {
  const modify: Step = {
    key: `set:${name}`,
    operation: operationOf("Modify", type),
    body: { [name]: value },
    replay: "idempotent",
    impact: "none",
    sets: [name],
  };
  if (!type.whileStopped?.includes(name)) return [modify];
  const power = (verb: string): Step => ({
    key: `${verb.toLowerCase()}:${name}`,
    operation: operationOf(verb, type),
    body: {},
    replay: "idempotent",
    impact: "restart",
  });
  return [power("Stop"), { ...modify, impact: "restart" }, power("Start")];
}

/** A member that is not known yet is told by its place in the list, so that its step has one name before and after. */
function setMembers(type: MemoryType, change: NativeChange, name: string): readonly Step[] {
  const wanted = listOf(change.desired[name]);
  const present = listOf(change.observed[name]);
  const texts = new Set(present.map((member) => canonical(member)));
  const goal = new Set(wanted.map((member) => canonical(member)));
  const step = (verb: "Add" | "Remove", member: NativeValue): Step => ({
    key: `${verb.toLowerCase()}:${name}:${canonical(member)}`,
    operation: operationOf(verb, type),
    body: { prop: name, member },
    replay: verb === "Add" ? "natural" : "idempotent",
    impact: "none",
  });
  const added = wanted.filter((member) => !texts.has(canonical(member))).map((member) => step("Add", member));
  const removed = present.filter((member) => !goal.has(canonical(member))).map((member) => step("Remove", member));
  const steps = [...added, ...removed];
  const last = steps.pop();
  return last ? [...steps, { ...last, sets: [name] }] : [];
}

function listOf(value: NativeValue | undefined): readonly NativeValue[] {
  return Array.isArray(value) ? value : [];
}
