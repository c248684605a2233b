import { describe, expect, test } from "vitest";
import { makeAddress, makeDeferred, makeResource, makeSecret, makeSize } from "../../grammar/graph/make-value.ts";
import type { Output } from "../../grammar/graph/resource-graph.ts";
import type { Value } from "../../grammar/graph/value.ts";
import { string } from "../../grammar/types/type.ts";
import { keeper, lineage, otherKeeper } from "../../test/support/planning.ts";
import { nativeRef } from "../lower/native-value.ts";
import type { OutputRow } from "../state/store.ts";
import { diffOutputs, finishOutput, openOutput, outputRow } from "./outputs.ts";

const origin = { address: "machine.web", path: ["ip"] };
const deferred = makeDeferred(string, [origin], { op: "attribute", origin });
const output = (name: string, value: Value, secret = false): Output => ({
  name,
  type: string,
  value,
  secret,
  span: { file: "m", start: 0, end: 1 },
});
const context = (ip?: string) => ({ attribute: () => ip, outputs: new Map([["machine.web", { ip: nativeRef("machine.web:o", "Ip") }]]) });
const diff = (outputs: readonly Output[], recorded: Record<string, OutputRow>, ip?: string, destroy = false, secrets = keeper) =>
  diffOutputs({ outputs: new Map(outputs.map((one) => [one.name, one])), recorded, lineage, secrets, destroy }, context(ip));

test("values as plain data", () => {
  const value = new Map<string, Value>([
    ["size", makeSize(1024)],
    ["at", [makeAddress("ip", "10.0.0.1"), makeResource("machine", "machine.web")]],
    ["ip", deferred],
    ["secret", makeSecret("x")],
  ]);
  expect(finishOutput(output("o", value), context("1.2.3.4"))).toEqual({
    kind: "known",
    data: { size: 1024, at: ["10.0.0.1", "machine.web"], ip: "1.2.3.4", secret: "x" },
  });
  expect(finishOutput(output("o", value), context())).toEqual({ kind: "deferred", waitsFor: ["machine.web.ip"] });
});

describe("changes", () => {
  test("new, changed, equal, deferred, gone", () => {
    expect(diff([output("a", "1")], {})).toEqual([{ name: "a", to: "1", deferred: false, secret: false }]);
    expect(diff([output("a", "2")], { a: { value: "1", secret: false } })).toEqual([
      { name: "a", from: "1", to: "2", deferred: false, secret: false },
    ]);
    expect(diff([output("a", "1")], { a: { value: "1", secret: false } })).toEqual([]);
    expect(diff([output("a", deferred)], { a: { value: "1", secret: false } })).toEqual([
      { name: "a", from: "1", deferred: true, secret: false, waitsFor: ["machine.web.ip"] },
    ]);
    expect(diff([output("a", deferred)], { a: { value: "1", secret: false } }, "1")).toEqual([]);
    expect(diff([], { a: { value: "1", secret: false } })).toEqual([{ name: "a", from: "1", deferred: false, secret: false }]);
    expect(diff([output("a", "1")], { a: { value: "1", secret: false } }, undefined, true)).toHaveLength(1);
  });

  test("secret ones are sealed, compared unsealed, and never shown", () => {
    const row = outputRow("a", "hunter2", true, lineage, keeper);
    expect(JSON.stringify(row)).not.toContain("hunter2");
    expect(openOutput("a", row, lineage, keeper)).toBe("hunter2");
    expect(diff([output("a", makeSecret("hunter2"), true)], { a: row })).toEqual([]);
    expect(diff([output("a", makeSecret("other"), true)], { a: row })).toEqual([{ name: "a", deferred: false, secret: true }]);
    expect(diff([output("a", makeSecret("other"), true)], { a: row }, undefined, false, otherKeeper)).toEqual([]);
    // What was secret is not shown when it no longer is.
    expect(JSON.stringify(diff([output("a", "hunter2")], { a: row }))).not.toContain("hunter2");
  });
});
