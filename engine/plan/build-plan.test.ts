import { describe, expect, test } from "vitest";
import { tag } from "../../grammar/graph/value.ts";
import {
  changeOf,
  graphOf,
  handlerFor,
  inputOf,
  keeper,
  lineage,
  object,
  operationsOf,
  plan,
  planned,
  rowOf,
  schemaOf,
  seen,
  settings,
  summary,
  waitsFor,
  worldOf,
} from "../../test/support/planning.ts";
import { nativeRef } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { ObjectRow } from "../state/store.ts";
import { buildPlan } from "./build-plan.ts";
import { rowProps } from "./row-props.ts";

const net: NativeSchema = schemaOf("net", {
  props: { cidr: { type: "string", immutable: true }, label: { type: "string" }, Tags: { type: "tags" } },
});
const sub: NativeSchema = schemaOf("sub", { props: { net: { type: "string", immutable: true }, label: { type: "string" } } });
const box: NativeSchema = schemaOf("box", {
  props: { sub: { type: "string", immutable: true }, fire: { type: "set" }, size: { type: "string" }, name: { type: "string" } },
  attributes: { id: { type: "string" }, ip: { type: "string", changesWith: ["size"] } },
});
const disk: NativeSchema = schemaOf("disk", { props: { size: { type: "int" } }, dataBearing: true });
const schemas = [net, sub, box, disk];

const n = object("network.n:net", "net", { cidr: "10/8", label: "n" });
const s = object("subnet.s:sub", "sub", { net: nativeRef("network.n:net", "id"), label: "s" });
const b = object("machine.b:box", "box", { sub: nativeRef("subnet.s:sub", "id"), size: "m" });
const nRow = rowOf(n, { cidr: "10/8", label: "n" });
const sRow = rowOf(s, { net: "id-network.n:net", label: "s" });
const bRow = rowOf(b, { sub: "id-subnet.s:sub", size: "m" });
const all = [n, s, b];
const rows = [nRow, sRow, bRow];

describe("actions", () => {
  test("nothing to do: an empty plan that counts", () => {
    const made = planned(all, rows, { schemas });
    expect(made.changes).toEqual([]);
    expect(made.unchanged).toBe(3);
  });

  test("create, each after what it refers to", () => {
    const made = planned(all, [], { schemas });
    expect(summary(made)).toEqual(["create machine.b:box", "create network.n:net", "create subnet.s:sub"]);
    const operations = operationsOf(made);
    expect(operations.get("machine.b:box@1:create")?.after).toEqual(["subnet.s:sub@1:create"]);
    expect(operations.get("subnet.s:sub@1:create")?.steps[0]?.body).toEqual({ net: nativeRef("network.n:net", "id"), label: "s" });
    expect(changeOf(made, "subnet.s:sub").props[1]).toMatchObject({ prop: "net", cause: "deferred", waitsFor: ["network.n:net.id"] });
    expect(operations.get("network.n:net@1:create")?.becomes).toMatchObject({
      address: "network.n",
      role: "net",
      settings,
      after: [],
      schemaVersion: 1,
    });
  });

  test("update", () => {
    const made = planned([{ ...n, props: { ...n.props, label: "x" } }, s, b], rows, { schemas });
    expect(summary(made)).toEqual(["update network.n:net"]);
    const [operation] = changeOf(made, "network.n:net").operations;
    expect(operation).toMatchObject({ id: "network.n:net@1:update", changed: ["label"], objectId: nRow.id, row: nRow });
    expect(operation?.steps.map((step) => step.key)).toEqual(["set:label"]);
  });

  test("delete what is gone from the source, dependents first", () => {
    const made = planned([], rows, { schemas });
    expect(summary(made)).toEqual(["delete machine.b:box", "delete network.n:net", "delete subnet.s:sub"]);
    expect(operationsOf(made).get("network.n:net@1:delete")?.after).toEqual(["subnet.s:sub@1:delete"]);
    expect(waitsFor(made, "network.n:net@1:delete", "machine.b:box@1:delete")).toBe(true);
  });

  test("what is gone from the source and from the cloud is only forgotten", () => {
    const made = planned([n, s], rows, { schemas, observed: worldOf(rows, { [bRow.object]: { kind: "absent" } }) });
    expect(summary(made)).toEqual(["forget machine.b:box"]);
    expect(changeOf(made, "machine.b:box").operations[0]?.steps).toEqual([]);
  });

  test("destroy: everything, in order, whatever the source says", () => {
    const made = planned(all, rows, { schemas, destroy: true });
    expect(made.changes.map((change) => change.action)).toEqual(["delete", "delete", "delete"]);
    expect(made.destroy).toBe(true);
    expect(waitsFor(made, "network.n:net@1:delete", "machine.b:box@1:delete")).toBe(true);
  });

  test("deleted out of band: made again, what refers to it possibly replaced", () => {
    const made = planned(all, rows, { schemas, observed: worldOf(rows, { [sRow.object]: { kind: "absent" } }) });
    expect(summary(made)).toEqual(["create subnet.s:sub", "replace machine.b:box"]);
    const gone = changeOf(made, "subnet.s:sub");
    expect(gone.operations.map((operation) => operation.id)).toEqual(["subnet.s:sub@1:forget", "subnet.s:sub@1:create"]);
    expect(gone.operations[1]?.after).toContain("subnet.s:sub@1:forget");
    expect(gone.operations[1]?.becomes?.formerly).toEqual([sRow.object]);
    expect(changeOf(made, "machine.b:box")).toMatchObject({ possible: true });
  });

  test("unknown stops the plan, once per reason and type", () => {
    const reason = "denied";
    const second = object("subnet.t:sub", "sub", { net: nativeRef("network.n:net", "id"), label: "t" });
    const secondRow = rowOf(second, { net: "id-network.n:net", label: "t" });
    const result = plan([...all, second], [...rows, secondRow], {
      schemas,
      observed: worldOf([...rows, secondRow], {
        [sRow.object]: { kind: "unknown", reason },
        [secondRow.object]: { kind: "unknown", reason },
      }),
    });
    expect(result.plan).toBeUndefined();
    expect(result.problems).toMatchObject([{ kind: "unknown", message: expect.stringContaining("and 1 more of its type") }]);
  });

  test("problems of the look stop the plan too", () => {
    const problem = { kind: "account", message: "another account", hint: "x" } as const;
    expect(plan(all, rows, { schemas, observed: worldOf(rows, {}, { problems: [problem] }) }).problems).toEqual([problem]);
  });

  test("an interrupted create goes on where it stopped", () => {
    const failed = { ...bRow, status: "failed" as const };
    const made = planned(all, [nRow, sRow, failed], {
      schemas,
      observed: worldOf([nRow, sRow, failed], { [failed.object]: seen(failed, { sub: "id-subnet.s:sub" }) }),
    });
    const change = changeOf(made, "machine.b:box");
    expect(change.action).toBe("create");
    expect(change.operations).toMatchObject([{ phase: "create", row: failed, objectId: failed.id, observed: { sub: "id-subnet.s:sub" } }]);
  });

  test("an object that the cloud calls broken is replaced", () => {
    const made = planned(all, rows, {
      schemas,
      observed: worldOf(rows, { [bRow.object]: seen(bRow, bRow.props, { broken: "state failed" }) }),
    });
    expect(changeOf(made, "machine.b:box")).toMatchObject({ action: "replace", props: [{ cause: "drift", forces: "state failed" }] });
  });

  test("a newer row and an unknown type are refused", () => {
    expect(plan(all, [{ ...nRow, schemaVersion: 2 }, sRow, bRow], { schemas }).problems).toMatchObject([{ kind: "unsupported" }]);
    expect(plan(all, rows, { schemas: [net, sub] }).problems).toMatchObject([
      { kind: "unsupported", message: expect.stringContaining("`box`") },
    ]);
  });

  test("an older row is upgraded before it is compared", () => {
    const upgraded = {
      ...net,
      version: 2,
      upgrade: { 1: ({ name, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, label: name }) as ObjectRow["props"] },
    };
    const old = { ...nRow, props: { cidr: "10/8", name: "n" } };
    expect(
      planned([n], [old], { schemas: [upgraded], observed: worldOf([old], { [old.object]: seen(old, { cidr: "10/8", label: "n" }) }) })
        .changes,
    ).toEqual([]);
  });
});

describe("moves and leftovers", () => {
  const clouds = new Map([
    ["mem", { provider: "memory", settings }],
    ["far", { provider: "memory", settings: { region: "far-2" } }],
  ]);

  test("to another cloud: made there, then deleted here", () => {
    const moved = object("network.n:net", "net", n.props, { cloud: "far" });
    const made = buildPlan({ ...inputOf([moved], [nRow], { schemas }), graph: graphOf([moved], { clouds }) }).plan;
    if (!made) throw new Error("no plan");
    expect(summary(made)).toEqual(["create network.n:net", "delete network.n:net"]);
    expect(waitsFor(made, "network.n:net@1:delete", "network.n:net@1:create")).toBe(true);
    expect(made.changes.find((change) => change.action === "delete")?.notes).toEqual(["its resource is placed elsewhere now"]);
  });

  test("to a cloud where it has other roles: all of it is made there before any of it goes here", () => {
    const elsewhere = [
      object("network.n:box", "net", n.props, { cloud: "far" }),
      object("network.n:lid", "net", n.props, { cloud: "far" }),
    ];
    const made = buildPlan({ ...inputOf(elsewhere, [nRow], { schemas }), graph: graphOf(elsewhere, { clouds }) }).plan;
    if (!made) throw new Error("no plan");
    expect(summary(made)).toEqual(["create network.n:box", "create network.n:lid", "delete network.n:net"]);
    for (const role of ["box", "lid"]) expect(waitsFor(made, "network.n:net@1:delete", `network.n:${role}@1:create`)).toBe(true);
    expect(made.changes.find((change) => change.action === "delete")?.notes).toEqual(["its resource is placed elsewhere now"]);
    // A role that its resource no longer has in the same place waits for nothing.
    const here = [object("network.n:box", "net", n.props)];
    const replaced = buildPlan({ ...inputOf(here, [nRow], { schemas }), graph: graphOf(here, { clouds }) }).plan;
    expect(replaced?.changes.find((change) => change.action === "delete")?.notes).toBeUndefined();
  });

  test("a new region of the same cloud moves what is bound to it, not what is global", () => {
    const elsewhere = graphOf([n], { clouds: new Map([["mem", { provider: "memory", settings: { region: "far-2" } }]]) });
    const at = (row: ObjectRow) =>
      buildPlan({ ...inputOf([n], [row], { schemas }), graph: elsewhere }).plan?.changes.map((change) => change.action);
    expect(at(nRow)).toEqual(["create", "delete"]);
    expect(at({ ...nRow, id: { ...nRow.id, region: "global" } })).toEqual([]);
  });

  test("a cloud of another region that is placed on instead moves nothing global, unless it is another account's", () => {
    const moved = object("network.n:net", "net", n.props, { cloud: "far" });
    const global = { ...nRow, id: { ...nRow.id, region: "global" } };
    const at = (far: Readonly<Record<string, string>>) =>
      buildPlan({
        ...inputOf([moved], [global], { schemas }),
        graph: graphOf([moved], { clouds: new Map([...clouds, ["far", { provider: "memory", settings: far }]]) }),
      }).plan?.changes.map((change) => change.action);
    expect(at({ region: "far-2" })).toEqual([]);
    expect(at({ region: "far-2", project: "another" })).toEqual(["create", "delete"]);
  });

  test("a cloud that only has a new name moves nothing", () => {
    const graph = graphOf([object("network.n:net", "net", n.props, { cloud: "main" })], {
      clouds: new Map([["main", { provider: "memory", settings }]]),
    });
    expect(buildPlan({ ...inputOf([], [nRow], { schemas }), graph }).plan?.changes).toEqual([]);
  });

  test("rows of a removed cloud block are deleted by their own settings", () => {
    const made = buildPlan({ ...inputOf([], [nRow], { schemas }), graph: graphOf([], { clouds: new Map() }) }).plan;
    expect(made?.changes).toMatchObject([{ action: "delete", operations: [{ row: { settings } }] }]);
  });

  test("retiring rows are deleted, absent ones forgotten", () => {
    const old = { ...rowOf(b, bRow.props), object: "o-old", status: "retiring" as const, id: { ...bRow.id, id: "old" } };
    const current = rowOf(b, bRow.props, { generation: 2 });
    const made = planned(all, [nRow, sRow, old, current], { schemas });
    expect(made.changes).toMatchObject([
      { action: "delete", key: "machine.b:box", notes: ["its successor exists"], operations: [{ id: "machine.b:box@1:delete", row: old }] },
    ]);
    expect(made.unchanged).toBe(3);
    const gone = planned(all, [nRow, sRow, old, current], {
      schemas,
      observed: worldOf([nRow, sRow, old, current], { "o-old": { kind: "absent" } }),
    });
    expect(gone.changes).toMatchObject([{ action: "forget" }]);
  });

  test("two generations both standing: the newer one counts, unless it is not there", () => {
    const newer = rowOf(b, bRow.props, { generation: 2, status: "failed" });
    const made = planned(all, [nRow, sRow, bRow, newer], { schemas });
    expect(summary(made)).toEqual(["create machine.b:box", "delete machine.b:box"]);
    expect(waitsFor(made, "machine.b:box@1:delete", "machine.b:box@2:create")).toBe(true);
    const absent = planned(all, [nRow, sRow, bRow, newer], {
      schemas,
      observed: worldOf([nRow, sRow, bRow, newer], { [newer.object]: { kind: "absent" } }),
    });
    expect(absent.changes).toMatchObject([{ action: "forget", operations: [{ id: "machine.b:box@2:forget" }] }]);
  });
});

describe("marks", () => {
  test("a stripped mark is drift, and is mended", () => {
    const made = planned(all, rows, { schemas, observed: worldOf(rows, { [nRow.object]: seen(nRow, nRow.props, { marks: {} }) }) });
    expect(changeOf(made, "network.n:net")).toMatchObject({
      action: "update",
      props: [{ cause: "mark" }],
      operations: [{ marks: true, steps: [{ key: "mark", marks: true }] }],
    });
  });

  test("the mark of another stack is nobody's to overwrite", () => {
    const observed = worldOf(rows, { [nRow.object]: seen(nRow, nRow.props, { marks: { lineage: "f".repeat(32) } }) });
    expect(plan(all, rows, { schemas, observed }).problems).toMatchObject([{ kind: "foreign" }]);
  });

  test("a type that cannot write it again: a warning, and no endless plan", () => {
    const mute = { ...handlerFor(net), steps: () => [] };
    const observed = worldOf([nRow], { [nRow.object]: seen(nRow, nRow.props, { marks: {} }) });
    const made = buildPlan({ ...inputOf([n], [nRow], { schemas, observed }), handler: () => mute }).plan;
    expect(made?.changes).toEqual([]);
    expect(made?.warnings).toHaveLength(1);
  });
});

describe("secrets", () => {
  const hidden: NativeSchema = schemaOf("hidden", { props: { data: { type: "string", writeOnly: true, secret: true } } });
  const one = object("machine.h:hidden", "hidden", { data: { [tag]: "secret", value: "hunter2" } });

  test("stand in no change and in no digest in clear", () => {
    const made = planned([one], [], { schemas: [hidden] });
    expect(JSON.stringify(changeOf(made, one.key).props)).not.toContain("hunter2");
  });

  test("are compared with the row by digest, through a rename too", () => {
    const row = rowOf(one, rowProps(one.props, { lineage, key: one.key }, keeper));
    expect(planned([one], [row], { schemas: [hidden] }).changes).toEqual([]);
    const renamed = object("machine.i:hidden", "hidden", one.props, { annotations: { was: ["machine.h"] } });
    expect(summary(planned([renamed], [row], { schemas: [hidden] }))).toEqual(["rename machine.i:hidden"]);
  });

  test("without a key: equal, with a warning", () => {
    const row = rowOf(one, rowProps(one.props, { lineage, key: one.key }, keeper));
    const made = planned([one], [row], { schemas: [hidden], secrets: undefined });
    expect(made.changes).toEqual([]);
    expect(made.warnings).toHaveLength(1);
  });
});

test("destroying what holds data is data-loss", () => {
  const d = object("disk.d:disk", "disk", { size: 5 });
  expect(planned([], [rowOf(d, { size: 5 })], { schemas }).changes).toMatchObject([{ action: "delete", impact: "data-loss" }]);
});

test("a refused removal is a problem with the way out", () => {
  const strict = schemaOf("net", { props: { cidr: { type: "string", whenAbsent: "refuse" } } });
  const bare = object("network.n:net", "net", {});
  expect(plan([bare], [rowOf(bare, { cidr: "10/8" })], { schemas: [strict] }).problems).toMatchObject([
    { kind: "refused", address: "network.n" },
  ]);
});

test("an attribute that an update may change is not known until then", () => {
  const user = object("machine.u:box", "box", { name: nativeRef("machine.b:box", "ip") });
  const known = { ...bRow, attributes: { id: "b", ip: "10.0.0.1" } };
  const userRow = rowOf(user, { name: "10.0.0.1" });
  expect(planned([n, s, b, user], [nRow, sRow, known, userRow], { schemas }).changes).toEqual([]);
  const made = planned([n, s, { ...b, props: { ...b.props, size: "l" } }, user], [nRow, sRow, known, userRow], { schemas });
  expect(changeOf(made, "machine.u:box")).toMatchObject({
    action: "update",
    possible: true,
    props: [{ cause: "deferred", waitsFor: ["machine.b:box.ip"] }],
  });
});

test("the plan does not depend on the order of rows", () => {
  const objects = [{ ...n, props: { ...n.props, cidr: "11/8" } }, s, b];
  expect(planned(objects, [...rows].reverse(), { schemas })).toEqual(planned(objects, rows, { schemas }));
});
