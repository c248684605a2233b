import { describe, expect, test } from "vitest";
import { changeOf, object, plan, planned, rowOf, schemaOf, seen, summary, worldOf } from "../../test/support/planning.ts";
import { nativeRef } from "../lower/native-value.ts";
import type { NativeSchema } from "../provider/native-schema.ts";

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

describe("rename", () => {
  const renamed = object("network.m:net", "net", n.props, { annotations: { was: ["network.older", "network.n"] } });
  const s2 = object("subnet.s:sub", "sub", { net: nativeRef("network.m:net", "id"), label: "s" });

  test("only the row and the mark change", () => {
    const made = planned([renamed, s2, b], rows, { schemas });
    expect(summary(made)).toEqual(["rename network.m:net"]);
    expect(changeOf(made, "network.m:net")).toMatchObject({
      previousAddress: "network.n",
      operations: [{ phase: "rename", row: nRow, steps: [{ key: "mark" }], marks: true }],
    });
  });

  test("with an edit: renamed, then updated", () => {
    const made = planned([{ ...renamed, props: { ...renamed.props, label: "x" } }, s2, b], rows, { schemas });
    const change = changeOf(made, "network.m:net");
    expect(change).toMatchObject({ action: "update", previousAddress: "network.n" });
    expect(change.operations.map((operation) => operation.phase)).toEqual(["rename", "update"]);
    expect(change.operations[1]?.after).toContain("network.m:net@1:rename");
  });

  test("an old address that is in use again is no rename", () => {
    const made = planned([n, renamed], [nRow], { schemas });
    expect(summary(made)).toEqual(["create network.m:net"]);
  });

  const at = (address: string, was: string, label: string): typeof n =>
    object(`network.${address}:net`, "net", { cidr: "10/8", label }, { annotations: { was: [`network.${was}`] } });
  const rowAt = (address: string, label: string, parts: Partial<typeof nRow> = {}): typeof nRow =>
    rowOf(object(`network.${address}:net`, "net", {}), { cidr: "10/8", label }, parts);

  test("a chain moves from its free end: who comes to an address is never taken for who stood there", () => {
    const chain = [at("b", "a", "1"), at("c", "b", "2"), at("d", "c", "3")];
    const rowsOfChain = [rowAt("a", "1"), rowAt("b", "2"), rowAt("c", "3")];
    const made = planned(chain, rowsOfChain, { schemas });
    expect(made.changes.map((change) => [change.action, change.previousAddress, change.address])).toEqual([
      ["rename", "network.a", "network.b"],
      ["rename", "network.b", "network.c"],
      ["rename", "network.c", "network.d"],
    ]);
    // Cut short after the first was written: two rows bear one key, and the one that came to it belongs there.
    const [first, second, third] = rowsOfChain as [typeof nRow, typeof nRow, typeof nRow];
    const cut = { ...first, key: "network.b:net", address: "network.b", movedFrom: "network.a" };
    expect(summary(planned(chain, [second, third, cut], { schemas }))).toEqual(["rename network.c:net", "rename network.d:net"]);
  });

  test("two change places, once; where only one of them moved, it is not guessed", () => {
    const swapped = [at("a", "b", "2"), at("b", "a", "1")];
    const before = [rowAt("a", "1"), rowAt("b", "2")];
    const made = planned(swapped, before, { schemas });
    expect(made.changes.map((change) => [change.action, change.operations[0]?.row?.key])).toEqual([
      ["rename", "network.b:net"],
      ["rename", "network.a:net"],
    ]);
    const done = [rowAt("a", "2", { movedFrom: "network.b" }), rowAt("b", "1", { movedFrom: "network.a" })];
    expect(planned(swapped, done, { schemas }).changes).toEqual([]);
    const halfway = [rowAt("a", "2", { movedFrom: "network.b" }), rowAt("b", "1")];
    expect(plan(swapped, halfway, { schemas }).problems).toMatchObject([
      { kind: "address", message: expect.stringContaining("cannot be told") },
    ]);
  });

  test("a mark that still bears the former address is written again", () => {
    const row = { ...rowAt("b", "1"), was: "network.a:net" };
    const made = planned([at("b", "a", "1")], [row], { schemas });
    expect(changeOf(made, "network.b:net")).toMatchObject({ action: "update", operations: [{ marks: true, steps: [{ key: "mark" }] }] });
  });

  test("two that claim one past", () => {
    const twin = object("network.z:net", "net", n.props, { annotations: { was: ["network.n"] } });
    expect(plan([renamed, twin], [nRow], { schemas }).problems).toMatchObject([{ kind: "address" }]);
  });
});

test("@forget lets go of the object and keeps it", () => {
  const made = planned([n, s, { ...b, annotations: { forget: true } }], rows, { schemas });
  expect(changeOf(made, "machine.b:box")).toMatchObject({ action: "forget", impact: "none", operations: [{ phase: "forget", steps: [] }] });
  expect(planned([n, s, { ...b, annotations: { forget: true } }], [nRow, sRow], { schemas }).changes).toEqual([]);
});

test("what others refer to cannot be forgotten under them", () => {
  const other = object("machine.c:box", "box", { sub: nativeRef("subnet.s:sub", "id"), size: "m" });
  const result = plan([n, { ...s, annotations: { forget: true } }, other], [nRow, sRow], { schemas });
  expect(result.problems).toMatchObject([{ kind: "missing", address: "subnet.s" }]);
});

describe("@existing", () => {
  const used = object("network.n:net", "net", { cidr: "10/8", label: "n" }, { annotations: { existing: "vpc-1" } });
  const found = (props: Record<string, string>) =>
    new Map([["network.n:net", seen(nRow, props, { id: { ...nRow.id, id: "vpc-1" }, attributes: { id: "vpc-1" } })]]);

  test("gives its attributes, and is never in a plan", () => {
    const made = planned([used, s], [], { schemas, observed: worldOf([], {}, { named: found({ cidr: "10/8", label: "n" }) }) });
    expect(summary(made)).toEqual(["create subnet.s:sub"]);
    expect(changeOf(made, "subnet.s:sub").operations[0]?.desired.net).toBe("vpc-1");
  });

  test("is verified: written props, presence, knowledge", () => {
    const at = (named: Map<string, ReturnType<typeof seen>>) =>
      plan([used], [], { schemas, observed: worldOf([], {}, { named }) }).problems;
    expect(at(found({ cidr: "11/8", label: "n" }))).toMatchObject([
      { kind: "existing", message: expect.stringContaining("`cidr` differs") },
    ]);
    expect(at(new Map([["network.n:net", { kind: "absent" }]]))).toMatchObject([{ kind: "existing" }]);
    expect(at(new Map())).toMatchObject([{ kind: "unknown" }]);
  });

  test("props that the author did not write are not verified", () => {
    const { label: _, ...places } = used.places;
    const made = plan([{ ...used, places }], [], {
      schemas,
      observed: worldOf([], {}, { named: found({ cidr: "10/8", label: "theirs" }) }),
    });
    expect(made.problems).toEqual([]);
  });

  test("a managed object that becomes existing is let go; another is deleted", () => {
    const named = new Map([["network.n:net", seen(nRow, nRow.props)]]);
    const same = { ...used, annotations: { existing: nRow.id.id } };
    expect(summary(planned([same], [nRow], { schemas, observed: worldOf([nRow], {}, { named }) }))).toEqual(["forget network.n:net"]);
    expect(
      summary(planned([used], [nRow], { schemas, observed: worldOf([nRow], {}, { named: found({ cidr: "10/8", label: "n" }) }) })),
    ).toEqual(["delete network.n:net"]);
  });
});

describe("@adopt", () => {
  const wanted = object("network.n:net", "net", { cidr: "10/8", label: "n" }, { annotations: { adopt: "vpc-1" } });
  const at = (parts: Parameters<typeof seen>[2], props: Record<string, string> = { cidr: "10/8", label: "n" }) => {
    const id = { ...nRow.id, id: "vpc-1" };
    return worldOf([], {}, { named: new Map([["network.n:net", seen(nRow, props, { id, attributes: { id: "vpc-1" }, ...parts })]]) });
  };

  test("writes the mark and mends what differs", () => {
    const made = planned([wanted], [], { schemas, observed: at({ marks: {} }, { cidr: "10/8", label: "old" }) });
    const change = changeOf(made, "network.n:net");
    expect(change.action).toBe("adopt");
    expect(change.operations).toMatchObject([{ phase: "adopt", objectId: { id: "vpc-1" }, changed: ["label"], marks: true }]);
    expect(change.operations[0]?.steps.map((step) => step.key)).toEqual(["mark", "set:label"]);
  });

  test("refuses another stack's object unless told to take it", () => {
    const observed = at({ marks: { lineage: "f".repeat(32), object: "x" } });
    expect(plan([wanted], [], { schemas, observed }).problems).toMatchObject([{ kind: "foreign" }]);
    expect(planned([wanted], [], { schemas, observed, take: true }).changes).toHaveLength(1);
  });

  test("refuses what would be replaced, and what is not there", () => {
    expect(plan([wanted], [], { schemas, observed: at({ marks: {} }, { cidr: "11/8", label: "n" }) }).problems).toMatchObject([
      { kind: "existing" },
    ]);
    expect(
      plan([wanted], [], { schemas, observed: worldOf([], {}, { named: new Map([["network.n:net", { kind: "absent" }]]) }) }).problems,
    ).toMatchObject([{ kind: "existing" }]);
  });

  test("once it has a row, it is an object like any other", () => {
    expect(planned([wanted], [nRow], { schemas }).changes).toEqual([]);
  });
});

describe("@protect", () => {
  const guarded = (one: typeof n) => ({ ...one, annotations: { ...one.annotations, protect: true as const } });

  test("refuses delete, destroy, replacement and possible replacement", () => {
    const kept = { ...bRow, protect: true as const };
    const rowsWith = [nRow, sRow, kept];
    expect(plan([n, s], rowsWith, { schemas }).problems).toMatchObject([{ kind: "protected", address: "machine.b" }]);
    expect(plan([n, s, guarded(b)], rowsWith, { schemas, destroy: true }).problems).toMatchObject([{ kind: "protected" }]);
    const possible = plan([{ ...n, props: { ...n.props, cidr: "11/8" } }, s, guarded(b)], rowsWith, { schemas });
    expect(possible.problems).toMatchObject([
      { kind: "protected", address: "machine.b", message: expect.stringContaining("might be replaced") },
    ]);
    const certain = plan([guarded({ ...n, props: { ...n.props, cidr: "11/8" } }), s, b], [{ ...nRow, protect: true }, sRow, bRow], {
      schemas,
    });
    expect(certain.problems).toMatchObject([{ message: "`network.n` is protected and would be replaced because of `cidr` (immutable)" }]);
  });

  test("adding and removing it is recorded in the state, without a request", () => {
    const made = planned([n, s, guarded(b)], rows, { schemas });
    expect(changeOf(made, "machine.b:box")).toMatchObject({
      action: "update",
      props: [{ prop: "@protect", from: false, to: true }],
      operations: [{ phase: "update", steps: [], becomes: { protect: true } }],
    });
    const back = planned(all, [nRow, sRow, { ...bRow, protect: true }], { schemas });
    expect(changeOf(back, "machine.b:box").operations[0]?.becomes).not.toHaveProperty("protect");
    // The source speaks while the resource is in it.
    expect(planned(all, [nRow, sRow, { ...bRow, protect: true }], { schemas, destroy: true }).changes).toHaveLength(3);
  });

  test("an in-place update of a protected object is fine", () => {
    expect(
      planned([n, s, guarded({ ...b, props: { ...b.props, size: "l" } })], [nRow, sRow, { ...bRow, protect: true }], { schemas }).changes,
    ).toHaveLength(1);
  });
});
