// What goes into a report and in which order; a plan that could not be made always says why.

import { describe, expect, test } from "vitest";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Diagnostic } from "../../grammar/diagnostics/diagnostic.ts";
import type { ResourceGraph } from "../../grammar/graph/resource-graph.ts";
import { makeChangeView } from "../../test/support/change-views.ts";
import { buildFailedReport, buildReport, type ReportedPlan, type ReportHead, serialiseReport } from "./build-report.ts";
import { parseReport } from "./parse-report.ts";
import type { ChangeView } from "./plan-view.ts";

const head: ReportHead = {
  koine: "0.1.0",
  stack: { name: "shop", folder: "stacks/shop" },
  world: "real",
  mode: {},
  createdAt: "2026-11-23T05:30:00.000Z",
};

const sources = new Map([
  ["main.koine", { path: "main.koine", text: "stack shop\nmachine web {}\n" }],
  ["../lib/disk.koine", { path: "../lib/disk.koine", text: "disk data {}\n" }],
  ["../../../elsewhere.koine", { path: "../../../elsewhere.koine", text: "x\n" }],
]);

const change = (address: string, action: ChangeView["action"], file = "main.koine"): ChangeView =>
  makeChangeView(`${address}:thing`, action, { span: { file, start: 11, end: 12 } });

const planOf = (changes: readonly ChangeView[]): ReportedPlan => ({
  changes,
  outputs: [],
  strays: [],
  settled: [],
  warnings: [],
  destroy: false,
  unchanged: 4,
});

/** Only what is read of the graphs. */
const graphOf = (addresses: readonly string[]): ResourceGraph =>
  ({
    clouds: new Map([["here", { name: "here", provider: "memory", settings: { region: "here-1" } }]]),
    resources: new Map(
      addresses.map((address) => [
        address,
        { address, kind: "machine", cloud: "here", provider: "memory", props: {}, blocks: {}, rules: [], references: ["network.main"] },
      ]),
    ),
  }) as unknown as ResourceGraph;
const native = { objects: new Map() } as unknown as NativeGraph;

const build = (changes: readonly ChangeView[], addresses: readonly string[] = []) =>
  buildReport({ head, plan: planOf(changes), graph: graphOf(addresses), native, sources, diagnostics: [] });

describe("a report", () => {
  test("tells ends first, then the rest, each by address", () => {
    const report = build([
      change("disk.a", "create"),
      change("machine.b", "delete"),
      change("machine.a", "update"),
      change("disk.z", "replace"),
      change("disk.c", "delete"),
    ]);
    expect(report.groups.map(({ address }) => address)).toEqual(["disk.c", "disk.z", "machine.b", "disk.a", "machine.a"]);
    expect(report.counts).toEqual({
      create: 1,
      update: 1,
      replace: 1,
      delete: 2,
      adopt: 0,
      forget: 0,
      rename: 0,
      unchanged: 4,
      leftOut: 0,
    });
    expect(report.clouds).toEqual([{ name: "here", provider: "memory", place: "here-1" }]);
  });

  test("names places from the root of the repository, and none outside of it", () => {
    const places = build([
      change("machine.a", "update"),
      change("machine.b", "update", "../lib/disk.koine"),
      change("machine.c", "update", "../../../elsewhere.koine"),
    ]).groups.map(({ place }) => place);
    expect(places).toEqual([
      { file: "stacks/shop/main.koine", line: 2, column: 1 },
      { file: "stacks/lib/disk.koine", line: 1, column: 12 },
      undefined,
    ]);
  });

  test("draws what stays and what goes, as long as there is little of it", () => {
    const report = build([change("machine.old", "delete"), change("machine.web", "create")], ["machine.web", "network.main"]);
    expect(report.graph).toEqual({
      nodes: [
        { address: "machine.web", kind: "machine", cloud: "here", action: "create" },
        { address: "network.main", kind: "machine", cloud: "here" },
        { address: "machine.old", kind: "machine", cloud: "here", action: "delete" },
      ],
      edges: [[0, 1]],
    });
    expect(parseReport(serialiseReport(report))).toEqual({ report });
    const many = build(
      [],
      Array.from({ length: 2_001 }, (_, index) => `machine.web[${index}]`),
    );
    expect([many.graph, many.lowered]).toEqual([undefined, undefined]);
  });
});

describe("a plan that could not be made", () => {
  const wrong: Diagnostic = { code: "K2107", severity: "error", message: "they overlap", span: { file: "main.koine", start: 11, end: 12 } };

  test("has its problems with places", () => {
    const problems = [{ message: "it is protected", hint: "take the mark away", span: { file: "main.koine", start: 0, end: 1 } }];
    const report = buildFailedReport({ head, problems, diagnostics: [], sources });
    expect(report.problems).toEqual([
      { message: "it is protected", hint: "take the mark away", place: { file: "stacks/shop/main.koine", line: 1, column: 1 } },
    ]);
    expect(report.digest).toBeUndefined();
  });

  test("never reads as if nothing changed: mistakes in the sources are a problem, and so is no reason at all", () => {
    expect(buildFailedReport({ head, problems: [], diagnostics: [wrong], sources }).problems).toEqual([
      { message: "the sources have 1 error" },
    ]);
    expect(buildFailedReport({ head, problems: [], diagnostics: [], sources }).problems).toHaveLength(1);
  });
});
