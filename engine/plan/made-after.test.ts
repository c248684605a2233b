import { expect, test } from "vitest";
import { object, plan, rowOf, schemaOf } from "../../test/support/planning.ts";
import type { ObjectRow } from "../state/store.ts";

const thing = schemaOf("thing", { props: { p: { type: "string" } } });
const schemas = [thing];
const first = object("x.a:o", "thing", { p: "1" });
const second = object("x.b:o", "thing", { p: "1" });
const edged = object("x.b:o", "thing", { p: "1" }, { after: [first.key] });
const rowsOf = (after: readonly string[], more: Partial<ObjectRow> = {}): readonly ObjectRow[] => [
  rowOf(first, first.props, more),
  rowOf(second, second.props, { after }),
];
const changesOf = (object: typeof second, rows: readonly ObjectRow[]) => plan([first, object], rows, { schemas }).plan?.changes ?? [];

test("an edge that only the source has is recorded without a request", () => {
  const [change] = changesOf(edged, rowsOf([]));
  expect(change).toMatchObject({
    key: second.key,
    action: "update",
    props: [{ prop: "@after", from: [], to: ["x.a"], cause: "author" }],
    operations: [{ phase: "update", steps: [], becomes: { after: [first.key] } }],
  });
});

test("so is one that the source has no more; else it could make a circle with a later one", () => {
  expect(changesOf(second, rowsOf(["o-x.a:o"]))).toMatchObject([{ props: [{ prop: "@after", from: ["x.a"], to: [] }] }]);
});

test("what is recorded needs nothing, also under the id of an earlier generation or beside one that is gone", () => {
  expect(changesOf(edged, rowsOf(["o-x.a:o"]))).toEqual([]);
  expect(changesOf(edged, rowsOf(["o-old"], { formerly: ["o-old"] }))).toEqual([]);
  expect(changesOf(edged, rowsOf(["o-gone", "o-x.a:o"]))).toEqual([]);
});

test("an edge to what is made by this plan waits for it", () => {
  const rows = [rowOf(second, second.props)];
  const { plan: made } = plan([first, edged], rows, { schemas });
  expect(made?.changes.map((change) => change.key)).toEqual([first.key, second.key]);
  expect(made?.changes[1]?.operations[0]?.after).toEqual([`${first.key}@1:create`]);
});
