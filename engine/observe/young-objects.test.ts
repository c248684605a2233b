import { expect, test } from "vitest";
import { graphOf, lineage, object, rowOf, schemaOf } from "../../test/support/planning.ts";
import type { Handler } from "../provider/provider.ts";
import type { ObserveInput } from "./look.ts";
import { observeWorld } from "./observe.ts";

const schema = schemaOf("tagged", { props: { a: { type: "string" } } });
const thing = object("machine.a:one", "tagged", { a: "1" });

/** Looks at one row, made at `madeAt`, on a clock that starts at 100,000 ms; the cloud's indexes show the object from `shownAt` on. */
async function look(madeAt: number | undefined, shownAt: number, parts: Partial<ObserveInput> = {}) {
  const row = { ...rowOf(thing, { a: "1" }), ...(madeAt !== undefined && { madeAt }) };
  let now = 100_000;
  let asked = 0;
  const seen = () => ({ id: row.id, props: { a: "1" }, attributes: {}, marks: { lineage, object: row.object, operation: "op" } });
  const handler: Handler = {
    schema,
    steps: () => [],
    perform: () => Promise.reject(new Error("a look changes nothing")),
    poll: () => Promise.reject(new Error("a look polls nothing")),
    blockers: async () => [],
    find: async () => [],
    observe: async (_call, ids) => {
      asked += 1;
      return now >= shownAt ? { found: [seen()], absent: [], unknown: [] } : { found: [], absent: ids, unknown: [] };
    },
  };
  const world = await observeWorld({
    lineage,
    graph: graphOf([thing]),
    rows: [row],
    handler: () => handler,
    client: async () => ({ client: {}, identity: { account: row.id.account, region: row.id.region } }),
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
      random: () => 0.5,
    },
    signal: new AbortController().signal,
    acceptLoss: true,
    ...parts,
  });
  return { kind: world.rows.get(row.object)?.kind, waited: now - 100_000, asked };
}

test("what was made a moment ago is asked for until the indexes show it", async () => {
  const { kind, waited } = await look(99_000, 120_000);
  expect(kind).toBe("found");
  expect(waited).toBeGreaterThanOrEqual(20_000);
  expect(waited).toBeLessThan(60_000);
});

test("what no index shows a minute after it was made is gone", async () => {
  const { kind, waited, asked } = await look(99_000, Number.POSITIVE_INFINITY);
  expect(kind).toBe("absent");
  expect(waited).toBeGreaterThanOrEqual(59_000);
  expect(waited).toBeLessThan(62_000);
  expect(asked).toBeLessThan(20);
});

test("an older object, and one of which it is not known, is asked for once", async () => {
  expect(await look(30_000, Number.POSITIVE_INFINITY)).toEqual({ kind: "absent", waited: 0, asked: 1 });
  expect(await look(undefined, Number.POSITIVE_INFINITY)).toEqual({ kind: "absent", waited: 0, asked: 1 });
});

test("a clock that is an hour behind waits no longer than the minute", async () => {
  const { kind, waited } = await look(3_700_000, Number.POSITIVE_INFINITY);
  expect(kind).toBe("absent");
  expect(waited).toBeLessThan(62_000);
});

test("an embedded cloud whose indexes do not trail is waited for accordingly", async () => {
  const { waited } = await look(99_900, Number.POSITIVE_INFINITY, { visibleWithin: 1_000 });
  expect(waited).toBeLessThan(1_500);
});
