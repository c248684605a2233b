import { describe, expect, test } from "vitest";
import {
  changeOf,
  keeper,
  lineage,
  object,
  operationsOf,
  plan,
  planned,
  rowOf,
  schemaOf,
  seen,
  summary,
  waitsFor,
  worldOf,
} from "../../test/support/planning.ts";
import { nativeRef } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import { rowProps } from "./row-props.ts";

const net = schemaOf("net", { props: { cidr: { type: "string", immutable: true } } });
const sub = schemaOf("sub", {
  props: { net: { type: "string", immutable: true }, cidr: { type: "string", immutable: true } },
  exclusive: [["net", "cidr"]],
});
const fire = schemaOf("fire", {
  props: { name: { type: "string", immutable: true }, net: { type: "string", immutable: true } },
  nameBound: "name",
});
const box = schemaOf("box", {
  props: {
    sub: { type: "string", immutable: true },
    fires: { type: "set" },
    image: { type: "string", immutable: true },
    size: { type: "string" },
  },
});
const hook = schemaOf("hook", {
  props: { disk: { type: "string", immutable: true }, box: { type: "string", immutable: true } },
  exclusive: [["disk"]],
  marks: "none",
});
const disk = schemaOf("disk", { props: { size: { type: "int", immutable: true } }, dataBearing: true });
const route = schemaOf("route", {
  props: { table: { type: "string", immutable: true }, to: { type: "string", immutable: true } },
  deletedWith: ["table"],
  marks: "none",
});
const table = schemaOf("table", { props: { net: { type: "string", immutable: true } } });
const schemas: readonly NativeSchema[] = [net, sub, fire, box, hook, disk, route, table];

const n = object("network.n:net", "net", { cidr: "10/8" });
const s = object("subnet.s:sub", "sub", { net: nativeRef("network.n:net", "id"), cidr: "10.1/16" });
const f = object("firewall.f:fire", "fire", { name: "f", net: nativeRef("network.n:net", "id") });
const b = object("machine.b:box", "box", {
  sub: nativeRef("subnet.s:sub", "id"),
  fires: [nativeRef("firewall.f:fire", "id")],
  image: "i1",
  size: "m",
});
const d = object("disk.d:disk", "disk", { size: 5 });
const h = object("disk.d:hook", "hook", { disk: nativeRef("disk.d:disk", "id"), box: nativeRef("machine.b:box", "id") });
const nRow = rowOf(n, { cidr: "10/8" });
const sRow = rowOf(s, { net: "id-network.n:net", cidr: "10.1/16" });
const fRow = rowOf(f, { name: "f", net: "id-network.n:net" });
const bRow = rowOf(b, { sub: "id-subnet.s:sub", fires: ["id-firewall.f:fire"], image: "i1", size: "m" });
const dRow = rowOf(d, { size: 5 });
const hRow = rowOf(h, { disk: "id-disk.d:disk", box: "id-machine.b:box" });
const all = [n, s, f, b, d, h];
const rows = [nRow, sRow, fRow, bRow, dRow, hRow];
const withProps = (one: typeof n, props: Record<string, unknown>): typeof n => ({
  ...one,
  props: { ...one.props, ...props } as typeof n.props,
});
const swap = (...changed: readonly (typeof n)[]) => all.map((one) => changed.find((other) => other.key === one.key) ?? one);

describe("create before destroy", () => {
  const made = planned(swap(withProps(b, { image: "i2" })), rows, { schemas });

  test("the successor is a new generation, and the predecessor goes last", () => {
    const change = changeOf(made, b.key);
    expect(change).toMatchObject({
      action: "replace",
      order: "create-first",
      props: [{ prop: "image", from: "i1", to: "i2", forces: "immutable" }],
    });
    expect(change).not.toHaveProperty("possible");
    expect(change.operations.map((operation) => operation.id)).toEqual(["machine.b:box@2:create", "machine.b:box@1:delete"]);
    expect(change.operations[0]?.becomes?.formerly).toEqual([bRow.object]);
    expect(waitsFor(made, "machine.b:box@1:delete", "machine.b:box@2:create")).toBe(true);
  });

  test("what claims the same thing twice goes delete-first: the attachment", () => {
    const hooked = changeOf(made, h.key);
    expect(hooked).toMatchObject({
      action: "replace",
      order: "delete-first",
      possible: true,
      impact: "downtime",
      notes: [expect.stringContaining("`disk`")],
    });
    expect(waitsFor(made, "disk.d:hook@1:create", "disk.d:hook@1:delete")).toBe(true);
    // Whether it goes is known only when the successor of the machine is there.
    expect(waitsFor(made, "disk.d:hook@1:delete", "machine.b:box@2:create")).toBe(true);
    expect(waitsFor(made, "machine.b:box@1:delete", "disk.d:hook@1:delete")).toBe(true);
  });

  test("the disk stays", () => {
    expect(summary(made)).not.toContain("replace disk.d:disk");
  });
});

describe("propagation", () => {
  test("a chain: immutable references possibly replace, mutable ones update", () => {
    const made = planned(swap(withProps(n, { cidr: "11/8" })), rows, { schemas });
    expect(made.changes.map((change) => `${change.action}${change.possible ? "?" : ""} ${change.key}`).sort()).toEqual(
      [
        "replace network.n:net",
        "replace? subnet.s:sub",
        "replace? firewall.f:fire",
        "replace? machine.b:box",
        "replace? disk.d:hook",
      ].sort(),
    );
    expect(changeOf(made, s.key).props).toMatchObject([
      { prop: "net", cause: "replacement", waitsFor: ["network.n:net.id"], forces: "immutable" },
    ]);
    expect(waitsFor(made, "network.n:net@1:delete", "machine.b:box@1:delete")).toBe(true);
    expect(waitsFor(made, "machine.b:box@2:create", "subnet.s:sub@2:create")).toBe(true);
  });

  test("a mutable reference is re-pointed between the successor and the end of the old one", () => {
    const made = planned(swap(withProps(f, { net: "other" })), rows, { schemas });
    expect(changeOf(made, b.key)).toMatchObject({ action: "update", possible: true, props: [{ prop: "fires", cause: "replacement" }] });
    expect(waitsFor(made, "machine.b:box@1:update", "firewall.f:fire@2:create")).toBe(true);
    expect(operationsOf(made).get("firewall.f:fire@1:delete")?.after).toEqual(["firewall.f:fire@2:create", "machine.b:box@1:update"]);
  });

  test("a possible replacement shows the update it would be instead", () => {
    const made = planned(swap(withProps(s, { cidr: "10.2/16" }), withProps(b, { size: "l" })), rows, { schemas });
    const change = changeOf(made, b.key);
    expect(change).toMatchObject({ action: "replace", possible: true });
    expect(change.operations.map((operation) => [operation.id, operation.when])).toEqual([
      ["machine.b:box@2:create", "replaced"],
      ["machine.b:box@1:delete", "replaced"],
      ["machine.b:box@1:update", "kept"],
    ]);
    expect(change.operations[2]).toMatchObject({ changed: ["size"], steps: [{ key: "set:size" }] });
    // Both ways complete the object for those that come after.
    expect(operationsOf(made).get("disk.d:hook@1:delete")?.after).toContain("machine.b:box@1:update");
  });
});

describe("generations and names", () => {
  test("from the second generation on the name carries it, and it stays", () => {
    const moved = withProps(f, { name: "g", net: "other" });
    const made = planned(swap(moved), rows, { schemas });
    expect(changeOf(made, f.key).operations[0]).toMatchObject({ generation: 2, desired: { name: "g-g2" } });
    const second = rowOf(
      f,
      { name: "f-g2", net: "id-network.n:net" },
      { generation: 2, object: fRow.object, id: fRow.id, attributes: fRow.attributes },
    );
    expect(planned(all, [nRow, sRow, second, bRow, dRow, hRow], { schemas }).changes).toEqual([]);
    const third = planned(swap(moved), [nRow, sRow, second, bRow, dRow, hRow], { schemas });
    expect(changeOf(third, f.key).operations[0]).toMatchObject({ id: "firewall.f:fire@3:create", desired: { name: "g-g3" } });
  });

  test("what exists keeps the name it has: another wish for one is no change, and goes into no update", () => {
    expect(planned(swap(withProps(f, { name: "g" })), rows, { schemas }).changes).toEqual([]);
    const tagged = schemaOf("fire", { props: { ...fire.props, size: { type: "string" } }, nameBound: "name", givenOnce: ["net"] });
    const made = planned(swap(withProps(f, { name: "g", net: "other", size: "l" })), rows, {
      schemas: schemas.map((one) => (one.type === "fire" ? tagged : one)),
    });
    expect(changeOf(made, f.key)).toMatchObject({ action: "update", props: [{ prop: "size" }] });
    expect(changeOf(made, f.key).operations[0]).toMatchObject({ desired: { name: "f", net: "id-network.n:net", size: "l" } });
  });

  test("a name that stays is no collision, because the successor bears another", () => {
    const moved = withProps(f, { net: "other" });
    expect(changeOf(planned(swap(moved), rows, { schemas }), f.key)).toMatchObject({ order: "create-first" });
  });
});

describe("destroy before create", () => {
  const tight = schemaOf("sub", { props: { ...sub.props, zone: { type: "string", immutable: true } }, exclusive: [["net", "cidr"]] });
  const tightSchemas = schemas.map((one) => (one.type === "sub" ? tight : one));
  const zoned = withProps(s, { zone: "b" });
  const at = { schemas: tightSchemas };

  test("an equal claim of old and new forces it, and what stands on it with it", () => {
    const made = planned(swap(zoned), rows, at);
    expect(changeOf(made, s.key)).toMatchObject({
      order: "delete-first",
      impact: "downtime",
      notes: ["the old one goes first: both would claim the same `net` with `cidr`"],
    });
    // The machine must leave the subnet before the subnet can go, so its replacement is certain, and goes first as well.
    const machine = changeOf(made, b.key);
    expect(machine).toMatchObject({ action: "replace", order: "delete-first" });
    expect(machine).not.toHaveProperty("possible");
    expect(waitsFor(made, "subnet.s:sub@1:create", "subnet.s:sub@1:delete")).toBe(true);
    expect(waitsFor(made, "subnet.s:sub@1:delete", "machine.b:box@1:delete")).toBe(true);
    expect(waitsFor(made, "machine.b:box@1:create", "subnet.s:sub@1:create")).toBe(true);
    expect(waitsFor(made, "machine.b:box@1:delete", "disk.d:hook@1:delete")).toBe(true);
  });

  test("a possible one decides for those that stand on it", () => {
    const later = object("network.z:net", "net", { cidr: "9/8" });
    const laterRow = rowOf(later, { cidr: "9/8" });
    const waiting = object(s.key, "sub", { ...s.props, zone: nativeRef("network.z:net", "id") });
    const objects = [withProps(later, { cidr: "8/8" }), n, waiting, f, b, d, h];
    const row = { ...sRow, props: { ...sRow.props, zone: "id-network.z:net" } };
    const made = planned(objects, [laterRow, nRow, row, fRow, bRow, dRow, hRow], at);
    expect(changeOf(made, s.key)).toMatchObject({ order: "delete-first", possible: true });
    expect(changeOf(made, b.key)).toMatchObject({ order: "delete-first", possible: true });
    for (const operation of changeOf(made, b.key).operations) expect(operation).toMatchObject({ when: "replaced", follows: s.key });
    expect(waitsFor(made, "machine.b:box@1:delete", "network.z:net@2:create")).toBe(true);
  });

  test('@replace("before") with an equal claim is an error that names it', () => {
    const result = plan(swap({ ...zoned, annotations: { replace: "before" } }), rows, at);
    expect(result.problems).toMatchObject([{ kind: "claims", message: expect.stringContaining("`net` with `cidr`") }]);
  });

  test('@replace("before") on what stands on a delete-first object is an error too', () => {
    const result = plan(swap(zoned, { ...b, annotations: { replace: "before" } }), rows, at);
    expect(result.problems).toMatchObject([{ kind: "claims", address: "machine.b" }]);
  });

  test('@replace("after") and the schema\'s own order', () => {
    const after = planned(swap({ ...withProps(b, { image: "i2" }), annotations: { replace: "after" } }), rows, { schemas });
    expect(changeOf(after, b.key)).toMatchObject({ order: "delete-first", impact: "downtime" });
    expect(changeOf(after, b.key).operations[0]).toMatchObject({ generation: 1 });
    const own = schemas.map((one) => (one.type === "box" ? { ...one, replacement: "delete-first" as const } : one));
    expect(changeOf(planned(swap(withProps(b, { image: "i2" })), rows, { schemas: own }), b.key).order).toBe("delete-first");
    const written = planned(swap({ ...withProps(b, { image: "i2" }), annotations: { replace: "before" } }), rows, { schemas: own });
    expect(changeOf(written, b.key).order).toBe("create-first");
  });

  test("the name of a delete-first successor stays", () => {
    const named = schemas.map((one) => (one.type === "fire" ? { ...one, replacement: "delete-first" as const } : one));
    const made = planned(swap(withProps(f, { net: "other" })), rows, { schemas: named });
    expect(changeOf(made, f.key).operations.find((operation) => operation.phase === "create")).toMatchObject({
      generation: 1,
      desired: { name: "f" },
    });
    // The machine is pointed at the new one afterwards; the old one cannot wait for that.
    expect(waitsFor(made, "machine.b:box@1:update", "firewall.f:fire@1:create")).toBe(true);
    expect(waitsFor(made, "firewall.f:fire@1:delete", "machine.b:box@1:update")).toBe(false);
  });
});

describe("claims between different objects", () => {
  const twin = object("subnet.t:sub", "sub", { net: nativeRef("network.n:net", "id"), cidr: "10.1/16" });

  test("who takes a claim waits for who lets it go", () => {
    const made = planned([n, twin], [nRow, sRow], { schemas });
    expect(operationsOf(made).get("subnet.t:sub@1:create")?.after).toContain("subnet.s:sub@1:delete");
  });

  test("a circle through what stands on the old one is undone by going delete-first", () => {
    const moved = withProps(b, { sub: nativeRef("subnet.t:sub", "id") });
    const made = planned([n, twin, f, { ...moved, after: [twin.key, f.key] }], [nRow, sRow, fRow, bRow], { schemas });
    expect(changeOf(made, b.key)).toMatchObject({
      action: "replace",
      order: "delete-first",
      notes: [expect.stringContaining("free only when the old one is gone")],
    });
    expect(waitsFor(made, "subnet.t:sub@1:create", "machine.b:box@1:delete")).toBe(true);
    expect(waitsFor(made, "machine.b:box@1:create", "subnet.t:sub@1:create")).toBe(true);
  });

  test("a circle that the source insists on is printed", () => {
    const moved = {
      ...withProps(b, { sub: nativeRef("subnet.t:sub", "id") }),
      after: [twin.key, f.key],
      annotations: { replace: "before" as const },
    };
    const result = plan([n, twin, f, moved], [nRow, sRow, fRow, bRow], { schemas });
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toMatchObject({ kind: "cycle" });
    for (const part of ["create `subnet.t:sub`", "delete `subnet.s:sub`", "delete `machine.b:box`", "create `machine.b:box`"])
      expect(result.problems[0]?.message).toContain(part);
  });

  test("two objects that exchange a claim by update cannot be ordered", () => {
    const free = schemaOf("hook", { props: { disk: { type: "string" }, box: { type: "string" } }, exclusive: [["disk"]], marks: "none" });
    const one = object("disk.x:hook", "hook", { disk: "2" });
    const two = object("disk.y:hook", "hook", { disk: "1" });
    expect(plan([one, two], [rowOf(one, { disk: "1" }), rowOf(two, { disk: "2" })], { schemas: [free] }).problems).toMatchObject([
      { kind: "cycle" },
    ]);
    const chain = planned(
      [withProps(one, { disk: "2" }), withProps(two, { disk: "3" })],
      [rowOf(one, { disk: "1" }), rowOf(two, { disk: "2" })],
      { schemas: [free] },
    );
    expect(waitsFor(chain, "disk.x:hook@1:update", "disk.y:hook@1:update")).toBe(true);
  });
});

describe("data", () => {
  test("replacing what holds data loses it, and says so", () => {
    const made = planned([withProps(d, { size: 3 })], [dRow], { schemas });
    expect(changeOf(made, d.key)).toMatchObject({ action: "replace", impact: "data-loss" });
  });
});

describe("what goes with its parent", () => {
  const t = object("network.n:table", "table", { net: nativeRef("network.n:net", "id") });
  const r = object("network.n:route", "route", { table: nativeRef("network.n:table", "id"), to: nativeRef("firewall.f:fire", "id") });
  const tRow = rowOf(t, { net: "id-network.n:net" });
  const rRow = rowOf(r, { table: "id-network.n:table", to: "id-firewall.f:fire" });
  const present = [nRow, fRow, tRow, rRow];

  test("is not deleted by a request of its own, and its row goes after the parent's", () => {
    const made = planned([], present, { schemas });
    const operations = operationsOf(made);
    expect(operations.get("network.n:route@1:delete")).toMatchObject({ steps: [], after: ["network.n:table@1:delete"] });
    expect(operations.get("network.n:table@1:delete")?.steps).toHaveLength(1);
    // What the route stood on goes after it, and so after the table.
    expect(waitsFor(made, "firewall.f:fire@1:delete", "network.n:table@1:delete")).toBe(true);
    expect(waitsFor(made, "network.n:net@1:delete", "network.n:table@1:delete")).toBe(true);
  });

  test("what was made after it goes before the parent does", () => {
    const user = object("machine.u:box", "box", { image: "x" }, { after: [r.key] });
    const made = planned([], [...present, rowOf(user, { image: "x" })], { schemas });
    expect(waitsFor(made, "network.n:table@1:delete", "machine.u:box@1:delete")).toBe(true);
  });

  test("but is, when the parent stays", () => {
    const made = planned([n, f, t], present, { schemas });
    expect(operationsOf(made).get("network.n:route@1:delete")?.steps).toHaveLength(1);
  });
});

describe("rows made after an earlier generation", () => {
  test("still wait for, and are waited for by, its successor", () => {
    const later = object("machine.c:box", "box", { image: "x" }, { after: [d.key] });
    const second = rowOf(d, { size: 5 }, { generation: 2, formerly: [dRow.object] });
    const made = planned([], [second, rowOf(later, { image: "x" })], { schemas });
    expect(operationsOf(made).get("disk.d:disk@2:delete")?.after).toEqual(["machine.c:box@1:delete"]);
  });
});

describe("--replace", () => {
  test("replaces what nothing else would", () => {
    const made = planned(all, rows, { schemas, replace: ["machine.b"] });
    expect(changeOf(made, b.key)).toMatchObject({ action: "replace", props: [{ forces: "asked for by --replace" }] });
    expect(changeOf(made, b.key)).not.toHaveProperty("possible");
  });

  test("an address that names nothing", () => {
    expect(plan(all, rows, { schemas, replace: ["machine.x"] }).problems).toMatchObject([{ kind: "address" }]);
  });
});

test("drift of an immutable prop replaces", () => {
  const made = planned(all, rows, { schemas, observed: worldOf(rows, { [bRow.object]: seen(bRow, { ...bRow.props, image: "other" }) }) });
  expect(changeOf(made, b.key)).toMatchObject({ action: "replace", props: [{ cause: "drift", from: "other", to: "i1" }] });
});

test("a secret that forces a replacement is not shown by it", () => {
  const vault = schemaOf("vault", { props: { data: { type: "string", writeOnly: true, secret: true, immutable: true } } });
  const v = object("machine.v:vault", "vault", { data: "hunter2" });
  const row = rowOf(v, rowProps({ data: "other" }, { lineage, key: v.key }, keeper));
  const made = planned([v], [row], { schemas: [vault] });
  expect(changeOf(made, v.key)).toMatchObject({ action: "replace", props: [{ secret: true, forces: "immutable" }] });
  expect(JSON.stringify(changeOf(made, v.key).props)).not.toContain("hunter2");
});
