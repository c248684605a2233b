import { describe, expect, test } from "vitest";
import { graphOf, inputOf, keeper, lineage, object, rowOf, schemaOf, settings } from "../../test/support/planning.ts";
import type { NativeMap } from "../lower/native-value.ts";
import { buildPlan } from "../plan/build-plan.ts";
import { makePlan } from "../plan/make-plan.ts";
import { ProviderError } from "../provider/errors.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { Handler, ObjectId, Observed } from "../provider/provider.ts";
import type { ObjectRow } from "../state/store.ts";
import type { ObserveInput } from "./look.ts";
import { observeWorld } from "./observe.ts";

const tagged: NativeSchema = schemaOf("tagged", { props: { a: { type: "string" }, deep: { type: "string", observed: "each" } } });
const bare: NativeSchema = schemaOf("bare", { props: { a: { type: "string" } }, marks: "none" });

/** A cloud that is a list of objects. Counts what it is asked. */
function cloudOf(
  present: readonly Observed[],
  parts: { readonly find?: () => Promise<readonly Observed[]>; readonly deny?: ReadonlySet<string> } = {},
) {
  const log: string[] = [];
  const handlerFor = (schema: NativeSchema): Handler => ({
    schema,
    steps: (change) => change.changed.map((prop) => ({ key: prop, operation: "x:set", body: {}, replay: "idempotent", impact: "none" })),
    perform: () => Promise.reject(new Error("a look changes nothing")),
    poll: () => Promise.reject(new Error("a look waits for nothing")),
    blockers: () => Promise.resolve([]),
    find: async (call, by) => {
      log.push(`find ${schema.type} ${call.identity.region}`);
      if (parts.find) return parts.find();
      if (by.kind !== "lineage" || schema.marks === "none") return [];
      return present
        .filter((one) => one.id.type === schema.type && one.marks?.lineage === by.lineage && one.id.region === call.identity.region)
        .map(shallow);
    },
    observe: async (_call, ids, depth) => {
      log.push(`${depth} ${schema.type} ${ids.length}`);
      const denied = ids.filter((id) => parts.deny?.has(id.id));
      const found = present.filter(
        (one) => ids.some((id) => id.id === one.id.id && id.type === one.id.type) && !parts.deny?.has(one.id.id),
      );
      return {
        found: depth === "each" ? found : found.map(shallow),
        absent: ids.filter((id) => !parts.deny?.has(id.id) && !present.some((one) => one.id.id === id.id)),
        unknown: denied.map((id) => ({ id, reason: "denied" })),
      };
    },
  });
  const handlers = new Map([tagged, bare].map((schema) => [schema.type, handlerFor(schema)]));
  return { log, handler: (_provider: string, type: string) => handlers.get(type) };
}

function shallow(one: Observed): Observed {
  const { deep: _, ...props } = one.props;
  return { ...one, props };
}

const present = (row: ObjectRow, props: NativeMap = row.props, parts: Partial<Observed> = {}): Observed => ({
  id: row.id,
  props,
  attributes: row.attributes,
  ...(row.type === "tagged" ? { marks: { lineage, object: row.object, operation: "op" } } : {}),
  ...parts,
});

const one = object("machine.a:one", "tagged", { a: "1", deep: "x" });
const two = object("machine.b:two", "tagged", { a: "2", deep: "x" });
const three = object("machine.c:three", "bare", { a: "3" });
const rows = [rowOf(one, { a: "1", deep: "x" }), rowOf(two, { a: "2", deep: "x" }), rowOf(three, { a: "3" })];
const [rowOne, rowTwo, rowThree] = rows as [ObjectRow, ObjectRow, ObjectRow];
const clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0.5 };
const client: ObserveInput["client"] = async (place) => ({
  client: {},
  identity: { account: "acct", region: String(place.settings.region) },
});

function look(cloud: ReturnType<typeof cloudOf>, parts: Partial<ObserveInput> = {}) {
  return observeWorld({
    lineage,
    graph: graphOf([one, two, three]),
    rows,
    handler: cloud.handler,
    client,
    clock,
    signal: new AbortController().signal,
    ...parts,
  });
}

describe("what is asked", () => {
  test("one sweep per type with marks, ids in one call for the rest, nothing more when all is there", async () => {
    const cloud = cloudOf(rows.map((row) => present(row)));
    const world = await look(cloud);
    expect(cloud.log.sort()).toEqual(["find tagged here-1", "list bare 1"]);
    expect(world.calls).toEqual({ sweeps: 1, byId: 1, each: 0 });
    expect([...world.rows.values()].map((sight) => sight.kind)).toEqual(["found", "found", "found"]);
    expect(world.strays).toEqual([]);
    expect(world.identities.get("mem")).toEqual({ account: "acct", region: "here-1" });
  });

  test("300 rows of one type: still one sweep", async () => {
    const many = Array.from({ length: 300 }, (_, index) => object(`machine.m[${index}]:one`, "tagged", { a: "1", deep: "x" }));
    const manyRows = many.map((each) => rowOf(each, { a: "1", deep: "x" }));
    const cloud = cloudOf(manyRows.map((row) => present(row)));
    await look(cloud, { graph: graphOf(many), rows: manyRows });
    expect(cloud.log).toEqual(["find tagged here-1"]);
  });

  test("types of the source are swept although nothing is recorded of them yet", async () => {
    const stray = present(rowOne);
    const world = await look(cloudOf([stray]), { rows: [] });
    expect(world.strays.map((each) => each.observed.id.id)).toEqual([rowOne.id.id]);
  });

  test("2,500 ids are asked for in batches", async () => {
    const many = Array.from({ length: 2500 }, (_, index) => object(`machine.m[${index}]:three`, "bare", { a: "1" }));
    const manyRows = many.map((each) => rowOf(each, { a: "1" }));
    const cloud = cloudOf(manyRows.map((row) => present(row)));
    await look(cloud, { graph: graphOf([]), rows: manyRows });
    expect(cloud.log).toEqual(["list bare 1000", "list bare 1000", "list bare 500"]);
  });

  test("no more calls at once than asked for", async () => {
    let now = 0;
    let most = 0;
    const schemas = Array.from({ length: 20 }, (_, index) => schemaOf(`t${index}`, { props: { a: { type: "string" } } }));
    const objects = schemas.map((schema) => object(`machine.${schema.type}:o`, schema.type, { a: "1" }));
    const cloud = cloudOf([]);
    const handlers = new Map(
      schemas.map((schema) => [
        schema.type,
        {
          ...(cloud.handler("", "tagged") as Handler),
          schema,
          find: async () => {
            most = Math.max(most, ++now);
            await new Promise((resolve) => setTimeout(resolve, 1));
            now--;
            return [];
          },
        },
      ]),
    );
    await look(cloud, { graph: graphOf(objects), rows: [], concurrency: 3, handler: (_, type) => handlers.get(type) });
    expect(most).toBe(3);
  });
});

describe("absence", () => {
  test("what a sweep misses is asked for by id before it counts as gone", async () => {
    const stripped = present(rowTwo, rowTwo.props, { marks: {} });
    const cloud = cloudOf([stripped, present(rowThree)]);
    const world = await look(cloud);
    expect(cloud.log).toContain("list tagged 2");
    expect(world.rows.get(rowOne.object)).toEqual({ kind: "absent" });
    expect(world.rows.get(rowTwo.object)).toMatchObject({ kind: "found" });
  });

  test("another incarnation under the same id is not the object", async () => {
    const row = { ...rowOne, id: { ...rowOne.id, incarnation: "1" } };
    const reused = present(row, row.props, { id: { ...row.id, incarnation: "2" } });
    const world = await look(cloudOf([reused]), { rows: [row], acceptLoss: true });
    expect(world.rows.get(row.object)).toEqual({ kind: "absent" });
  });

  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => rowOf(object(`machine.m[${index}]:one`, "tagged", { a: "1" }), { a: "1" }));
  const guard = async (there: number, all: number, parts: Partial<ObserveInput> = {}) => {
    const all_ = many(all);
    return (
      await look(cloudOf(all_.slice(0, there).map((row) => present(row))), { rows: all_, graph: graphOf([]), ...parts })
    ).problems.map((problem) => problem.kind);
  };

  test("the guard: all gone, or over half and more than three", async () => {
    expect(await guard(0, 1)).toEqual(["absence"]);
    expect(await guard(1, 4)).toEqual([]);
    expect(await guard(3, 7)).toEqual(["absence"]);
    expect(await guard(4, 8)).toEqual([]);
    expect(await guard(0, 9, { acceptLoss: true })).toEqual([]);
  });

  test("the guard names who was asked", async () => {
    const world = await look(cloudOf([]));
    expect(world.problems).toMatchObject([
      { kind: "absence", message: "3 of 3 objects are not in account acct in here-1, which `mem` asked" },
    ]);
  });

  test("objects that are on their way out do not count", async () => {
    const leaving = many(5).map((row) => ({ ...row, status: "retiring" as const }));
    expect((await look(cloudOf([]), { rows: leaving, graph: graphOf([]) })).problems).toEqual([]);
  });
});

describe("not told is not gone", () => {
  test("an id that is denied", async () => {
    const world = await look(cloudOf([present(rowOne), present(rowTwo)], { deny: new Set([rowThree.id.id]) }));
    expect(world.rows.get(rowThree.object)).toEqual({ kind: "unknown", reason: "denied" });
  });

  test("an id that the handler leaves out", async () => {
    const cloud = cloudOf([present(rowOne), present(rowTwo)]);
    const handler = { ...(cloud.handler("", "bare") as Handler), observe: async () => ({ found: [], absent: [], unknown: [] }) };
    const world = await look(cloud, { handler: (_, type) => (type === "bare" ? handler : cloud.handler("", type)) });
    expect(world.rows.get(rowThree.object)).toMatchObject({ kind: "unknown" });
  });

  test("a sweep that is denied", async () => {
    const denied = () => Promise.reject(new ProviderError("not allowed", { code: "denied", effect: "none" }));
    const world = await look(cloudOf([present(rowThree)], { find: denied }));
    expect(world.rows.get(rowOne.object)).toEqual({ kind: "unknown", reason: "not allowed" });
    const fresh = await look(cloudOf([], { find: denied }), { rows: [] });
    expect(fresh.problems).toMatchObject([{ kind: "unknown" }]);
  });

  test("a cloud that cannot be reached", async () => {
    const world = await look(cloudOf([]), {
      client: () => Promise.reject(new ProviderError("no credentials", { code: "denied", effect: "none", hint: "log in" })),
    });
    expect(world.problems).toMatchObject([{ kind: "unknown", hint: "log in" }]);
    expect(world.rows.get(rowOne.object)).toEqual({ kind: "unknown", reason: "no credentials" });
  });

  test("a throttled call is repeated, one that stays so is not known", async () => {
    let answers = 0;
    const find = async () => {
      if (answers++ < 3) throw new ProviderError("slow down", { code: "throttled", effect: "none" });
      return [present(rowOne), present(rowTwo)];
    };
    expect((await look(cloudOf([present(rowThree)], { find }))).rows.get(rowOne.object)).toMatchObject({ kind: "found" });
    const never = () => Promise.reject(new ProviderError("slow down", { code: "throttled", effect: "none" }));
    expect((await look(cloudOf([present(rowThree)], { find: never }))).rows.get(rowOne.object)).toEqual({
      kind: "unknown",
      reason: "slow down",
    });
  });

  test("a defect is thrown", async () => {
    await expect(look(cloudOf([], { find: () => Promise.reject(new TypeError("bug")) }))).rejects.toThrow("bug");
  });
});

test("another account than the state's is an error, and nothing is asked there", async () => {
  const cloud = cloudOf([]);
  const world = await look(cloud, { client: async () => ({ client: {}, identity: { account: "other", region: "here-1" } }) });
  expect(world.problems).toMatchObject([{ kind: "account", message: expect.stringContaining("account acct") }]);
  expect(cloud.log).toEqual([]);
});

describe("strays", () => {
  test("our lineage without a row", async () => {
    const stranger: ObjectId = { ...rowOne.id, id: "stray" };
    const world = await look(cloudOf([...rows.map((row) => present(row)), present(rowOne, {}, { id: stranger })]));
    expect(world.strays).toMatchObject([{ observed: { id: { id: "stray" } }, place: { name: "mem", settings } }]);
  });
});

describe("places", () => {
  test("a removed cloud block is asked by the rows' own settings, a moved region by both", async () => {
    const asked: string[] = [];
    const track: ObserveInput["client"] = async (place) => {
      asked.push(String(place.settings.region));
      return client(place);
    };
    await look(cloudOf(rows.map((row) => present(row))), { graph: graphOf([], { clouds: new Map() }), client: track });
    expect(asked).toEqual(["here-1"]);
    asked.length = 0;
    const clouds = new Map([["mem", { provider: "memory", settings: { region: "far-2" } }]]);
    await look(cloudOf(rows.map((row) => present(row))), { graph: graphOf([one], { clouds }), client: track });
    expect(asked.sort()).toEqual(["far-2", "here-1"]);
  });

  test("two names of one place are asked once", async () => {
    const clouds = new Map([
      ["mem", { provider: "memory", settings }],
      ["again", { provider: "memory", settings: { ...settings } }],
    ]);
    const cloud = cloudOf(rows.map((row) => present(row)));
    await look(cloud, { graph: graphOf([one, object("machine.z:one", "tagged", { a: "1" }, { cloud: "again" })], { clouds }) });
    expect(cloud.log.filter((line) => line.startsWith("find"))).toEqual(["find tagged here-1"]);
  });
});

describe("reading deeper", () => {
  const planOn = (objects: Parameters<typeof graphOf>[0], cloud: ReturnType<typeof cloudOf>, parts = {}) =>
    makePlan({
      ...inputOf(objects, rows, { schemas: [] }),
      handler: cloud.handler,
      secrets: keeper,
      look: { client, clock, signal: new AbortController().signal },
      ...parts,
    });

  test("an untouched object costs no read", async () => {
    const cloud = cloudOf(rows.map((row) => present(row)));
    const made = await planOn([one, two, three], cloud);
    expect(made.plan?.changes).toEqual([]);
    expect(made.observed.calls.each).toBe(0);
  });

  test("only touched objects are read, all of a type in one call", async () => {
    const cloud = cloudOf(rows.map((row) => present(row)));
    const made = await planOn([{ ...one, props: { ...one.props, a: "new" } }, two, three], cloud);
    expect(cloud.log.filter((line) => line.startsWith("each"))).toEqual(["each tagged 1"]);
    expect(made.plan?.changes).toMatchObject([{ key: one.key }]);
  });

  test("an edit of a deep prop is found, and its drift is seen once the object is touched", async () => {
    const drifted = cloudOf([present(rowOne, { a: "1", deep: "moved" }), present(rowTwo), present(rowThree)]);
    expect((await planOn([one, two, three], drifted)).plan?.changes).toEqual([]);
    const edited = await planOn([{ ...one, props: { a: "1", deep: "y" } }, two, three], drifted);
    expect(edited.plan?.changes[0]?.props).toMatchObject([{ prop: "deep", from: "moved", to: "y", cause: "both" }]);
    const beside = await planOn([{ ...one, props: { a: "new", deep: "x" } }, two, three], drifted);
    expect(beside.plan?.changes[0]?.props.map((change) => [change.prop, change.cause])).toEqual([
      ["a", "author"],
      ["deep", "drift"],
    ]);
  });

  test("--deep reads all", async () => {
    const cloud = cloudOf([present(rowOne, { a: "1", deep: "moved" }), present(rowTwo), present(rowThree)]);
    const made = await planOn([one, two, three], cloud, { look: { client, clock, signal: new AbortController().signal, deep: true } });
    expect(cloud.log.filter((line) => line.startsWith("each"))).toEqual(["each tagged 2"]);
    expect(made.plan?.changes[0]?.props).toMatchObject([{ prop: "deep", cause: "drift" }]);
  });

  test("for a plan file: only what it touches, by id", async () => {
    const cloud = cloudOf(rows.map((row) => present(row)));
    const made = await planOn([{ ...one, props: { ...one.props, a: "new" } }, two, three], cloud, {
      look: { client, clock, signal: new AbortController().signal, only: { keys: new Set([one.key]), strays: [] } },
    });
    expect(cloud.log).toEqual(["list tagged 1", "each tagged 1"]);
    expect(made.plan?.changes).toMatchObject([{ key: one.key }]);
  });

  test("offline asks nothing", async () => {
    const cloud = cloudOf([]);
    const made = await planOn([{ ...one, props: { ...one.props, a: "new" } }, two, three], cloud, { offline: true });
    expect(cloud.log).toEqual([]);
    expect(made.plan).toMatchObject({ offline: true, changes: [{ key: one.key }] });
  });
});

test("objects that the source names by id are read deep", async () => {
  const named = object("machine.x:one", "tagged", { a: "1" }, { annotations: { existing: "ext-1" } });
  const cloud = cloudOf([present(rowOne, { a: "1", deep: "x" }, { id: { ...rowOne.id, id: "ext-1" }, marks: {} })]);
  const world = await look(cloud, { rows: [], graph: graphOf([named]) });
  expect(world.named.get(named.key)).toMatchObject({ kind: "found", depth: "each", observed: { props: { deep: "x" } } });
  const missing = await look(cloudOf([]), { rows: [], graph: graphOf([named]) });
  expect(missing.named.get(named.key)).toEqual({ kind: "absent" });
  expect(buildPlan({ ...inputOf([named], [], { schemas: [tagged] }), observed: missing }).problems).toMatchObject([{ kind: "existing" }]);
});
