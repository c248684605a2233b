// What must go before its successor is made, and cannot go while an object that stays names it: a plan that would only wait for a refusal to
// pass is not made. Pure; linear in objects and their references.

import { tagOf } from "../../grammar/graph/value.ts";
import type { NativeGraph } from "../lower/native-graph.ts";
import { isNativeRef, type NativeValue } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import type { Decision } from "./decision.ts";
import type { PlanProblem } from "./problem.ts";

export interface HeldInput {
  readonly graph: NativeGraph;
  readonly changed: ReadonlyMap<string, Decision>;
  /** The row of each object that is there, by key. */
  readonly rows: ReadonlyMap<string, ObjectRow>;
  readonly schemaOf: (provider: string, type: string) => NativeSchema | undefined;
}

export function reportHeld({ graph, changed, rows, schemaOf }: HeldInput): readonly PlanProblem[] {
  const going = new Map(
    [...changed].filter(([, one]) => one.action === "replace" && one.order === "delete-first" && !one.possible && one.row !== undefined),
  );
  if (going.size === 0) return [];
  const problems: PlanProblem[] = [];
  for (const object of graph.objects.values()) {
    const row = rows.get(object.key);
    const own = changed.get(object.key)?.action;
    if (!row || own === "replace" || own === "create") continue;
    for (const key of object.after) {
      const held = going.get(key);
      if (!held?.row || !row.after.includes(held.row.object)) continue;
      const props = schemaOf(object.provider, object.type)?.props ?? {};
      const prop = Object.keys(object.props).find((name) => props[name]?.holds && refersTo(object.props[name], key));
      if (prop === undefined) continue;
      const span = held.object.places["*"];
      problems.push({
        kind: "claims",
        message: `\`${held.object.address}\` (${held.object.role}) must be destroyed before its successor is made${because(held)}, and cannot be while \`${object.address}\` names it`,
        address: held.object.address,
        ...(span ? { span } : {}),
        hint: `replace both with \`--replace ${held.object.key} --replace ${object.key}\`, or take the reference out, apply, and put it back`,
      });
    }
  }
  return problems;
}

function because({ notes }: Decision): string {
  const note = notes.find((each) => each.startsWith("the old one goes first: "));
  return note === undefined ? "" : ` (${note.slice("the old one goes first: ".length)})`;
}

function refersTo(value: NativeValue | undefined, key: string): boolean {
  if (isNativeRef(value)) return value.object === key;
  if (value === null || typeof value !== "object" || tagOf(value) !== undefined) return false;
  return Object.values(value).some((item) => refersTo(item as NativeValue, key));
}
