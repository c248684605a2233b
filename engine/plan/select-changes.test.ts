import { describe, expect, test } from "vitest";
import { inputOf, lineage, object, plan, planned, rowOf, schemaOf, settings, summary, worldOf } from "../../test/support/planning.ts";
import { nativeRef } from "../lower/native-value.ts";
import type { Marks, ObjectId } from "../provider/provider.ts";
import { describeRelease, voidRelease } from "../state/release.ts";
import type { JournalEntry } from "../state/store.ts";
import { buildPlan } from "./build-plan.ts";
import { matchesAddress } from "./select-address.ts";

const box = schemaOf("box", { props: { on: { type: "string", immutable: true }, label: { type: "string" } } });
const schemas = [box];
const a = object("network.a:o", "box", { label: "a" });
const b = object('subnet.b["x"]:o', "box", { on: nativeRef("network.a:o", "id"), label: "b" });
const c = object("machine.c[0]:o", "box", { on: nativeRef('subnet.b["x"]:o', "id"), label: "c" });
const z = object("machine.z:o", "box", { label: "z" });
const all = [a, b, c, z];
const rows = [
  rowOf(a, { label: "a" }),
  rowOf(b, { on: "id-network.a:o", label: "b" }),
  rowOf(c, { on: 'id-subnet.b["x"]:o', label: "c" }),
  rowOf(z, { label: "z" }),
];

test("what an address means", () => {
  expect(matchesAddress("machine.web[0]", "machine.web")).toBe(true);
  expect(matchesAddress("cluster.db/machine.node[0]", "cluster.db")).toBe(true);
  expect(matchesAddress("machine.web2", "machine.web")).toBe(false);
  expect(matchesAddress("machine.web", "machine.web")).toBe(true);
});

describe("--target", () => {
  test("takes what the target waits for with it", () => {
    const made = planned(all, [], { schemas, target: ["subnet.b"] });
    expect(summary(made)).toEqual(["create network.a:o", 'create subnet.b["x"]:o']);
    expect(made.leftOut).toBe(2);
  });

  test("of a delete: what has to go before", () => {
    expect(summary(planned([], rows, { schemas, target: ["subnet.b"] }))).toEqual(["delete machine.c[0]:o", 'delete subnet.b["x"]:o']);
  });

  test("an address that names nothing is a problem", () => {
    expect(plan(all, [], { schemas, target: ["machine.nope"] }).problems).toMatchObject([
      { kind: "address", message: "`machine.nope` names nothing in the source or the state" },
    ]);
  });
});

describe("--exclude", () => {
  test("leaves out what waits for it as well", () => {
    const made = planned(all, [], { schemas, exclude: ["subnet.b"] });
    expect(summary(made)).toEqual(["create machine.z:o", "create network.a:o"]);
    const operations = new Set(made.changes.flatMap((change) => change.operations.map((operation) => operation.id)));
    for (const change of made.changes)
      for (const operation of change.operations) for (const id of operation.after) expect(operations).toContain(id);
  });
});

describe("unresolved operations", () => {
  test("hold up their object and what waits for it, and nothing else", () => {
    const settled = [{ operation: "op", key: b.key, outcome: "unresolved" as const, reason: "two candidates" }];
    const made = planned(all, [], { schemas, settled });
    expect(summary(made)).toEqual(["create machine.z:o", "create network.a:o"]);
    expect(made.blocked).toEqual([
      { key: b.key, address: b.address, reason: "two candidates" },
      { key: c.key, address: c.address, reason: "it waits for an operation that is unresolved" },
    ]);
    expect(made.settled).toEqual(settled);
  });
});

describe("strays", () => {
  const [row] = rows;
  if (!row) throw new Error("no row");
  const id = { ...row.id, id: "stray-1" };
  const entry: JournalEntry = {
    operation: "op-9",
    run: "r",
    object: "o-stray",
    key: a.key,
    type: "box",
    generation: 1,
    action: "create",
    step: { key: "create", operation: "box:create", replay: "marked", creates: true },
    body: {},
    row: { ...row, object: "o-stray" },
    token: "t",
    schemaVersion: 1,
    earliestSend: 0,
    latestSend: 1,
    state: "never",
  };
  const at = (
    operations: readonly JournalEntry[],
    marks: Partial<Marks> = { lineage, operation: "op-9" },
    token?: string,
    named = false,
  ) => {
    const observed = { id, props: {}, attributes: {}, marks, ...(token ? { token } : {}) };
    const strays = [{ observed, place: { name: "mem", provider: "memory", settings } }];
    const sights = named ? { named: new Map([["box.adopted:box", { kind: "found" as const, observed, depth: "each" as const }]]) } : {};
    return buildPlan({ ...inputOf(all, rows, { schemas, operations }), observed: worldOf(rows, {}, { strays, ...sights }) }).plan;
  };

  test("one that an ended operation of ours made is deleted", () => {
    const made = at([entry]);
    expect(made?.strays).toMatchObject([{ kind: "claimed", id }]);
    expect(made?.changes).toMatchObject([
      { action: "delete", operations: [{ objectId: id, steps: [{ key: "delete" }], row: { object: "o-stray" } }] },
    ]);
  });

  test("any other is reported and left alone", () => {
    for (const operations of [
      [],
      [{ ...entry, operation: "other" }],
      [{ ...entry, type: "disk" }],
      [{ ...entry, state: "unresolved" as const }],
      [{ ...entry, state: "intended" as const }],
      // The marks were copied: the operation is known to have made another object.
      [{ ...entry, state: "happened" as const, id: "another" }],
    ]) {
      const made = at(operations);
      expect(made?.strays).toMatchObject([{ kind: "unclaimed" }]);
      expect(made?.changes).toEqual([]);
    }
  });

  test("one that was let go of is reported and left alone; its twin of the same mark was not", () => {
    const marks = { lineage, operation: "op-9", object: "o-stray" };
    const release = (one: ObjectId) => describeRelease({ ...entry.row, id: one }, { run: "r", at: 1, cause: "forget" });
    const made = { ...entry, state: "happened" as const, id: id.id };
    expect(at([made, release(id)], marks)).toMatchObject({ strays: [{ kind: "unclaimed" }], changes: [] });
    expect(at([made, voidRelease(release(id), "rollback")], marks)?.strays).toMatchObject([{ kind: "claimed" }]);
    expect(at([entry, release({ ...id, id: "first" })], marks)?.strays).toMatchObject([{ kind: "claimed" }]);
  });

  test("what the source adopts or uses by its id is no stray", () => {
    expect(at([entry], undefined, undefined, true)).toMatchObject({ strays: [], changes: [] });
  });

  test("our own client token on it outweighs another id", () => {
    expect(at([{ ...entry, state: "happened", id: "another" }], undefined, "t")?.strays).toMatchObject([{ kind: "claimed" }]);
  });
});
