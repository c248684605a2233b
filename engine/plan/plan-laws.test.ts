// Laws of the planner over generated stacks and edits. A plan is carried out here on a model that knows only what any cloud enforces: nothing is
// made after something that is not there, nothing goes while another refers to it, no claim is held twice.

import fc from "fast-check";
import { expect, test } from "vitest";
import { inputOf, object, plan, rowOf, schemaOf } from "../../test/support/planning.ts";
import type { NativeObject } from "../lower/native-graph.ts";
import { type NativeMap, nativeRef } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import { buildPlan } from "./build-plan.ts";
import type { Plan, PlannedOperation } from "./change.ts";
import { claimsOf } from "./claims.ts";
import { finishProps } from "./finish-values.ts";

const text = { type: "string" } as const;
const fixed = { type: "string", immutable: true } as const;
const base = { p: text, f: fixed, Tags: { type: "tags" } as const };
const schemas: readonly NativeSchema[] = [
  schemaOf("soft", { props: { ...base, on: { type: "set" } } }),
  schemaOf("hard", { props: { ...base, on: { type: "list", immutable: true } } }),
  schemaOf("named", { props: { ...base, on: { type: "list", immutable: true }, name: fixed }, nameBound: "name" }),
  schemaOf("tight", { props: { ...base, on: { type: "list", immutable: true }, claim: fixed }, exclusive: [["claim"]] }),
  schemaOf("first", { props: { ...base, on: { type: "list", immutable: true } }, replacement: "delete-first" }),
];
const schemaBy = new Map(schemas.map((schema) => [schema.type, schema]));

interface Piece {
  readonly type: string;
  readonly p: string;
  readonly f: string;
  readonly tag: string;
  readonly on: readonly number[];
}

const piece: fc.Arbitrary<Piece> = fc.record({
  type: fc.constantFrom(...schemas.map((schema) => schema.type)),
  p: fc.constantFrom("1", "2"),
  f: fc.constantFrom("1", "2"),
  tag: fc.constantFrom("1", "2"),
  on: fc.uniqueArray(fc.nat(8), { maxLength: 3 }),
});

/** A stack: some of ten places, each perhaps with an object that refers to earlier places. */
const stack = fc.array(fc.option(piece, { nil: undefined, freq: 4 }), { minLength: 1, maxLength: 9 });

/** An edit keeps the type of each place, so that it is the same object with other props, or gone, or new. */
function build(pieces: readonly (Piece | undefined)[], types: readonly (Piece | undefined)[]): readonly NativeObject[] {
  const objects: NativeObject[] = [];
  for (const [index, one] of pieces.entries()) {
    if (!one) continue;
    const type = types[index]?.type ?? one.type;
    const on = one.on.filter((other) => other < index && pieces[other]).map((other) => nativeRef(`x.o${other}:o`, "id"));
    const own = type === "named" ? { name: `n${index}` } : type === "tight" ? { claim: `c${index}` } : {};
    objects.push(object(`x.o${index}:o`, type, { p: one.p, f: one.f, Tags: { t: one.tag }, ...(on.length > 0 ? { on } : {}), ...own }));
  }
  return objects;
}

/** As if it had just been applied. */
function applied(objects: readonly NativeObject[]): readonly ObjectRow[] {
  const context = { attribute: (key: string) => `id-${key}`, outputs: new Map() };
  return objects.map((one) => rowOf(one, finishProps(one.props, context).props));
}

const edits = fc.tuple(stack, stack).map(([before, after]) => ({ before: build(before, before), after: build(after, before) }));

test("the plan of a world that is as desired is empty", () => {
  fc.assert(
    fc.property(edits, ({ before }) => {
      const made = plan(before, applied(before), { schemas }).plan;
      expect(made?.changes).toEqual([]);
      expect(made?.unchanged).toBe(before.length);
    }),
  );
});

test("the plan does not depend on the order of rows and of keys", () => {
  const turn = (map: NativeMap): NativeMap => Object.fromEntries(Object.entries(map).reverse());
  fc.assert(
    fc.property(edits, ({ before, after }) => {
      const rows = applied(before);
      const one = plan(after, rows, { schemas }).plan;
      const other = plan(
        after.map((each) => ({ ...each, props: turn(each.props) })),
        [...rows].reverse().map((row) => ({ ...row, props: turn(row.props) })),
        { schemas },
      ).plan;
      expect(other?.digest).toEqual(one?.digest);
    }),
  );
});

test("operations are a directed acyclic graph, deletes after those of what stands on them", () => {
  fc.assert(
    fc.property(edits, ({ before, after }) => {
      const rows = applied(before);
      const made = planOf(after, rows);
      const order = sort(made, () => 0);
      const place = new Map(order.map((operation, index) => [operation.id, index]));
      const deletes = new Map(
        order.filter((operation) => operation.phase === "delete").map((operation) => [operation.row?.object, operation]),
      );
      for (const row of rows) {
        for (const needed of row.after) {
          const above = deletes.get(row.object);
          const below = deletes.get(needed);
          if (above && below) expect(place.get(above.id)).toBeLessThan(place.get(below.id) ?? -1);
        }
      }
    }),
  );
});

test("carried out in any order it allows, a plan breaks no rule of a cloud, and the next one is empty", () => {
  fc.assert(
    fc.property(edits, fc.infiniteStream(fc.nat(1000)), ({ before, after }, choices) => {
      const model = createModel(applied(before));
      const made = planOf(after, model.rows());
      for (const operation of sort(made, () => choices.next().value ?? 0)) model.carryOut(operation, made);
      const second = planOf(after, model.rows());
      expect(second.changes.map((change) => `${change.action} ${change.key}`)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("destroying leaves nothing", () => {
  fc.assert(
    fc.property(edits, fc.infiniteStream(fc.nat(1000)), ({ before }, choices) => {
      const model = createModel(applied(before));
      const made = buildPlan({ ...inputOf(before, model.rows(), { schemas }), destroy: true }).plan;
      if (!made) throw new Error("no plan");
      for (const operation of sort(made, () => choices.next().value ?? 0)) model.carryOut(operation, made);
      expect(model.rows()).toEqual([]);
    }),
  );
});

function planOf(objects: readonly NativeObject[], rows: readonly ObjectRow[]): Plan {
  const result = plan(objects, rows, { schemas });
  if (!result.plan) throw new Error(result.problems.map((problem) => problem.message).join("; "));
  return result.plan;
}

/** A topological order; `pick` chooses among what is ready. */
function sort(made: Plan, pick: () => number): readonly PlannedOperation[] {
  const waiting = made.changes.flatMap((change) => change.operations);
  const ids = new Set(waiting.map((operation) => operation.id));
  expect(ids.size).toBe(waiting.length);
  for (const operation of waiting) for (const id of operation.after) expect(ids).toContain(id);
  const order: PlannedOperation[] = [];
  const done = new Set<string>();
  while (order.length < waiting.length) {
    const ready = waiting.filter((operation) => !done.has(operation.id) && operation.after.every((id) => done.has(id)));
    const next = ready[pick() % Math.max(1, ready.length)];
    if (!next) throw new Error("the operations wait for each other");
    done.add(next.id);
    order.push(next);
  }
  return order;
}

interface Model {
  rows(): readonly ObjectRow[];
  carryOut(operation: PlannedOperation, made: Plan): void;
}

/** Every value that was not known turns out to be another one, so what is possible happens. */
function createModel(start: readonly ObjectRow[]): Model {
  let rows = start;
  let made = 0;
  const current = (key: string): ObjectRow | undefined => rows.find((row) => row.key === key && row.status === "current");
  const context = { attribute: (key: string, name: string) => current(key)?.attributes[name], outputs: new Map() };
  const schemaOfType = (type: string): NativeSchema => schemaBy.get(type) ?? schemaOf(type, { props: {} });
  const claims = (row: ObjectRow): readonly string[] => claimsOf(schemaOfType(row.type), row.props, "").map((claim) => claim.text);

  const settle = (row: ObjectRow): void => {
    const ids = new Set(rows.map((other) => other.id.id));
    for (const id of (row.props.on ?? []) as readonly string[])
      if (!ids.has(id)) throw new Error(`${row.id.id} refers to ${id}, which is not there`);
    for (const other of rows) {
      if (other.object === row.object) continue;
      const both = claims(other).find((claim) => claims(row).includes(claim));
      if (both !== undefined) throw new Error(`${row.id.id} and ${other.id.id} both claim ${both}`);
    }
  };
  const write = (operation: PlannedOperation, row: ObjectRow): void => {
    const { props, waitsFor } = finishProps(operation.record ?? operation.desired, context);
    if (waitsFor.size > 0) throw new Error(`${operation.id} needs what is not known: ${[...waitsFor.keys()].join()}`);
    const after = (operation.becomes?.after ?? []).map((key) => current(key)?.object ?? "missing");
    const { formerly } = operation.becomes ?? {};
    const written = { ...row, props, after, ...(formerly ? { formerly } : {}) };
    rows = [...rows.filter((other) => other.object !== row.object), written];
    settle(written);
  };

  return {
    rows: () => rows,
    carryOut(operation, plan) {
      if (operation.when === "kept") return;
      const { row } = operation;
      switch (operation.phase) {
        case "create": {
          const id = `new-${made++}`;
          rows = rows.map((other) =>
            other.key === operation.key && other.status === "current" ? { ...other, status: "retiring" } : other,
          );
          const from = rowOf(
            object(operation.key, operation.type, {}),
            {},
            { object: `o-${id}`, generation: operation.generation, attributes: { id } },
          );
          write(operation, { ...from, id: { ...from.id, id } });
          return;
        }
        case "update":
          if (row) write(operation, rows.find((other) => other.object === row.object) ?? row);
          return;
        case "delete": {
          const change = plan.changes.find((one) => one.operations.includes(operation));
          const users = rows.filter((other) => ((other.props.on ?? []) as readonly string[]).includes(row?.id.id ?? ""));
          // What goes first is gone before those that can be re-pointed are.
          const holding = users.filter((other) => !(other.type === "soft" && change?.order === "delete-first"));
          if (holding.length > 0) throw new Error(`${row?.id.id} goes while ${holding.map((other) => other.id.id).join()} stand on it`);
          rows = rows.filter((other) => other.object !== row?.object);
          return;
        }
        default:
          throw new Error(`no ${operation.phase} is planned here`);
      }
    },
  };
}
