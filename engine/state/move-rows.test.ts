// Which names `state mv` and `state rm` take, and what becomes of the rows.

import { describe, expect, test } from "vitest";
import { moveRows } from "./move-rows.ts";
import { removeRows } from "./remove-rows.ts";
import type { JournalEntry, ObjectRow } from "./store.ts";

function row(address: string, role = "instance", rest: Partial<ObjectRow> = {}): ObjectRow {
  return {
    object: `${address}:${role}`,
    key: `${address}:${role}`,
    address,
    role,
    type: "test.Instance",
    generation: 1,
    status: "current",
    cloud: "aws",
    provider: "aws",
    settings: {},
    id: { type: "test.Instance", account: "1", region: "r", id: "i" },
    props: {},
    attributes: {},
    after: [],
    schemaVersion: 1,
    ...rest,
  };
}

const rows = [
  row('machine.web["ä"]'),
  row('machine.web["ä"]', "disk"),
  row("machine.web[1]"),
  row("cluster.db/machine.node[0]"),
  row('machine.x["a:b"]'),
];

function move(from: string, to: string, open: readonly JournalEntry[] = [], list: readonly ObjectRow[] = rows): readonly string[] | string {
  const moved = moveRows(list, open, from, to);
  return moved.kind === "refused" ? moved.message : moved.rows.map((one) => one.key);
}

describe("mv", () => {
  test.each([
    ["machine.web", "machine.app", ['machine.app["ä"]:instance', 'machine.app["ä"]:disk', "machine.app[1]:instance"]],
    ['machine.web["ä"]', "machine.one", ["machine.one:instance", "machine.one:disk"]],
    ['machine.web["ä"]:disk', "machine.one:disk", ["machine.one:disk"]],
    ["cluster.db", "cluster.main", ["cluster.main/machine.node[0]:instance"]],
    ["cluster.db/machine.node[0]", "machine.node", ["machine.node:instance"]],
    ["machine.web[1]", "machine.web[2]", ["machine.web[2]:instance"]],
    ['machine.x["a:b"]', "machine.y", ["machine.y:instance"]],
  ])("%s to %s", (from, to, keys) => {
    expect(move(from, to)).toEqual(keys);
  });

  test.each([
    ["machine.web", "disk.web", "`machine.web` is a machine, and `disk.web` would be a disk"],
    ["machine.web", "cluster.db", "`machine.web` is a machine, and `cluster.db` would be a cluster"],
    ["machine.web[1]", 'machine.web["ä"]', '`machine.web["ä"]:instance` is in the state already'],
    ["machine.web[1]", "machine.x", '`machine.x["a:b"]:instance` is in the state already'],
    ["machine.web", "machine.web", "`machine.web` is where it is"],
    ["machine.wbe", "machine.app", "the state has no `machine.wbe`"],
    ["machine.web[1]:instance", "machine.app", "`machine.web[1]:instance` and `machine.app` are not of one sort"],
    ["machine.web[1]:instance", "machine.app:disk", "the roles `instance` and `disk` differ"],
    ["machine.web", "machine", "`machine` is no address"],
  ])("%s to %s is refused", (from, to, message) => {
    expect(move(from, to)).toBe(message);
  });

  test("remembers under which key marks and digests were made, and forgets it on the way back", () => {
    const there = moveRows([row("machine.a")], [], "machine.a", "machine.b");
    if (there.kind === "refused") throw new Error(there.message);
    expect(there.rows[0]?.was).toBe("machine.a:instance");
    const further = moveRows(there.rows, [], "machine.b", "machine.c");
    if (further.kind === "refused") throw new Error(further.message);
    expect(further.rows[0]?.was).toBe("machine.a:instance");
    const back = moveRows(further.rows, [], "machine.c", "machine.a");
    expect(back).toMatchObject({ rows: [row("machine.a")] });
  });

  test("what is in flight holds both up, even for an object that has no row yet", () => {
    const entry = { object: "new", key: "machine.web[1]:disk", row: row("machine.web[1]", "disk") } as JournalEntry;
    expect(move("machine.web", "machine.app", [entry])).toBe("a request about `machine.web[1]:disk` is not settled yet");
    expect(removeRows(rows, [entry], ["machine.web[1]"], { run: "r", at: 1, cause: "rm" })).toMatchObject({ kind: "refused" });
  });
});

describe("rm", () => {
  test("takes addresses, families and keys, and writes down what was let go of", () => {
    const removal = removeRows(rows, [], ["machine.web", "cluster.db/machine.node[0]:instance", "machine.web[1]"], {
      run: "r",
      at: 1,
      cause: "rm",
    });
    if (removal.kind === "refused") throw new Error(removal.message);
    expect(removal.rows).toEqual(rows.slice(0, 4));
    expect(removal.change.removeObjects).toHaveLength(4);
    expect(removal.change.putJournal?.map((entry) => [entry.operation, entry.state])).toEqual(
      rows.slice(0, 4).map((one) => [one.object, "released"]),
    );
  });

  test("all or nothing: one name that is none refuses all", () => {
    expect(removeRows(rows, [], ["machine.web", "machine.non"], { run: "r", at: 1, cause: "rm" })).toMatchObject({
      kind: "refused",
      message: "the state has no `machine.non`",
    });
  });
});
