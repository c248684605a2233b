import { expect, it } from "vitest";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { NativeSchema } from "../../engine/provider/native-schema.ts";
import type { Call, ObjectId, Step } from "../../engine/provider/provider.ts";
import { type Described, type HandlerDefinition, makeHandler } from "./handler.ts";

const schema: NativeSchema = {
  type: "cloud.Thing",
  version: 1,
  marks: "tags",
  naturalKey: ["name"],
  props: { name: { type: "string" } },
  attributes: {},
  timeouts: { create: 1, update: 1, delete: 1 },
};
const identity = { account: "one", region: "here" };
const call = { client: {}, identity, signal: AbortSignal.timeout(5_000) } as unknown as Call<object>;
const thing = (id: string, more: Partial<Described> = {}): Described => ({ id, props: { name: id }, attributes: {}, ...more });
const idOf = (id: string, more: Partial<ObjectId> = {}): ObjectId => ({ type: schema.type, ...identity, id, ...more });
const stepOf = (more: Partial<Step> = {}): Step => ({
  key: "s",
  operation: "x:y",
  body: {},
  replay: "idempotent",
  impact: "none",
  ...more,
});

function handlerOf(rows: readonly Described[], more: Partial<HandlerDefinition<object>> = {}) {
  return makeHandler<object, Described>({
    schema,
    steps: () => [],
    perform: () => Promise.reject(new Error("a look changes nothing")),
    mostPerRead: 10,
    read: async () => ({ rows }),
    search: async () => rows,
    ...more,
  });
}

it("answers every id: found, absent, or not to be told", async () => {
  const unseen = (id: string): string | undefined => (id === "hidden" ? "its zone is silent" : undefined);
  const handler = handlerOf([], { read: async () => ({ rows: [thing("a"), thing("b", { dead: true })], unseen }) });
  const ids = [idOf("a"), idOf("b"), idOf("c"), idOf("hidden"), idOf("a", { region: "there" })];
  const seen = await handler.observe(call, ids, "list");
  expect(seen.found.map((each) => each.id.id)).toEqual(["a"]);
  expect(seen.absent.map((id) => id.id)).toEqual(["b", "c"]);
  expect(seen.unknown.map(({ id, reason }) => [id.region, id.id, reason])).toEqual([
    ["there", "a", "it belongs to account one in there, and one in here was asked"],
    ["here", "hidden", "its zone is silent"],
  ]);
});

it("reads each parent once", async () => {
  const asked: (readonly string[])[] = [];
  const handler = handlerOf([], {
    parentOf: (id) => id.split("|")[0] ?? "",
    read: async (_call, parents) => {
      asked.push(parents);
      return { rows: [] };
    },
  });
  await handler.observe(call, [idOf("p|1"), idOf("p|2"), idOf("q|1")], "list");
  expect(asked).toEqual([["p", "q"]]);
});

it("gives global objects an id without a region", async () => {
  const handler = handlerOf([thing("a", { incarnation: "7" })], { schema: { ...schema, global: true } });
  const id = { ...idOf("a"), region: "global" };
  const seen = await handler.observe(call, [id], "list");
  expect(seen.found.map((each) => each.id)).toEqual([{ ...id, incarnation: "7" }]);
});

it("finds by natural key only what has the key, and never what is dead", async () => {
  const handler = handlerOf([thing("a"), thing("b"), thing("c", { dead: "going" })]);
  expect((await handler.find(call, { kind: "natural", props: { name: "b" } })).map((each) => each.id.id)).toEqual(["b"]);
  expect((await handler.find(call, { kind: "lineage", lineage: "l" })).map((each) => each.id.id)).toEqual(["a", "b"]);
});

it("takes another of the same name for gone", async () => {
  const handler = handlerOf([thing("a", { incarnation: "2" })]);
  const old = { id: idOf("a", { incarnation: "1" }) };
  expect(await handler.poll(call, stepOf({ deletes: true }), old)).toEqual({ kind: "done" });
  expect(await handler.poll(call, stepOf(), old)).toMatchObject({ kind: "pending", note: "not visible yet" });
  expect(await handler.poll(call, stepOf(), { id: idOf("a", { incarnation: "2" }) })).toMatchObject({ kind: "done" });
});

it("does not take silence for the end of a delete", async () => {
  const handler = handlerOf([], { read: async () => ({ rows: [], unseen: () => "its zone is silent" }) });
  const look = handler.poll(call, stepOf({ deletes: true }), { id: idOf("a") });
  await expect(look).rejects.toMatchObject({ message: "its zone is silent", details: { code: "unavailable" } });
});

it("asks the operation before the object", async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { rows: [thing("a")] };
  };
  const pending = { kind: "pending", retryAfter: 5 } as const;
  const on = { id: idOf("a"), handle: "h" };
  expect(await handlerOf([], { read, settleHandle: async () => pending }).poll(call, stepOf(), on)).toBe(pending);
  expect(reads).toBe(0);
  expect(await handlerOf([], { read, settleHandle: async () => undefined }).poll(call, stepOf(), on)).toMatchObject({ kind: "done" });
});

it("completes what it found, but not for a poll where the rows say enough", async () => {
  const complete = async (_call: Call<object>, rows: readonly Described[]) => rows.map((row) => ({ ...row, attributes: { full: true } }));
  const on = { id: idOf("a") };
  expect(await handlerOf([thing("a")], { complete }).poll(call, stepOf(), on)).toMatchObject({ observed: { attributes: { full: true } } });
  expect(await handlerOf([thing("a")], { complete, completesPolls: false }).poll(call, stepOf(), on)).toMatchObject({
    observed: { attributes: {} },
  });
});

it.each(["throttled", "unavailable", "timeout", "not_ready"] as const)("leaves %s to the engine, which asks again", async (code) => {
  const read = () => Promise.reject(new ProviderError("later", { code, effect: "none" }));
  await expect(handlerOf([], { read }).observe(call, [idOf("a")], "list")).rejects.toMatchObject({ details: { code } });
});
