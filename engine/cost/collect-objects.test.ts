import { describe, expect, test } from "vitest";
import { graphOf, object, planned, rowOf, schemaOf, seen, settings, worldOf } from "../../test/support/planning.ts";
import type { NativeObject } from "../lower/native-graph.ts";
import type { NativeMap } from "../lower/native-value.ts";
import type { ObjectRow } from "../state/store.ts";
import { collectGraphs, collectPlanned } from "./collect-objects.ts";
import type { CostObject } from "./estimate.ts";

const schemas = [
  schemaOf("box", {
    props: {
      size: { type: "string" },
      image: { type: "string", immutable: true },
      disks: {
        type: "set",
        identity: ["name"],
        same: (left, right) => JSON.stringify(left).includes('"root"') && JSON.stringify(left) === JSON.stringify(right),
      },
    },
  }),
];

const small = object("machine.a:box", "box", { size: "s", image: "one" });
const smallRow = rowOf(small, small.props);

function sides(
  objects: readonly NativeObject[],
  rows: readonly ObjectRow[],
  parts: Partial<Parameters<typeof planned>[2]> = {},
): readonly (readonly [string, NativeMap | undefined, NativeMap | undefined])[] {
  const plan = planned(objects, rows, { schemas, ...parts });
  const native = graphOf(objects);
  const schema = (_provider: string, type: string) => schemas.find((each) => each.type === type);
  return collectPlanned({ plan, rows, native, schema }).map(({ key, before, after }: CostObject) => [key, before?.props, after?.props]);
}

describe("of a plan", () => {
  test("what is created stands after it alone, what is deleted before it alone", () => {
    expect(sides([small], [])).toEqual([["machine.a:box", undefined, small.props]]);
    expect(sides([], [smallRow])).toEqual([["machine.a:box", small.props, undefined]]);
  });

  test("what does not change stands on both sides, as it was applied", () => {
    expect(sides([small], [smallRow])).toEqual([["machine.a:box", small.props, small.props]]);
  });

  test("an update and a replacement differ in what the plan changes", () => {
    expect(sides([{ ...small, props: { ...small.props, size: "m" } }], [smallRow])).toEqual([
      ["machine.a:box", small.props, { size: "m", image: "one" }],
    ]);
    expect(sides([{ ...small, props: { ...small.props, image: "two" } }], [smallRow])).toEqual([
      ["machine.a:box", small.props, { size: "s", image: "two" }],
    ]);
  });

  test("drift is what is there", () => {
    const drifted = worldOf([smallRow], { [smallRow.object]: seen(smallRow, { size: "xl", image: "one" }) });
    expect(sides([small], [smallRow], { observed: drifted })).toEqual([["machine.a:box", { size: "xl", image: "one" }, small.props]]);
  });

  test("what is left out of the plan stays as it is", () => {
    const more = object("machine.b:box", "box", { size: "s", image: "one" });
    const larger = { ...small, props: { ...small.props, size: "m" } };
    expect(sides([larger, more], [smallRow], { target: ["machine.b"] })).toEqual([
      ["machine.a:box", small.props, small.props],
      ["machine.b:box", undefined, more.props],
    ]);
  });

  test("a predecessor that goes takes nothing of its successor", () => {
    const retiring = rowOf(small, { size: "xl", image: "zero" }, { generation: 1, status: "retiring" });
    const current = rowOf(small, small.props, { generation: 2 });
    expect(sides([small], [retiring, current])).toEqual([
      ["machine.a:box", small.props, small.props],
      ["machine.a:box", { size: "xl", image: "zero" }, undefined],
    ]);
  });

  test("what the source leaves out of a disk is not saved by a change to another", () => {
    const before = [
      { name: "root", gib: 8 },
      { name: "data", gib: 10 },
    ];
    const machine = object("machine.a:box", "box", { size: "s", image: "one", disks: [{ name: "root" }, { name: "data", gib: 20 }] });
    const row = rowOf(machine, { ...machine.props, disks: before });
    const [[, was, will] = []] = sides([machine], [row]);
    expect(was?.disks).toEqual(before);
    expect(will?.disks).toEqual([
      { name: "root", gib: 8 },
      { name: "data", gib: 20 },
    ]);
  });

  test("what is let go of, or only used, is nobody's cost here", () => {
    const used = object("machine.a:box", "box", small.props, { annotations: { existing: "id-1" } });
    const named = new Map([["machine.a:box", seen(smallRow)]]);
    expect(sides([used], [], { observed: worldOf([], {}, { named }) })).toEqual([]);
    expect(sides([{ ...small, annotations: { forget: true } }], [smallRow])).toEqual([]);
    expect(collectGraphs(graphOf([small]), graphOf([{ ...small, annotations: { forget: true } }]))).toEqual([]);
  });

  test("what is adopted was there before; what is renamed is the same object", () => {
    const taken = { ...small, annotations: { adopt: "id-1" } };
    const named = new Map([["machine.a:box", seen(smallRow, { size: "m", image: "one" })]]);
    expect(sides([taken], [], { observed: worldOf([], {}, { named }) })).toEqual([
      ["machine.a:box", { size: "m", image: "one" }, small.props],
    ]);
    const renamed = object("machine.b:box", "box", small.props, { annotations: { was: ["machine.a"] } });
    expect(sides([renamed], [smallRow])).toEqual([["machine.b:box", small.props, small.props]]);
  });
});

describe("of graphs", () => {
  test("two revisions: what the one has, and the other", () => {
    const other = object("machine.b:box", "box", { size: "s" });
    const larger = { ...small, props: { ...small.props, size: "m" } };
    const region = String(settings.region);
    expect(collectGraphs(graphOf([small]), graphOf([larger, other]))).toMatchObject([
      { key: "machine.a:box", before: { props: small.props, region }, after: { props: larger.props, region } },
      { key: "machine.b:box", after: { props: other.props, region } },
    ]);
    expect(collectGraphs(undefined, graphOf([small]))).toHaveLength(1);
  });

  test("what moves to another cloud goes on the one and comes on the other", () => {
    const there = object("machine.a:box", "box", small.props, { cloud: "far", provider: "far" });
    const clouds = new Map([["far", { provider: "far", settings: { region: "far-1" } }]]);
    const [goes, comes] = collectGraphs(graphOf([small]), graphOf([there], { clouds }));
    expect(goes).toMatchObject({ cloud: "mem", before: { region: "here-1" } });
    expect(goes?.after).toBeUndefined();
    expect(comes).toMatchObject({ cloud: "far", provider: "far", after: { region: "far-1" } });
    expect(comes?.before).toBeUndefined();
  });
});
