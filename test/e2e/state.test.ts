// `koine state history | rollback | pull | push | mv | rm`: the CLI as a process. No command here may lose sight of an object, end one, or make a second.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { describeHolder } from "../../engine/state/holder.ts";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import { readWorld } from "../../providers/aws/simulator/inspect.ts";
import { describeSchemaMistake, type Schema } from "../support/json-schema.ts";
import { copyFolder, expectKoine, makeStack, type Result, type RunOptions, root, runKoine, worldOf } from "../support/run-koine.ts";
import { livingObjects } from "../support/world.ts";

const source = `
stack shop
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16 }
address ip[name in ["ä", "b"]] { }
`;

const machine = `
input word: secret string = "correct-horse"
subnet a { network = main, cidr = 10.0.0.0/24 }
machine m { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = a, user_data = "#!/bin/sh\\necho \${word}\\n" }
`;

interface Row {
  readonly key: string;
  readonly object: string;
  readonly address: string;
  readonly id: { readonly id: string };
  readonly props: Record<string, unknown>;
}

interface Snapshot {
  lineage: string;
  serial: number;
  objects: Row[];
  readonly journal: { readonly open: readonly unknown[]; readonly ended: readonly unknown[] };
  readonly runs: readonly unknown[];
}

interface PlanData {
  readonly changes: readonly { readonly key: string; readonly action: string }[];
  readonly strays: readonly { readonly id: { readonly id: string }; readonly kind: string }[];
}

const run = (folder: string, ...args: readonly string[]): Promise<Result> => expectKoine(folder, [...args, "--simulate"], 0);
const refuse = async (folder: string, status: number, words: string, args: readonly string[], options: RunOptions = {}): Promise<void> => {
  const { stderr, stdout } = await expectKoine(folder, [...args, "--simulate"], status, options);
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/\n\s+at |internal error/);
  expect(stdout).toBe("");
};
const pull = async (folder: string): Promise<Snapshot> => JSON.parse((await run(folder, "state", "pull")).stdout) as Snapshot;
const plan = async (folder: string): Promise<PlanData> => JSON.parse((await run(folder, "plan", "--format", "json")).stdout) as PlanData;
const actions = async (folder: string): Promise<readonly string[]> =>
  (await plan(folder)).changes.map((change) => `${change.action} ${change.key}`);
const edit = (folder: string, change: (text: string) => string): void => {
  const file = join(folder, "main.koine");
  writeFileSync(file, change(readFileSync(file, "utf8")));
};
const worldOfStack = (folder: string): readonly string[] => livingObjects(readWorld(worldOf(folder))).map((object) => object.id);

let base = "";
beforeAll(async () => {
  base = makeStack({ "main.koine": source });
  await run(base, "apply", "--yes");
}, 240_000);

describe("letting go", { timeout: 240_000 }, () => {
  test.each(["state rm", "@forget"])("%s: the object stays, is only reported, and no later plan ends it or takes it back", async (how) => {
    const folder = copyFolder(base);
    const before = worldOfStack(folder);
    const key = 'address.ip["b"]:eip';
    const [row] = (await pull(folder)).objects.filter((one) => one.key === key);
    if (how === "state rm") await run(folder, "state", "rm", 'address.ip["b"]', "--yes");
    else {
      edit(folder, (text) => text.replace("address ip", "@forget\naddress ip"));
      await run(folder, "apply", "--yes");
    }
    edit(folder, (text) =>
      text.replace("@forget\n", "").replace(/address ip.*\n/, how === "@forget" ? "" : 'address ip[name in ["ä"]] { }\n'),
    );
    const after = await plan(folder);
    expect(after.changes).toEqual([]);
    expect(after.strays.map((stray) => [stray.id.id, stray.kind])).toContainEqual([row?.id.id, "unclaimed"]);
    await run(folder, "apply", "--yes");
    expect(worldOfStack(folder)).toEqual(before);
    if (how === "state rm") await refuse(folder, 1, 'the state has no `address.ip["b"]`', ["state", "rm", 'address.ip["b"]', "--yes"]);
    // Even the end of everything leaves it alone.
    await run(folder, "destroy", "--yes");
    expect(worldOfStack(folder)).toContain(row?.id.id);
  });

  test("a rollback brings it back under management", async () => {
    const folder = copyFolder(base);
    const { serial } = await pull(folder);
    await run(folder, "state", "rm", "address.ip", "--yes");
    await run(folder, "state", "rollback", String(serial), "--yes");
    expect(await plan(folder)).toMatchObject({ changes: [], strays: [] });
    edit(folder, (text) => text.replace(/address ip.*\n/, ""));
    await run(folder, "apply", "--yes");
    expect(livingObjects(readWorld(worldOf(folder))).filter((object) => object.type === "address")).toEqual([]);
  });
});

describe("moving", { timeout: 240_000 }, () => {
  test("a family and a resource with a secret get other addresses; nothing is replaced, and the marks follow", async () => {
    const folder = makeStack({ "main.koine": source + machine });
    await run(folder, "apply", "--yes");
    const { stdout: state } = await run(folder, "state", "pull");
    expect(state).toContain('"$secret": "hmac:');
    expect(state).not.toContain("correct-horse");
    const before = worldOfStack(folder);
    await refuse(folder, 1, "did you mean `network.main`?", ["state", "mv", "network.mian", "network.core", "--yes"]);
    await run(folder, "state", "mv", "address.ip", "address.public", "--yes");
    await run(folder, "state", "mv", "machine.m", "machine.app", "--yes");
    await refuse(folder, 1, "the state has no `machine.m`", ["state", "mv", "machine.m", "machine.app", "--yes"]);
    await refuse(folder, 64, "Add --yes", ["state", "mv", "machine.app", "machine.b"]);
    edit(folder, (text) => text.replace("address ip", "address public").replace("machine m ", "machine app "));
    expect((await plan(folder)).changes.every((change) => ["update", "rename"].includes(change.action))).toBe(true);
    await run(folder, "apply", "--yes");
    expect(await plan(folder)).toMatchObject({ changes: [], strays: [] });
    expect(worldOfStack(folder)).toEqual(before);
    const marks = readWorld(worldOf(folder)).map((object) => object.tags["koine:address"]);
    expect(marks).toContain('address.public["ä"]:eip');
    expect(marks).toContain("machine.app:instance");
    expect(marks.filter((mark) => mark?.startsWith("address.ip") || mark?.startsWith("machine.m:"))).toEqual([]);
    const shown = await run(folder, "state", "show", 'address.public["ä"]');
    expect(shown.stdout).toContain('address.public["ä"]:eip');
  });
});

describe("history", { timeout: 240_000 }, () => {
  test("tells every serial with its cause, and goes back to any of them, and back again", async () => {
    const folder = copyFolder(base);
    const first = await pull(folder);
    edit(folder, (text) => `${text}network second { cidr = 10.9.0.0/16 }\n`);
    await run(folder, "apply", "--yes");
    await run(folder, "state", "mv", "network.second", "network.third", "--yes");
    const world = worldOfStack(folder);
    const { stdout } = await run(folder, "state", "history", "--format", "json");
    const history = JSON.parse(stdout) as { readonly version: number; readonly serials: readonly Record<string, unknown>[] };
    expect(history.version).toBe(1);
    expect(
      history.serials.map(({ serial, cause, result, added, changed, removed, current, rollback }) => [
        serial,
        cause,
        result,
        added,
        changed,
        removed,
        current,
        rollback,
      ]),
    ).toEqual([
      [3, "mv network.second network.third", undefined, 0, 3, 0, true, false],
      [2, "apply", "done", 3, 0, 0, false, true],
      [1, "apply", "done", first.objects.length, 0, 0, false, true],
      [0, "", undefined, 0, 0, 0, false, true],
    ]);
    expect((await run(folder, "state", "history", "--limit", "1")).stdout).not.toContain("apply");
    const listed = JSON.parse((await run(folder, "state", "list", "--serial", "1", "--format", "json")).stdout) as Snapshot;
    expect(listed.serial).toBe(1);
    expect(listed.objects).toHaveLength(first.objects.length);
    expect((await run(folder, "state", "show", "network.second", "--serial", "2")).stdout).toContain("network.second:vpc");
    await refuse(folder, 1, "the state has no serial 9", ["state", "list", "--serial", "9"]);

    // To before the second network was made: it is there, so it stays managed; only what `mv` did is undone with it.
    const back = await run(folder, "state", "rollback", "1", "--yes");
    expect(back.stderr).toContain("made since, still managed");
    expect((await pull(folder)).objects.map((row) => row.key)).toContain("network.third:vpc");
    await run(folder, "state", "rollback", "2", "--yes");
    expect(await actions(folder)).toEqual([]);
    await run(folder, "state", "rollback", "3", "--yes");
    expect((await pull(folder)).objects.map((row) => row.key)).toContain("network.third:vpc");
    expect((await run(folder, "state", "rollback", "6", "--yes")).stderr).toContain("serial 6 already");
    await refuse(folder, 1, "the state has no serial 77", ["state", "rollback", "77", "--yes"]);
    await refuse(folder, 64, "is no serial", ["state", "rollback", "two", "--yes"]);
    expect(worldOfStack(folder)).toEqual(world);
  });

  test("what was destroyed since comes back as missing, and is made anew", async () => {
    const folder = copyFolder(base);
    edit(folder, (text) => text.replace(/address ip.*\n/, ""));
    await run(folder, "apply", "--yes");
    await run(folder, "state", "rollback", "1", "--yes");
    edit(folder, (text) => `${text}address ip[name in ["ä", "b"]] { }\n`);
    expect(await actions(folder)).toEqual(['create address.ip["b"]:eip', 'create address.ip["ä"]:eip']);
    await run(folder, "apply", "--yes");
    expect(await plan(folder)).toMatchObject({ changes: [], strays: [] });
  });
});

describe("the whole state", { timeout: 240_000 }, () => {
  const schema = JSON.parse(readFileSync(join(root, "docs", "schemas", "state.schema.json"), "utf8")) as Schema;

  test("what is pulled fits its schema; pushed back it changes nothing", async () => {
    const folder = copyFolder(base);
    await run(folder, "state", "rm", "address.ip", "--yes");
    const { stdout } = await run(folder, "state", "pull");
    const snapshot = JSON.parse(stdout) as Snapshot;
    expect(describeSchemaMistake(schema, snapshot)).toBeUndefined();
    expect(describeSchemaMistake(schema, { ...snapshot, serial: "2" })).toContain("serial");
    expect(snapshot.journal.ended.length).toBeGreaterThan(snapshot.objects.length);
    const same = await expectKoine(folder, ["state", "push", "-", "--yes", "--simulate"], 0, { input: stdout });
    expect(same.stderr).toContain("its serial stays 2");
    expect(await pull(folder)).toEqual(snapshot);
  });

  test("a state that was lost is pushed into an empty one: nothing is made twice, strays are still traced", async () => {
    const folder = copyFolder(base);
    const file = join(folder, "state.json");
    writeFileSync(file, (await run(folder, "state", "pull")).stdout);
    const world = worldOfStack(folder);
    const other = copyFolder(folder);
    const state = join(other, ".koine", "simulator", "state.db");
    for (const end of ["", "-wal", "-shm"]) rmSync(`${state}${end}`, { force: true });
    await refuse(other, 64, "Add --yes", ["state", "push", file]);
    await run(other, "state", "push", file, "--yes");
    const pushed = await pull(other);
    expect(pushed).toMatchObject({ lineage: (await pull(folder)).lineage, serial: 2 });
    expect(pushed.runs).toHaveLength(1);
    expect(await plan(other)).toMatchObject({ changes: [], strays: [] });
    await run(other, "apply", "--yes");
    expect(worldOfStack(other)).toEqual(world);
    // What was before the push is of other marks.
    await refuse(other, 1, "of another lineage", ["state", "rollback", "0", "--yes"]);
  });

  test("refused: an older one, one of another stack, a mistaken one; let go of: what it does not have", async () => {
    const folder = copyFolder(base);
    const snapshot = await pull(folder);
    const file = join(folder, "state.json");
    const push = (change: (copy: Snapshot) => unknown): readonly string[] => {
      const copy = structuredClone(snapshot);
      const changed = change(copy);
      writeFileSync(file, typeof changed === "string" ? changed : JSON.stringify(copy));
      return ["state", "push", file, "--yes"];
    };
    const mistaken = push((copy) => Object.assign(copy.objects[2] ?? {}, { zork: 1 }));
    await refuse(folder, 1, "`objects[2]` has an unknown field `zork`", mistaken);
    const another = push((copy) => Object.assign(copy, { lineage: "0".repeat(32) }));
    await refuse(folder, 1, "its lineage is", another);
    await refuse(folder, 1, "cannot be read: it does not exist", ["state", "push", join(folder, "none"), "--yes"]);
    await run(
      folder,
      ...push((copy) => Object.assign(copy, { objects: copy.objects.filter((row) => !row.address.startsWith("address")) })),
    );
    const after = await plan(folder);
    expect(after.changes.map((change) => change.action)).toEqual(["create", "create"]);
    expect(after.strays.map((stray) => stray.kind)).toEqual(["unclaimed", "unclaimed"]);
    await refuse(
      folder,
      1,
      "its serial is 1, and that of the state 2",
      push(() => undefined),
    );
    await run(folder, ...push(() => undefined), "--force");
    expect(await plan(folder)).toMatchObject({ changes: [], strays: [] });
    expect((await pull(folder)).serial).toBe(3);
  });
});

describe("others at work", { timeout: 240_000 }, () => {
  const writers = [
    ["state", "rollback", "0"],
    ["state", "push", "-"],
    ["state", "mv", "network.main", "network.n"],
    ["state", "rm", "network.main"],
    ["state", "settle", "network.main", "--never"],
  ] as const;

  test("while another process holds the lock nothing is written, and reading goes on", async () => {
    const folder = copyFolder(base);
    const input = (await run(folder, "state", "pull")).stdout;
    const opened = openSqliteStore(join(folder, ".koine", "simulator", "state.db"));
    if (!opened || !("store" in opened)) throw new Error("the state does not open");
    const lease = await opened.store.acquire(describeHolder("a test"), 60_000);
    if ("heldBy" in lease) throw new Error("held");
    for (const args of writers) await refuse(folder, 75, "a test since", [...args, "--yes"], { input });
    for (const args of [["list"], ["pull"]]) await run(folder, "state", ...args);
    await lease.release();
    await opened.store.close();
    expect((await pull(folder)).serial).toBe(1);
  });

  test("after a run that was killed: its serial says so, and what is in flight is not overwritten", async () => {
    const folder = makeStack({
      "main.koine": source,
      "faults.yaml": "rules: [{ operation: AttachInternetGateway, do: { kind: kill, when: after } }]\n",
    });
    const killed = await runKoine(folder, ["apply", "--yes", "--simulate"], {
      environment: { KOINE_SIMULATE_FAULTS: join(folder, "faults.yaml") },
    });
    expect(killed.signal ?? killed.status).not.toBe(0);
    const history = await run(folder, "state", "history");
    expect(history.stdout).toMatch(/1 .* apply .* interrupted/);
    const snapshot = await pull(folder);
    expect(snapshot.journal.open.length).toBeGreaterThan(0);
    await refuse(folder, 1, "in flight or unresolved", ["state", "rollback", "0", "--yes"]);
    await refuse(folder, 1, "is not settled yet", ["state", "rm", "network.main", "--yes"]);
    await refuse(folder, 1, "is not settled yet", ["state", "mv", "network.main", "network.core", "--yes"]);
    const same = await expectKoine(folder, ["state", "push", "-", "--yes", "--simulate"], 0, { input: JSON.stringify(snapshot) });
    expect(same.stderr).toContain("already");
    const input = JSON.stringify({ ...snapshot, serial: 5, journal: { ...snapshot.journal, open: [] } });
    await refuse(folder, 1, " here)", ["state", "push", "-", "--yes"], { input });
    await run(folder, "apply", "--yes");
    expect(await plan(folder)).toMatchObject({ changes: [], strays: [] });
  });

  test("without a state each says so", async () => {
    const folder = makeStack({ "main.koine": source });
    await refuse(folder, 1, "there is no state yet", ["state", "rm", "network.main", "--yes"]);
    await refuse(folder, 1, "there is no state yet", ["state", "pull"]);
    await refuse(folder, 1, "is no state of this Koine", ["state", "push", "-", "--yes"], { input: "" });
    expect((await run(folder, "state", "history")).stderr).toContain("no state yet");
    expect((await run(folder, "state", "settle")).stdout).toContain("Nothing is open");
  });
});
