// Many processes of the CLI apply to the same states at once, each another edit: one after the other, none lost, none twice, and the world is as
// the last of each state said.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqliteStore } from "../../engine/state/sqlite-store.ts";
import type { StateStore } from "../../engine/state/store.ts";
import { openPostgres } from "../conformance/stores/postgres-subject.ts";
import { isMissing, locateState, startPostgres } from "../support/postgres-server.ts";
import { expectKoine, makeScratch, makeStack } from "../support/run-koine.ts";
import { type ServedAws, serveAws } from "../support/served-aws.ts";

const server = await startPostgres();
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFbxwgoK4vjVjH1KGUrVNBDKilOVZjg/iuyPtzNJJje6 me";
const regions = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2"];

/** `KOINE_APPLIES`: how many processes at once, five to a state; 12, three to a state, unless told. */
const applies = Number(process.env.KOINE_APPLIES ?? 12);
const perState = applies >= 25 ? 5 : 3;

/** One process: its own folder, with its own edit of a stack whose state it shares with others. */
interface Applier {
  readonly state: string;
  readonly folder: string;
  /** Of the key that only this edit has. */
  readonly own: string;
}

function makeApplier(state: string, location: string, nth: number, region: string): Applier {
  const own = `only${nth}`;
  const folder = makeStack({
    "koine.yaml": `state: ${location}\n`,
    "main.koine": `stack ${state}
cloud aws { region = "${region}" }
network main { cidr = 10.0.0.0/16, internet = false }
key common { public_key = "${publicKey}" }
key ${own} { public_key = "${publicKey}" }
`,
  });
  return { state, folder, own };
}

interface Ended extends Applier {
  /** As found under the lock. */
  readonly serial: number;
  readonly run: string;
}

async function applyOnce(cloud: ServedAws, applier: Applier): Promise<Ended> {
  const { folder } = applier;
  await expectKoine(folder, ["apply", "--yes", "--lock-timeout", "30m", "--events", join(folder, "events")], 0, {
    environment: cloud.environment,
  });
  const events = readFileSync(join(folder, "events"), "utf8");
  const lines = events
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as { kind: string; run: string; serial: number }]));
  const taken = lines.find(({ kind }) => kind === "lock-taken");
  if (!taken) throw new Error(`no lock was taken:\n${events}`);
  return { ...applier, serial: taken.serial, run: taken.run };
}

/** What one state and the world hold of the applies to it. */
async function demandSerialised(cloud: ServedAws, store: StateStore, ended: readonly Ended[]): Promise<void> {
  const found = ended.map(({ serial }) => serial).sort((a, b) => a - b);
  expect(found).toEqual(ended.map((_, index) => index));
  const { lineage, serial } = await store.readMeta();
  expect(serial).toBe(ended.length);
  expect((await store.readSerials(100)).map((row) => row.serial)).toEqual([...found, serial].reverse());
  const runs = await store.readRuns(100);
  expect(runs.map(({ id }) => id)).toEqual(ended.toSorted((a, b) => b.serial - a.serial).map(({ run }) => run));
  expect(new Set(runs.map(({ result }) => result))).toEqual(new Set(["done"]));
  expect(await store.readJournal()).toEqual([]);

  const last = ended.find((each) => each.serial === serial - 1);
  const wanted = ["key.common:key", `key.${last?.own}:key`, "network.main:vpc"].sort();
  const rows = await store.readObjects();
  expect(rows.map(({ key }) => key).sort()).toEqual(wanted);
  const living = cloud.owned().filter((object) => object.lineage === lineage);
  expect(living.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id.id).sort());
  await expectKoine(last?.folder ?? "", ["plan", "--detailed-exitcode"], 0, { environment: cloud.environment });
}

async function playAll(cloud: ServedAws, appliers: readonly Applier[], open: (state: string) => Promise<StateStore>): Promise<void> {
  const ended = await Promise.all(appliers.map((applier) => applyOnce(cloud, applier)));
  for (const [state, group] of Map.groupBy(ended, (each) => each.state)) {
    const store = await open(state);
    try {
      await demandSerialised(cloud, store, group);
    } finally {
      await store.close();
    }
  }
}

test.skipIf(isMissing(server))(
  `${applies} processes apply to ${Math.ceil(applies / perState)} states in PostgreSQL at once`,
  { timeout: 1_800_000 },
  async ({ onTestFinished }) => {
    if ("missing" in server) return;
    const cloud = await serveAws();
    onTestFinished(cloud.close);
    const database = await server.createDatabase();
    onTestFinished(database.drop);
    const appliers = Array.from({ length: applies }, (_, index) => {
      const group = Math.floor(index / perState);
      const state = `s${group}`;
      return makeApplier(state, locateState(database, state), index % perState, regions[group % regions.length] ?? "");
    });
    await playAll(cloud, appliers, (state) => openPostgres(locateState(database, state)));
  },
);

const beside = applies >= 25 ? 10 : 5;

test(`${beside} processes apply to one state in a file at once`, { timeout: 1_800_000 }, async ({ onTestFinished }) => {
  const cloud = await serveAws();
  onTestFinished(cloud.close);
  const shared = join(makeScratch(), "shared");
  mkdirSync(shared, { mode: 0o700 });
  const path = join(shared, "state.db");
  const appliers = Array.from({ length: beside }, (_, index) => makeApplier("one", `sqlite:${path}`, index, "eu-west-1"));
  await playAll(cloud, appliers, async () => {
    const opened = openSqliteStore(path, { create: false });
    if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
    return opened.store;
  });
});
