// What goes back and what stays, row by row.

import { describe, expect, test } from "vitest";
import { makeObjectRow } from "../../test/support/state-rows.ts";
import { describeRelease } from "./release.ts";
import { isOfLineage, listImports, planRollback, type Rollback, takenLineage } from "./rollback.ts";
import type { ObjectRow, SerialRow } from "./store.ts";

const by = { run: "run", at: 1 };

function row(object: string, address = `network.${object}`, rest: Partial<ObjectRow> = {}): ObjectRow {
  return makeObjectRow(object, { address, ...rest });
}

const serials = (...causes: readonly string[]): readonly SerialRow[] =>
  causes.map((cause, index) => ({ serial: index, at: 0, cause })).toReversed();

function roll(
  then: readonly ObjectRow[],
  now: readonly ObjectRow[],
  causes: readonly string[],
  imported: readonly string[] = [],
): Rollback {
  const released = then.map((one) => describeRelease(one, { ...by, cause: "rm" }));
  return planRollback({ serial: 1, serials: serials("", "apply", ...causes), now, then, imported: new Set(imported), released, by });
}

const keysOf = (rows: readonly ObjectRow[]): readonly string[] => rows.map((one) => `${one.object} ${one.key}`);

describe("rollback", () => {
  test("a row that was let go of comes back, and the word that it was let go of is void", () => {
    const { change, revived } = roll([row("a")], [], ["rm network.a"]);
    expect(keysOf(revived)).toEqual(["a network.a:vpc"]);
    expect(change.putObjects).toEqual([row("a")]);
    expect(change.putJournal?.map((entry) => [entry.operation, entry.state])).toEqual([["a", "never"]]);
  });

  test("without a run since, a row is exactly as it was", () => {
    const { change } = roll([row("a")], [row("a", "network.b", { props: { Cidr: "x" }, was: "network.a:vpc" })], ["mv", "push"]);
    expect(change.putObjects).toEqual([row("a")]);
  });

  test("what a run wrote since stays; the address goes back, and the marks are made anew", () => {
    const now = row("a", "network.b", { props: { Cidr: "new" } });
    const { change, restored } = roll([row("a", "network.a", { props: { Cidr: "old" } })], [now], ["mv", "apply"]);
    expect(restored).toEqual([row("a", "network.a", { props: { Cidr: "new" }, was: "network.b:vpc" })]);
    expect(change.putObjects).toEqual(restored);
    const unmoved = roll(
      [row("a", "network.a", { props: { Cidr: "old" } })],
      [row("a", "network.a", { props: { Cidr: "new" } })],
      ["apply"],
    );
    expect(unmoved.change.putObjects).toEqual([]);
  });

  test("what was made since stays, and an earlier row does not take its place", () => {
    const { change, kept, superseded, revived } = roll([row("a")], [row("b", "network.a")], ["apply"]);
    expect(keysOf(kept)).toEqual(["b network.a:vpc"]);
    expect(keysOf(superseded)).toEqual(["a network.a:vpc"]);
    expect(revived).toEqual([]);
    expect(change).toMatchObject({ putObjects: [], removeObjects: [], putJournal: [] });
  });

  test("one object never has two rows: adopted again under another mark, it keeps that", () => {
    const adopted = row("b", "network.b", { id: row("a").id });
    expect(roll([row("a")], [adopted], ["rm", "apply"])).toMatchObject({ revived: [], superseded: [row("a")], kept: [adopted] });
  });

  test("a row that a push brought goes, and its object is let go of", () => {
    const { change, dropped } = roll([row("a")], [row("a"), row("b")], ["push"], ["b"]);
    expect(keysOf(dropped)).toEqual(["b network.b:vpc"]);
    expect(change.removeObjects).toEqual(["b"]);
    expect(change.putJournal?.map((entry) => [entry.operation, entry.state, entry.row.id.id])).toEqual([["b", "released", "vpc-b"]]);
  });

  test("pushes and rollbacks bring rows; a push of another lineage is a border", () => {
    const list = serials("", "apply", "push", "mv a b", "rollback to 1", takenLineage, "apply");
    expect(listImports(list, 2).map((one) => one.serial)).toEqual([5, 4]);
    expect([4, 5].map((serial) => isOfLineage(list, serial))).toEqual([false, true]);
  });
});
