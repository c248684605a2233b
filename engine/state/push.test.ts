// What `state push` takes and what it refuses, and what becomes of rows, entries and outputs.

import { describe, expect, test } from "vitest";
import { makeObjectRow } from "../../test/support/state-rows.ts";
import { type Push, type PushInput, planPush } from "./push.ts";
import { describeRelease } from "./release.ts";
import { takenLineage } from "./rollback.ts";
import { parseSnapshot, type StateSnapshot, serialiseSnapshot } from "./snapshot.ts";
import type { JournalEntry, ObjectRow } from "./store.ts";

const lineage = "1".repeat(32);
const by = { run: "run", at: 1 };

function row(digit: string, props: ObjectRow["props"] = {}): ObjectRow {
  return makeObjectRow(digit.repeat(32), { address: `network.n${digit}`, props });
}

function entry(digit: string, state: JournalEntry["state"]): JournalEntry {
  return { ...describeRelease(row(digit), { ...by, cause: "" }), operation: `e${digit.repeat(31)}`, action: "create", state };
}

const file: StateSnapshot = {
  version: 1,
  lineage,
  serial: 5,
  stack: "shop",
  objects: [row("a"), row("b")],
  journal: { open: [], ended: [entry("a", "happened")] },
  outputs: { url: { value: "x", secret: false } },
  runs: [{ id: "r2", command: "apply", startedAt: 2, serialBefore: 1, basis: "b", changes: "c", endedAt: 3, result: "done" }],
};

function push(parts: Partial<PushInput> & { readonly serial?: number; readonly lineage?: string } = {}): Push {
  const { serial = 5, lineage: own = lineage, ...rest } = parts;
  const meta = { lineage: own, serial, format: 2, stack: "shop" };
  return planPush({
    file,
    meta,
    rows: [...file.objects],
    open: [],
    ended: file.journal.ended,
    outputs: file.outputs,
    force: false,
    by,
    ...rest,
  });
}

describe("push", () => {
  test("what the state says already makes no serial", () => {
    expect(push()).toEqual({ kind: "same" });
    expect(push({ file: { ...file, objects: file.objects.toReversed() } })).toEqual({ kind: "same" });
  });

  test("rows are added, changed and let go of; the serial is above both", () => {
    const taken = push({ rows: [row("a", { Cidr: "x" }), row("c")], serial: 3 });
    if (taken.kind !== "push") throw new Error(taken.kind);
    expect([taken.added, taken.changed, taken.removed]).toEqual([[row("b")], [row("a")], [row("c")]]);
    expect(taken.change).toMatchObject({
      putObjects: [row("b"), row("a")],
      removeObjects: [row("c").object],
      meta: { cause: "push", serial: 6 },
    });
    expect(taken.change.putJournal?.map((one) => [one.operation, one.state])).toEqual([[row("c").object, "released"]]);
    expect(taken.runs).toEqual([]);
  });

  test("a row that comes back voids the word that it was let go of", () => {
    const release = describeRelease(row("b"), { ...by, cause: "rm" });
    const taken = push({ rows: [row("a")], ended: [...file.journal.ended, release] });
    expect(taken).toMatchObject({ kind: "push", change: { putJournal: [{ operation: row("b").object, state: "never" }] } });
    // One that stands in the file itself says nothing about a row of the same file.
    const both = push({ rows: [row("a")], file: { ...file, journal: { open: [], ended: [...file.journal.ended, release] } } });
    expect(both).toMatchObject({ kind: "push", change: { putJournal: [] } });
  });

  test("a state that holds nothing takes lineage, runs and ended entries", () => {
    const taken = push({ rows: [], ended: [], outputs: {}, lineage: "2".repeat(32), serial: 0 });
    expect(taken).toMatchObject({
      kind: "push",
      change: {
        putJournal: file.journal.ended,
        putOutputs: file.outputs,
        meta: { lineage, serial: 6, cause: takenLineage, stack: "shop" },
      },
      runs: file.runs,
    });
  });

  test.each([
    [{ lineage: "2".repeat(32) }, "of another stack"],
    [{ lineage: "2".repeat(32), force: true }, "of another stack"],
    [{ serial: 6 }, "its serial is 5, and that of the state 6"],
    [{ open: [entry("a", "intended")] }, "(1 here)"],
    [{ file: { ...file, journal: { open: [entry("a", "intended")], ended: [] } } }, "(1 in the file)"],
    [
      { open: [entry("a", "intended")], file: { ...file, journal: { open: [entry("a", "unresolved")], ended: [] } } },
      "(1 here, 1 in the file)",
    ],
  ])("refused: %#", (parts, words) => {
    expect(push(parts)).toMatchObject({ kind: "refused", message: expect.stringContaining(words) });
  });

  test("--force takes an older one; the same open requests on both sides hold nothing up", () => {
    expect(push({ serial: 6, force: true, rows: [row("a")] })).toMatchObject({ kind: "push", added: [row("b")] });
    const open = [entry("a", "intended")];
    expect(push({ open, file: { ...file, journal: { open, ended: [] } }, rows: [row("a")] })).toMatchObject({ kind: "push" });
  });
});

describe("the document", () => {
  const mistakes = (change: (copy: Record<string, never> & { objects: Record<string, unknown>[] }) => void): readonly string[] => {
    const copy = JSON.parse(serialiseSnapshot(file));
    change(copy);
    const parsed = parseSnapshot(JSON.stringify(copy));
    return "mistakes" in parsed ? parsed.mistakes : [];
  };

  test("reads back as it was written", () => {
    expect(parseSnapshot(serialiseSnapshot(file))).toEqual({ snapshot: file });
  });

  test.each([
    ["`objects[1].generation` is not a whole number from 1 on", { generation: "1" }],
    ["`objects[1].status` is none of current, retiring, failed", { status: "gone" }],
    ["`objects[1]` has an unknown field `zork`", { zork: 1 }],
    ["`objects[1].object` does not match ^[0-9a-f]{32}$", { object: "x" }],
    ["`objects[1].id.region` is not a string", { id: { ...row("b").id, region: 1 } }],
    ["`objects[1]` has the same object mark as `objects[0]`", { object: row("a").object }],
    ["`objects[1]` has the same physical id as `objects[0]`", { id: row("a").id }],
    ["`objects[1].key` is not its address and role, `network.nb:vpc`", { key: "network.nb:other" }],
  ])("%s", (mistake, change) => {
    expect(mistakes((copy) => Object.assign(copy.objects[1] ?? {}, change))).toEqual([mistake]);
  });

  test("tells the first few mistakes, whatever it is given", () => {
    expect(mistakes((copy) => copy.objects.push(...Array.from({ length: 9 }, () => ({}))))).toHaveLength(5);
    expect(mistakes((copy) => Object.assign(copy, { version: 2 }))).toEqual(["it has version 2, and this Koine reads 1"]);
    expect(mistakes((copy) => Object.assign(copy, { journal: { open: file.journal.ended, ended: [] } }))).toEqual([
      "`journal.open[0].state` is `happened`",
    ]);
    for (const text of ["", "[]", "null", '"x"', "{"]) expect(parseSnapshot(text)).toHaveProperty("mistakes");
  });
});
