import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tag } from "../../grammar/graph/value.ts";
import { inputOf, keeper, lineage, object, otherKeeper, planned, rowOf, schemaOf, seen, worldOf } from "../../test/support/planning.ts";
import { nativeRef } from "../lower/native-value.ts";
import type { BasisParts } from "./basis.ts";
import type { Plan } from "./change.ts";
import { comparePlanFile } from "./compare-plan-file.ts";
import { digestBasis, digestChanges, digestValue } from "./digest.ts";
import { makePlanFile, type PlanFile, parsePlanFile, serialisePlanFile } from "./plan-file.ts";

const net = schemaOf("net", { props: { cidr: { type: "string", immutable: true }, label: { type: "string" } } });
const box = schemaOf("box", {
  props: { net: { type: "string", immutable: true }, data: { type: "string", writeOnly: true, secret: true } },
});
const schemas = [net, box];
const n = object("network.n:net", "net", { cidr: "10/8", label: "n" });
const b = object("machine.b:box", "box", { net: nativeRef("network.n:net", "id"), data: { [tag]: "secret", value: "hunter2" } });
const nRow = rowOf(n, { cidr: "10/8", label: "n" });
const edited = { ...n, props: { ...n.props, label: "x" } };
const context = { lineage, secrets: keeper };
const basis: BasisParts = inputOf([], [], { schemas }).basis;

const make = (): Plan => planned([edited, b], [nRow], { schemas });
const fileOf = (plan: Plan, parts: Partial<BasisParts> = {}): PlanFile => {
  const made = { ...basis, ...parts };
  return makePlanFile({ ...plan, digest: { ...plan.digest, basis: digestBasis(made) } }, made, 0, context);
};
const reread = (file: PlanFile): PlanFile => {
  const parsed = parsePlanFile(serialisePlanFile(file));
  if ("mistake" in parsed) throw new Error(parsed.mistake);
  return parsed.file;
};

describe("digests", () => {
  test("say nothing of places, notes, causes, serials", () => {
    const moved = {
      ...edited,
      places: Object.fromEntries(Object.keys(edited.places).map((name) => [name, { file: "main.koine", start: 900, end: 901 }])),
    };
    const other = planned([moved, b], [nRow], { schemas, serial: 99 });
    expect(other.changes[1]?.span).not.toEqual(make().changes[1]?.span);
    expect(other.digest.changes).toBe(make().digest.changes);
  });

  test("differ by step, prop, order, object, deferred value, world and secret", () => {
    const base = make().digest.changes;
    const differing = [
      planned([{ ...n, props: { ...n.props, label: "y" } }, b], [nRow], { schemas }),
      planned([edited, b], [nRow], { schemas, world: "real" }),
      planned([edited, { ...b, props: { ...b.props, data: { [tag]: "secret", value: "other" } } }], [nRow], { schemas }),
      planned([edited, { ...b, props: { ...b.props, net: nativeRef("network.n:net", "arn") } }], [nRow], {
        schemas: [{ ...net, attributes: {} }, box],
      }),
      planned([edited, b], [{ ...nRow, id: { ...nRow.id, id: "other" } }], { schemas }),
      planned([edited, b], [nRow], {
        schemas,
        observed: worldOf([nRow], { [nRow.object]: seen(nRow, { cidr: "10/8", label: "drifted" }) }),
      }),
    ].map((plan) => plan.digest.changes);
    expect(new Set([base, ...differing]).size).toBe(differing.length + 1);
  });

  test("the order of keys never matters", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 8 }), (map) => {
        const reversed = Object.fromEntries(Object.entries(map).reverse());
        expect(digestValue(reversed)).toBe(digestValue(map));
      }),
    );
  });

  test("a secret takes part by its keyed digest, so another key gives another digest", () => {
    const plan = make();
    expect(digestChanges(plan, { lineage, secrets: otherKeeper })).not.toBe(digestChanges(plan, context));
    expect(digestChanges(plan, context)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("every part of the basis is in it", () => {
    const parts: readonly Partial<BasisParts>[] = [
      { sources: { "main.koine": "sha256:1" } },
      { inputs: { env: "sha256:1" } },
      { lock: "sha256:1" },
      { lineage: "2".repeat(32) },
      { serial: 4 },
      { koine: "0.2.0" },
      { world: "real" },
      { otherOutputs: { "base.vpc": "sha256:1" } },
      { options: { destroy: true } },
    ];
    expect(new Set([digestBasis(basis), ...parts.map((part) => digestBasis({ ...basis, ...part }))]).size).toBe(parts.length + 1);
  });
});

describe("the file", () => {
  test("is read back as it was written", () => {
    const file = fileOf(make());
    expect(reread(file)).toEqual(JSON.parse(JSON.stringify(file)));
    expect(file.createdAt).toBe("1970-01-01T00:00:00.000Z");
  });

  test("holds no secret", () => {
    const text = serialisePlanFile(fileOf(make()));
    expect(text).not.toContain("hunter2");
    expect(text).toContain("hmac:");
  });

  test("anything unexpected is a mistake in words", () => {
    const good = JSON.parse(serialisePlanFile(fileOf(make()))) as Record<string, unknown>;
    const mistakeOf = (data: unknown): unknown => {
      const parsed = parsePlanFile(typeof data === "string" ? data : JSON.stringify(data));
      return "mistake" in parsed ? parsed.mistake : undefined;
    };
    expect(mistakeOf(good)).toBeUndefined();
    expect(mistakeOf("{")).toBe("it is not JSON");
    expect(mistakeOf([])).toBe("it is not a JSON object");
    expect(mistakeOf({})).toBe("it does not say which format it has");
    expect(mistakeOf({ ...good, koinePlan: 2 })).toBe("it has format 2, and this Koine reads 1");
    expect(mistakeOf({ ...good, serial: "3" })).toBe("`serial` is not a number");
    expect(mistakeOf({ ...good, extra: 1 })).toBe("the file has an unknown field `extra`");
    expect(mistakeOf({ ...good, world: "dream" })).toBe("`world` is none of real, simulated");
    const { digest: _, ...without } = good;
    expect(mistakeOf(without)).toBe("the file has no `digest`");
    expect(mistakeOf({ ...good, changes: [{}] })).toContain("`changes[0]` has no");
  });

  test("reading never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePlanFile(text)));
    const text = serialisePlanFile(fileOf(make()));
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.string({ maxLength: 3 }),
        (place, put) => void parsePlanFile(text.slice(0, place) + put + text.slice(place + 1)),
      ),
    );
  });
});

describe("comparing", () => {
  test("the same plan on the same basis: nothing moved", () => {
    expect(comparePlanFile(reread(fileOf(make())), make(), basis, context)).toEqual([]);
  });

  test("what moved, in words", () => {
    const file = reread(fileOf(make(), { sources: { "main.koine": "a", "old.koine": "b" }, inputs: { env: "1" }, lock: "x" }));
    const now: BasisParts = {
      ...basis,
      sources: { "main.koine": "z", "new.koine": "b" },
      inputs: { env: "2" },
      lock: "y",
      serial: 5,
      koine: "0.2.0",
    };
    expect(comparePlanFile(file, make(), now, context)).toEqual([
      "the state went from serial 3 to 5: another run wrote to it",
      "the source `main.koine` was edited",
      "the source `new.koine` is new",
      "the source `old.koine` is gone",
      "the input `env` was edited",
      "`koine.lock` was edited",
      "the file was made by Koine 0.1.0, and this is 0.2.0",
    ]);
  });

  test("changes that differ are named", () => {
    const file = reread(fileOf(make()));
    expect(comparePlanFile(file, planned([n, b], [nRow], { schemas }), basis, context)).toEqual([
      // It no longer waits for the update.
      "`machine.b:box` is to create in another way",
      "`network.n:net` was to update and is no longer",
    ]);
    expect(comparePlanFile(file, planned([edited, b], [], { schemas }), basis, context)).toEqual([
      "`machine.b:box` is to create in another way",
      "`network.n:net` was to update and is now to create",
    ]);
    expect(comparePlanFile(reread(fileOf(planned([], [], { schemas }))), make(), basis, context)).toEqual([
      "`machine.b:box` is now to create and was not",
      "`network.n:net` is now to update and was not",
    ]);
  });

  test("the other world, another stack and an offline plan are refused", () => {
    const file = reread(fileOf(make()));
    expect(comparePlanFile(file, { ...make(), world: "real" }, basis, context)).toHaveLength(1);
    expect(comparePlanFile(file, { ...make(), stack: "other" }, basis, context)).toHaveLength(1);
    expect(comparePlanFile({ ...file, offline: true }, make(), basis, context)).toHaveLength(1);
  });

  test("an altered file can only be refused", () => {
    const file = reread(fileOf(make()));
    const altered: readonly PlanFile[] = [
      { ...file, changes: [] },
      { ...file, digest: { ...file.digest, changes: digestValue("x") } },
      { ...file, digest: { ...file.digest, basis: digestValue("x") } },
      { ...file, basis: { ...file.basis, serial: 9 } },
    ];
    for (const one of altered)
      expect(comparePlanFile(one, make(), basis, context)).toEqual(["the file was altered: its digests are not those of what it says"]);
  });
});
