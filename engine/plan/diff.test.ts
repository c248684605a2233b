import { describe, expect, test } from "vitest";
import { tag } from "../../grammar/graph/value.ts";
import { keeper, lineage, otherKeeper, schemaOf } from "../../test/support/planning.ts";
import { type NativeMap, type NativeValue, nativeRef } from "../lower/native-value.ts";
import type { NativeProp, NativeSchema } from "../provider/native-schema.ts";
import { diffObject, type ObjectDiff } from "./diff.ts";
import type { DiffContext, DiffSubject } from "./diff-draft.ts";
import { type FinishContext, finishValue } from "./finish-values.ts";
import { rowProps, unknownWriteOnly } from "./row-props.ts";

const secret = (value: NativeValue): NativeValue => ({ [tag]: "secret", value });

interface Case {
  readonly props: Readonly<Record<string, NativeProp>>;
  readonly desired: NativeMap;
  readonly prior?: NativeMap;
  readonly observed?: NativeMap;
  readonly depth?: DiffSubject["depth"];
  readonly ignored?: readonly string[];
  readonly known?: Readonly<Record<string, NativeValue>>;
  readonly remade?: readonly string[];
  readonly secrets?: DiffContext["secrets"];
}

function diff(one: Case): ObjectDiff | undefined {
  const schema: NativeSchema = schemaOf("t", { props: one.props });
  const attribute = (object: string, name: string): NativeValue | undefined => one.known?.[`${object}.${name}`];
  const finishContext: FinishContext = { attribute, outputs: new Map() };
  const context: DiffContext = {
    schema,
    lineage,
    secrets: "secrets" in one ? one.secrets : keeper,
    attribute,
    finish: (value) => finishValue(value, finishContext),
    isRemade: (key) => one.remade?.includes(key) ?? false,
  };
  const subject: DiffSubject = {
    key: "a:o",
    desired: one.desired,
    prior: one.prior,
    observed: one.observed ?? {},
    depth: one.depth ?? "each",
    ignored: one.ignored ? new Set(one.ignored) : undefined,
    places: { "*": { file: "m", start: 0, end: 1 }, p: { file: "m", start: 5, end: 6 } },
  };
  return diffObject(subject, context);
}

const text = { type: "string" } as const;
const cause = (result: ObjectDiff | undefined): unknown => result?.props.map((change) => [change.prop, change.cause]);

describe("a prop in the source", () => {
  test("equal to observed: nothing, whatever prior says", () => {
    expect(diff({ props: { p: text }, desired: { p: "x" }, prior: { p: "old" }, observed: { p: "x" } })).toBeUndefined();
  });

  test("the author edited it: prior = observed", () => {
    const result = diff({ props: { p: text }, desired: { p: "new" }, prior: { p: "old" }, observed: { p: "old" } });
    expect(result).toMatchObject({ action: "update", possible: false, changed: ["p"] });
    expect(result?.props).toEqual([{ prop: "p", from: "old", to: "new", cause: "author", span: { file: "m", start: 5, end: 6 } }]);
  });

  test("the world moved: prior = desired", () => {
    expect(cause(diff({ props: { p: text }, desired: { p: "x" }, prior: { p: "x" }, observed: { p: "y" } }))).toEqual([["p", "drift"]]);
  });

  test("both", () => {
    expect(cause(diff({ props: { p: text }, desired: { p: "new" }, prior: { p: "old" }, observed: { p: "y" } }))).toEqual([["p", "both"]]);
  });

  test("newly written: the author", () => {
    expect(cause(diff({ props: { p: text }, desired: { p: "x" }, prior: {}, observed: { p: "y" } }))).toEqual([["p", "author"]]);
  });

  test("an immutable prop forces replacement, and says so", () => {
    const result = diff({ props: { p: { ...text, immutable: true } }, desired: { p: "new" }, prior: { p: "old" }, observed: { p: "old" } });
    expect(result).toMatchObject({ action: "replace", possible: false, props: [{ forces: "immutable" }] });
  });

  test("replaceWhen decides by values", () => {
    const grows: NativeProp = { type: "int", replaceWhen: (from, to) => ((to as number) < (from as number) ? "cannot shrink" : undefined) };
    const at = (desired: number) => diff({ props: { p: grows }, desired: { p: desired }, prior: { p: 10 }, observed: { p: 10 } });
    expect(at(20)).toMatchObject({ action: "update" });
    expect(at(5)).toMatchObject({ action: "replace", props: [{ forces: "cannot shrink" }] });
  });

  test("one forcing prop among others: replace, all shown", () => {
    const result = diff({
      props: { p: { ...text, immutable: true }, q: text },
      desired: { p: "n", q: "n" },
      prior: { p: "o", q: "o" },
      observed: { p: "o", q: "o" },
    });
    expect(result?.action).toBe("replace");
    expect(result?.props.map((change) => [change.prop, change.forces])).toEqual([
      ["p", "immutable"],
      ["q", undefined],
    ]);
  });
});

describe("normal form", () => {
  test("a default stands for what is not set, on both sides", () => {
    const props = { p: { type: "bool", default: false } as const };
    expect(diff({ props, desired: { p: false }, prior: {}, observed: {} })).toBeUndefined();
    expect(diff({ props, desired: { p: true }, prior: {}, observed: {} })?.changed).toEqual(["p"]);
  });

  test("the schema's own form", () => {
    const props = { p: { ...text, normalise: (value: NativeValue) => String(value).toLowerCase() } };
    expect(diff({ props, desired: { p: "ABC" }, prior: { p: "abc" }, observed: { p: "abc" } })).toBeUndefined();
  });

  test("order counts in a list, not in a set", () => {
    const desired = { p: ["b", "a"] };
    const other = { prior: { p: ["a", "b"] }, observed: { p: ["a", "b"] } };
    expect(diff({ props: { p: { type: "set" } }, desired, ...other })).toBeUndefined();
    expect(diff({ props: { p: { type: "list" } }, desired, ...other })?.changed).toEqual(["p"]);
  });

  test("members of a set are told apart by identity", () => {
    const props = { p: { type: "set", identity: ["port"] } as const };
    const member = (port: number, note: string) => ({ port, note });
    const observed = { p: [member(1, "a"), member(2, "b")] };
    expect(diff({ props, desired: { p: [member(2, "b"), member(1, "a")] }, prior: observed, observed })).toBeUndefined();
    expect(diff({ props, desired: { p: [member(2, "b"), member(1, "x")] }, prior: observed, observed })?.changed).toEqual(["p"]);
    expect(diff({ props, desired: { p: [member(1, "old"), member(1, "a"), member(2, "b")] }, prior: observed, observed })).toBeUndefined();
  });

  test("json is compared by structure, text or not", () => {
    const props = { p: { type: "json" } as const };
    expect(diff({ props, desired: { p: '{"a":1,"b":[2]}' }, prior: {}, observed: { p: { b: [2], a: 1 } } })).toBeUndefined();
    expect(diff({ props, desired: { p: '{"a":1}' }, prior: {}, observed: { p: { a: 2 } } })?.changed).toEqual(["p"]);
  });

  test("an empty list is as good as none; false and zero are not", () => {
    expect(diff({ props: { p: { type: "list" } }, desired: { p: [] }, prior: { p: [] }, observed: {} })).toBeUndefined();
    expect(diff({ props: { p: { type: "bool" } }, desired: { p: false }, prior: { p: false }, observed: {} })?.changed).toEqual(["p"]);
    expect(diff({ props: { p: { type: "int" } }, desired: { p: 0 }, prior: { p: 0 }, observed: {} })?.changed).toEqual(["p"]);
  });
});

describe("gone from the source, was owned", () => {
  const gone = (spec: NativeProp, observed: NativeMap = { p: "old" }) =>
    diff({ props: { p: spec }, desired: {}, prior: { p: "old" }, observed });

  test("reset is the rule: to the default, which the row does not keep", () => {
    const result = gone({ ...text, default: "std" });
    expect(result).toMatchObject({
      action: "update",
      changed: ["p"],
      desired: { p: "std" },
      record: {},
      props: [{ from: "old", to: "std", cause: "author" }],
    });
  });

  test("reset without a default unsets", () => {
    const result = gone(text);
    expect(result).toMatchObject({ action: "update", changed: ["p"], desired: {} });
    expect(result?.props[0]).not.toHaveProperty("to");
  });

  test("reset to what is there already: nothing", () => {
    expect(gone({ ...text, default: "std" }, { p: "std" })).toBeUndefined();
    expect(gone(text, {})).toBeUndefined();
  });

  test("reset of an immutable prop replaces", () => {
    expect(gone({ ...text, default: "std", immutable: true })).toMatchObject({ action: "replace", props: [{ forces: "immutable" }] });
  });

  test("keep", () => {
    expect(gone({ ...text, whenAbsent: "keep" })).toBeUndefined();
  });

  test("replace", () => {
    expect(gone({ ...text, whenAbsent: "replace" })).toMatchObject({ action: "replace", props: [{ forces: "taken out of the source" }] });
    expect(gone({ ...text, whenAbsent: "replace" }, {})).toBeUndefined();
  });

  test("refuse", () => {
    expect(gone({ ...text, whenAbsent: "refuse" })).toMatchObject({ action: "none", refused: ["p"], props: [] });
  });

  test("gone and drifted: both", () => {
    expect(cause(gone({ ...text, default: "std" }, { p: "moved" }))).toEqual([["p", "both"]]);
  });
});

test("never owned: the cloud's, never compared", () => {
  expect(
    diff({ props: { p: text, q: text }, desired: { p: "x" }, prior: { p: "x" }, observed: { p: "x", q: "whatever" } }),
  ).toBeUndefined();
});

describe("@ignore", () => {
  test("leaves drift and edits alone, and keeps what is observed through an update of another prop", () => {
    const props = { p: text, q: text };
    const base = { props, desired: { p: "mine", q: "x" }, prior: { p: "old", q: "x" }, ignored: ["p"] };
    expect(diff({ ...base, observed: { p: "theirs", q: "x" } })).toBeUndefined();
    const result = diff({ ...base, observed: { p: "theirs", q: "y" } });
    expect(result).toMatchObject({ action: "update", changed: ["q"], desired: { p: "theirs", q: "x" }, record: { p: "mine", q: "x" } });
  });

  test("covers a prop that was taken out", () => {
    expect(diff({ props: { p: text }, desired: {}, prior: { p: "old" }, observed: { p: "old" }, ignored: ["p"] })).toBeUndefined();
  });
});

describe("write-only", () => {
  const props = { p: { ...text, writeOnly: true, observed: "never" } as const };
  const place = { lineage, key: "a:o" };

  test("a plain value is compared with what was written", () => {
    expect(diff({ props, desired: { p: "x" }, prior: { p: "x" } })).toBeUndefined();
    expect(cause(diff({ props, desired: { p: "y" }, prior: { p: "x" } }))).toEqual([["p", "author"]]);
    expect(cause(diff({ props, desired: { p: "y" }, prior: {} }))).toEqual([["p", "author"]]);
  });

  test("a secret by its keyed digest, and never shown", () => {
    const prior = rowProps({ p: secret("old") }, place, keeper);
    expect(JSON.stringify(prior)).not.toContain("old");
    expect(diff({ props, desired: { p: secret("old") }, prior })).toBeUndefined();
    const result = diff({ props, desired: { p: secret("new") }, prior });
    expect(result?.props).toEqual([{ prop: "p", secret: true, cause: "author", span: { file: "m", start: 5, end: 6 } }]);
  });

  test("no longer secret, or newly so, and otherwise the same: nothing", () => {
    expect(diff({ props, desired: { p: "old" }, prior: rowProps({ p: secret("old") }, place, keeper) })).toBeUndefined();
    expect(diff({ props, desired: { p: secret("old") }, prior: { p: "old" } })).toBeUndefined();
  });

  test("without a digest to compare: taken as equal, with a warning", () => {
    const prior = rowProps({ p: secret("old") }, place, keeper);
    for (const one of [
      { prior, secrets: otherKeeper },
      { prior, secrets: undefined },
      { prior: unknownWriteOnly(schemaOf("t", { props }), { p: "x" }) },
      { prior: undefined },
    ]) {
      const result = diff({ props, desired: { p: secret("new") }, ...one } as Case);
      expect(result).toMatchObject({ action: "none", props: [] });
      expect(result?.warnings).toHaveLength(1);
    }
  });

  test("equal secrets at two places look different", () => {
    expect(rowProps({ p: secret("x") }, place, keeper)).not.toEqual(rowProps({ p: secret("x") }, { lineage, key: "b:o" }, keeper));
    expect(rowProps({ p: secret("x") }, place, keeper).p).not.toEqual(rowProps({ q: secret("x") }, place, keeper).q);
  });
});

test("a secret that the cloud shows is compared in the open and shown as nothing", () => {
  const props = { p: { ...text, secret: true } as const };
  const prior = rowProps({ p: secret("old") }, { lineage, key: "a:o" }, keeper);
  expect(diff({ props, desired: { p: secret("old") }, prior, observed: { p: "old" } })).toBeUndefined();
  expect(cause(diff({ props, desired: { p: secret("old") }, prior, observed: { p: "moved" } }))).toEqual([["p", "drift"]]);
  const result = diff({ props, desired: { p: secret("new") }, prior, observed: { p: "old" } });
  expect(cause(result)).toEqual([["p", "author"]]);
  expect(JSON.stringify(result?.props)).not.toMatch(/old|new/);
  // Offline, what is "observed" is the row itself.
  expect(diff({ props, desired: { p: secret("old") }, prior, observed: prior, depth: "prior" })).toBeUndefined();
});

describe("tags are owned key by key", () => {
  const props = { Tags: { type: "tags" } as const };

  test("foreign keys are neither compared nor removed", () => {
    expect(
      diff({ props, desired: { Tags: { a: "1" } }, prior: { Tags: { a: "1" } }, observed: { Tags: { a: "1", theirs: "x" } } }),
    ).toBeUndefined();
    const result = diff({ props, desired: { Tags: { a: "2" } }, prior: { Tags: { a: "1" } }, observed: { Tags: { a: "1", theirs: "x" } } });
    expect(result).toMatchObject({ changed: ["Tags"], desired: { Tags: { a: "2", theirs: "x" } }, record: { Tags: { a: "2" } } });
    expect(result?.props).toMatchObject([{ prop: "Tags.a", from: "1", to: "2", cause: "author" }]);
  });

  test("a key taken out of the source goes, and only that", () => {
    const result = diff({
      props,
      desired: { Tags: { a: "1" } },
      prior: { Tags: { a: "1", b: "2" } },
      observed: { Tags: { a: "1", b: "2", c: "3" } },
    });
    expect(result?.props).toMatchObject([{ prop: "Tags.b", from: "2", cause: "author" }]);
    expect(result?.desired).toEqual({ Tags: { a: "1", c: "3" } });
  });

  test("all tags taken out", () => {
    const result = diff({ props, desired: {}, prior: { Tags: { a: "1" } }, observed: { Tags: { a: "1", c: "3" } } });
    expect(result).toMatchObject({ changed: ["Tags"], desired: { Tags: { c: "3" } }, record: {} });
  });

  test("drift of one key, a stripped one included", () => {
    expect(cause(diff({ props, desired: { Tags: { a: "1" } }, prior: { Tags: { a: "1" } }, observed: { Tags: { a: "9" } } }))).toEqual([
      ["Tags.a", "drift"],
    ]);
    expect(cause(diff({ props, desired: { Tags: { a: "1" } }, prior: { Tags: { a: "1" } }, observed: {} }))).toEqual([["Tags.a", "drift"]]);
    expect(cause(diff({ props, desired: { Tags: { a: "2" } }, prior: { Tags: { a: "1" } }, observed: { Tags: { a: "9" } } }))).toEqual([
      ["Tags.a", "both"],
    ]);
  });

  test("a deferred tag waits alone", () => {
    const result = diff({
      props,
      desired: { Tags: { a: "1", ip: nativeRef("b:o", "ip") } },
      prior: { Tags: { a: "1" } },
      observed: { Tags: { a: "1" } },
    });
    expect(result?.props).toMatchObject([{ prop: "Tags.ip", waitsFor: ["b:o.ip"], cause: "deferred" }]);
    expect(result?.possible).toBe(true);
  });
});

describe("references and deferred values", () => {
  const props = { p: text, q: text };

  test("known: compared as what they are", () => {
    const one = { props, desired: { p: nativeRef("v:o", "id") }, prior: { p: "v-1" }, observed: { p: "v-1" } };
    expect(diff({ ...one, known: { "v:o.id": "v-1" } })).toBeUndefined();
    expect(diff({ ...one, known: { "v:o.id": "v-2" } })?.props).toMatchObject([{ from: "v-1", to: "v-2", cause: "author" }]);
  });

  test("not known: the greatest change it can cause", () => {
    const waiting = (spec: NativeProp) =>
      diff({ props: { p: spec }, desired: { p: nativeRef("v:o", "id") }, prior: { p: "v-1" }, observed: { p: "v-1" } });
    expect(waiting(text)).toMatchObject({ action: "update", possible: true, props: [{ waitsFor: ["v:o.id"] }] });
    expect(waiting({ ...text, immutable: true })).toMatchObject({ action: "replace", possible: true, forcedBy: ["v:o"] });
    expect(waiting({ ...text, replaceWhen: () => undefined })).toMatchObject({ action: "replace", possible: true });
  });

  test("the cause tells a successor from a value that is only late", () => {
    const one = { props, desired: { p: nativeRef("v:o", "id") }, prior: { p: "v-1" }, observed: { p: "v-1" } };
    expect(cause(diff(one))).toEqual([["p", "deferred"]]);
    expect(cause(diff({ ...one, remade: ["v:o"] }))).toEqual([["p", "replacement"]]);
  });

  test("a certain change beside a possible one of the same weight is certain", () => {
    const one = { desired: { p: nativeRef("v:o", "id"), q: "new" }, prior: { p: "v-1", q: "old" }, observed: { p: "v-1", q: "old" } };
    expect(diff({ props, ...one })).toMatchObject({ action: "update", possible: false });
    expect(diff({ props: { p: { ...text, immutable: true }, q: text }, ...one })).toMatchObject({ action: "replace", possible: true });
  });

  test("inside lists and maps", () => {
    const list = { p: { type: "list" } as const };
    const desired = { p: [nativeRef("v:o", "id"), "x"] };
    expect(diff({ props: list, desired, prior: { p: ["1", "x"] }, observed: { p: ["1", "x"] }, known: { "v:o.id": "1" } })).toBeUndefined();
    expect(diff({ props: list, desired, prior: { p: ["1", "x"] }, observed: { p: ["1", "x"] } })?.possible).toBe(true);
  });
});

describe("props that cost a call per object", () => {
  const props = { p: { ...text, observed: "each" } as const };

  test("count as last applied until they are read", () => {
    expect(diff({ props, desired: { p: "x" }, prior: { p: "x" }, observed: {}, depth: "list" })).toBeUndefined();
    expect(cause(diff({ props, desired: { p: "y" }, prior: { p: "x" }, observed: {}, depth: "list" }))).toEqual([["p", "author"]]);
    expect(cause(diff({ props, desired: { p: "x" }, prior: { p: "x" }, observed: { p: "moved" }, depth: "each" }))).toEqual([
      ["p", "drift"],
    ]);
  });
});

test("a prop that the schema does not have is a defect", () => {
  expect(() => diff({ props: {}, desired: { p: "x" }, prior: {}, observed: { p: "y" } })).toThrow("has no prop `p`");
});
