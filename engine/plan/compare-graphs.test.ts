// What an edit of the sources means between two native graphs, by the schemas alone.

import { expect, test } from "vitest";
import { object, schemaOf } from "../../test/support/planning.ts";
import type { NativeGraph, NativeObject } from "../lower/native-graph.ts";
import { nativeRef } from "../lower/native-value.ts";
import { compareGraphs } from "./compare-graphs.ts";

const schemas = new Map(
  [
    schemaOf("net", {
      props: {
        range: { type: "string", immutable: true },
        size: { type: "int", default: 1, replaceWhen: (from, to) => ((to ?? 0) < (from ?? 0) ? "it shrinks" : undefined) },
      },
    }),
    schemaOf("part", { props: { net: { type: "string", immutable: true }, peers: { type: "set" } }, dataBearing: true }),
  ].map((schema) => [schema.type, schema]),
);

const graph = (...objects: readonly NativeObject[]): NativeGraph => ({
  stack: "s",
  objects: new Map(objects.map((one) => [one.key, one])),
  outputs: new Map(),
  stackOutputs: new Map(),
  asserts: [],
  clouds: new Map(),
  pinRequests: [],
  choices: [],
});
const compare = (before: NativeGraph | undefined, after: NativeGraph) =>
  compareGraphs({ before, after, schema: (_, type) => schemas.get(type) });
const net = (props: NativeObject["props"], key = "net.a:net") => object(key, "net", props);
const part = (to: string, props: NativeObject["props"] = {}) => object("part.p:part", "part", { net: nativeRef(to, "id"), ...props });

test("what is the same by the schema is the same: order of sets, defaults", () => {
  const before = graph(net({ range: "x" }), part("net.a:net", { peers: ["1", "2"] }));
  const after = graph(net({ range: "x", size: 1 }), part("net.a:net", { peers: ["2", "1"] }));
  expect(compare(before, after)).toEqual({ changes: [], unchanged: 2, outputs: [] });
});

test("a shrinking size replaces, a growing one does not", () => {
  const [grown] = compare(graph(net({ size: 1 })), graph(net({ size: 2 }))).changes;
  const [shrunk] = compare(graph(net({ size: 2 })), graph(net({ size: 1 }))).changes;
  expect(grown).toMatchObject({ action: "update" });
  expect(shrunk).toMatchObject({ action: "replace", props: [{ prop: "size", forces: "it shrinks" }] });
});

test("who names by an immutable prop what is replaced is replaced with it, and data goes", () => {
  const { changes } = compare(graph(net({ range: "x" }), part("net.a:net")), graph(net({ range: "y" }), part("net.a:net")));
  expect(changes).toMatchObject([
    { key: "net.a:net", action: "replace", impact: "none" },
    { key: "part.p:part", action: "replace", impact: "data-loss", props: [{ prop: "net", cause: "replacement", forces: "immutable" }] },
  ]);
});

test("who names what was renamed names the same", () => {
  const renamed = { ...net({ range: "x" }, "net.b:net"), annotations: { was: ["net.a"] } };
  expect(compare(graph(net({ range: "x" }), part("net.a:net")), graph(renamed, part("net.b:net"))).changes).toMatchObject([
    { key: "net.b:net", action: "rename", previousAddress: "net.a" },
  ]);
});

test("without a former revision all is new; what goes ends, what is forgotten stays", () => {
  expect(compare(undefined, graph(net({}))).changes).toMatchObject([{ action: "create" }]);
  const forgotten = { ...net({}), annotations: { forget: true as const } };
  expect(compare(graph(forgotten, part("net.a:net")), graph()).changes.map(({ action, impact }) => [action, impact])).toEqual([
    ["forget", "none"],
    ["delete", "data-loss"],
  ]);
});
