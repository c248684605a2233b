// Two processes of the CLI, one state, one cloud: the first is stopped (SIGSTOP) at a chosen point and outlives its lease, the second takes over,
// then the first is continued. What each left is compared; the tests say what must hold.

import { type ChildProcess, execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { type Followed, followKoine } from "./follow-koine.ts";
import { locateState, type PostgresServer } from "./postgres-server.ts";
import { expectKoine, makeStack, type Result, root, runKoine } from "./run-koine.ts";
import { type Front, isRead, type Owned, type ServedAws, serveAws, type Watch } from "./served-aws.ts";

/** Milliseconds for which the first of two holds the lock after it was stopped; a request may take a third of it. */
export const shortLease = 4_000;

const stack = `stack taken
cloud aws { region = "eu-west-1" }
network main { cidr = 10.0.0.0/16, internet = false }
subnet a { network = main, cidr = 10.0.0.0/24, public = false }
address ip {}
`;

/** Objects that bear marks in an undisturbed world of the stack. */
export const whole = ["eip", "subnet", "table", "vpc"];

export interface Scene {
  readonly folder: string;
  readonly cloud: ServedAws;
  /** Every row of the state, as text. */
  dump(): Promise<string>;
  /** Starts a command; `stopAt` as test/support/stop-at.mjs has it. */
  start(args: readonly string[], options?: StartOptions): Promise<Actor>;
  /** Runs a command to its end and demands its exit code. */
  run(args: readonly string[], status: number): Promise<Result>;
  /** Exit 0: nothing is left to do; 2: something is. */
  plan(): Promise<Result>;
}

export interface StartOptions {
  readonly watch?: Watch;
  /** As test/support/stop-at.mjs has it. */
  readonly stopAt?: string;
  /** Milliseconds. Those that are not to lose theirs have the lease of every run, however slow the machine is. */
  readonly lease?: number;
}

export interface Actor extends Followed {
  readonly child: ChildProcess;
  readonly front: Front;
}

export interface SceneOptions {
  /** Of the test that it belongs to: what ends it. */
  readonly onTestFinished: (end: () => Promise<void>) => void;
  /** The state lies in PostgreSQL; else in a file. */
  readonly server?: PostgresServer;
  /** Beside what every scene has. */
  readonly more?: string;
}

export async function openScene({ onTestFinished, server, more = "" }: SceneOptions): Promise<Scene> {
  const patience = { KOINE_LATE_EFFECT_MS: "400" };
  const cloud = await serveAws();
  const database = await server?.createDatabase();
  const folder = makeStack({ "main.koine": `${stack}${more}` });
  if (database) writeFileSync(join(folder, "koine.yaml"), `state: ${locateState(database, "taken")}\n`);
  const actors: Actor[] = [];
  const calm = await cloud.open();
  onTestFinished(async () => {
    for (const { child, end } of actors) {
      child.kill("SIGKILL");
      await end;
    }
    await cloud.close();
    await database?.drop();
  });
  return {
    folder,
    cloud,
    dump: async () => (database ? dumpPostgres(database.query) : dumpSqlite(join(folder, ".koine", "state.db"))),
    start: async (args, { watch, stopAt, lease } = {}) => {
      const front = await cloud.open(watch);
      const preload =
        stopAt === undefined ? {} : { STOP_AT: stopAt, NODE_OPTIONS: `--import=${join(root, "test", "support", "stop-at.mjs")}` };
      const actor = {
        ...followKoine(folder, args, {
          ...front.environment,
          ...patience,
          ...preload,
          ...(lease !== undefined && { KOINE_LEASE_MS: String(lease) }),
        }),
        front,
      };
      actors.push(actor);
      return actor;
    },
    run: (args, status) => expectKoine(folder, args, status, { environment: { ...calm.environment, ...patience } }),
    plan: () => runKoine(folder, ["plan", "--detailed-exitcode"], { environment: { ...calm.environment, ...patience } }),
  };
}

function dumpSqlite(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all() as { name: string }[];
    return JSON.stringify(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()]));
  } finally {
    database.close();
  }
}

async function dumpPostgres(query: <Row>(sql: string) => Promise<readonly Row[]>): Promise<string> {
  const tables = await query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'koine' ORDER BY 1",
  );
  const rows = [];
  for (const { name } of tables) rows.push([name, await query(`SELECT * FROM koine.${name} t ORDER BY t::text`)]);
  return JSON.stringify(rows);
}

/** Resolves once the process is stopped. Nothing tells another process of that, so it is looked at. */
export async function awaitStopped({ child, end }: Actor): Promise<void> {
  let ended = false;
  void end.then(() => {
    ended = true;
  });
  while (!isStopped(child.pid ?? 0)) {
    if (ended) throw new Error(`it ended instead of being stopped: ${(await end).stderr}`);
    await delay(20);
  }
}

function isStopped(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the state follows the command in parentheses.
  if (existsSync("/proc/self/stat")) return existsSync(stat) && /^[Tt]/.test(readFileSync(stat, "utf8").split(") ").at(-1) ?? "");
  return execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" })
    .trim()
    .startsWith("T");
}

export interface Taken {
  /** How the first ended. */
  readonly first: Awaited<Followed["end"]>;
  /** What the first sent after it was continued that may change something. */
  readonly late: readonly string[];
  readonly second: Result;
  /** The state after the second, and after the first was continued. */
  readonly dumps: readonly [string, string];
}

/** The second applies while the first is stopped; then the first is continued and awaited. */
export async function takeOver(scene: Scene, first: Actor): Promise<Taken> {
  await awaitStopped(first);
  const second = await scene.run(["apply", "--yes", "--lock-timeout", "60s"], 0);
  const before = await scene.dump();
  const sent = first.front.sent.length;
  first.child.kill("SIGCONT");
  const end = await first.end;
  return {
    first: end,
    late: first.front.sent.slice(sent).filter((action) => !isRead(action)),
    second,
    dumps: [before, await scene.dump()],
  };
}

/** Roles of what bears marks, sorted: two of a kind show as two. */
export function listRoles(owned: readonly Owned[]): readonly string[] {
  return owned.map(({ address }) => address.split(":").at(-1) ?? "").sort();
}
