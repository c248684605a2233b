import { expect, test } from "vitest";
import { inputOf, object, rowOf, schemaOf } from "../../test/support/planning.ts";
import type { NativeMap } from "../lower/native-value.ts";
import type { Sight } from "../observe/world.ts";
import { buildPlan } from "./build-plan.ts";

const thing = schemaOf("thing", {
  props: {
    p: { type: "string" },
    defaulted: { type: "string", default: "usual" },
    deep: { type: "string", observed: "each" },
    hidden: { type: "string", writeOnly: true },
    name: { type: "string", immutable: true },
    Tags: { type: "tags" },
  },
  attributes: { id: { type: "string" }, ip: { type: "string" } },
  nameBound: "name",
});
const one = object("x.a:o", "thing", { p: "1" });
const props: NativeMap = { p: "1", defaulted: "other", deep: "d", hidden: "h", name: "n", Tags: { ours: "1", stripped: "2" } };
const row = rowOf(one, props, { attributes: { ip: "10.0.0.1" } });

function refresh(sight: Sight, parts: Partial<typeof row> = {}) {
  const rows = [{ ...row, ...parts }];
  const input = inputOf([one], rows, { schemas: [thing] });
  const observed = { ...input.observed, rows: new Map([[row.object, sight]]) };
  return buildPlan({ ...input, observed, refreshOnly: true });
}

const seen = (changed: NativeMap, attributes: NativeMap = { ip: "10.0.0.1" }, depth: "list" | "each" = "each"): Sight => ({
  kind: "found",
  depth,
  observed: { id: row.id, props: { ...props, hidden: null, ...changed }, attributes },
});

test("what is as recorded is not written, whatever the source says", () => {
  expect(refresh(seen({}))).toMatchObject({ plan: { changes: [], unchanged: 1, refreshOnly: true } });
});

test("props, tags of ours and attributes become what is observed; what cannot be read, names and foreign tags do not", () => {
  const { plan } = refresh(seen({ p: "2", name: "m", Tags: { ours: "9", foreign: "x" } }, { ip: "10.0.0.2" }));
  expect(plan?.changes).toMatchObject([{ action: "update", operations: [{ phase: "update", steps: [], attributes: { ip: "10.0.0.2" } }] }]);
  expect(plan?.changes[0]?.props).toEqual([
    { prop: "Tags.ours", from: "1", to: "9", cause: "drift" },
    { prop: "Tags.stripped", from: "2", cause: "drift" },
    { prop: "ip", from: "10.0.0.1", to: "10.0.0.2", cause: "drift" },
    { prop: "p", from: "1", to: "2", cause: "drift" },
  ]);
  expect(plan?.changes[0]?.operations[0]?.desired).toEqual({ ...props, p: "2", Tags: { ours: "9" } });
});

test("what is not reported is at its default; what a list cannot tell is kept", () => {
  const { observed } = seen({}) as Sight & { readonly kind: "found" };
  const { defaulted: _, deep: __, ...rest } = observed.props;
  const { plan } = refresh({ kind: "found", depth: "list", observed: { ...observed, props: rest } });
  expect(plan?.changes[0]?.operations[0]?.desired).toEqual({ ...props, defaulted: "usual" });
});

test("the row of what is gone goes; what is not known stops it; what was created in part is left to the next apply", () => {
  expect(refresh({ kind: "absent" }).plan?.changes).toMatchObject([{ action: "forget", operations: [{ phase: "forget", steps: [] }] }]);
  expect(refresh({ kind: "unknown", reason: "denied" }).problems).toMatchObject([{ kind: "unknown" }]);
  expect(refresh(seen({ p: "2" }), { status: "failed" }).plan?.changes).toEqual([]);
});
