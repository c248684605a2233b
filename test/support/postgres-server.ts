// A PostgreSQL server for tests: that of `KOINE_POSTGRES` (the URL of a role that may create databases), else a throw-away one, shared by all files
// of a test run and started when the first asks for it. Each test has a database of its own.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";

export interface PostgresServer {
  /** Whether the tests rule the server: roles may be made, connections cut. */
  readonly own: boolean;
  /** A new, empty database, owned by an ordinary role. */
  createDatabase(): Promise<TestDatabase>;
}

export interface TestDatabase {
  /** `postgres://user@host:port/name`; no state is named in it. */
  readonly url: string;
  readonly name: string;
  /** Runs SQL in it as the role that rules the server. */
  query<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Removes it, whoever is connected. */
  drop(): Promise<void>;
}

/** With this role's name and a password, tests see how a server refuses. */
export const guardedRole = "guarded";

/** A state of this name in that database, as `koine.yaml` would say it. */
export function locateState(database: Pick<TestDatabase, "url">, state: string, more: Readonly<Record<string, string>> = {}): string {
  const url = new URL(database.url);
  url.searchParams.set("state", state);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url.href;
}

/** The server of this test run; `missing` says why there is none. */
export async function startPostgres(): Promise<PostgresServer | { readonly missing: string }> {
  const given = process.env.KOINE_POSTGRES;
  if (given !== undefined && given !== "") return createServerHandle(given, new URL(given).username, false);
  const started = await startOwn();
  if ("missing" in started) return started;
  const admin = `postgres://postgres@127.0.0.1:${started.port}/postgres`;
  await makeRole(admin);
  return createServerHandle(admin, "koine", true);
}

/** For `describe.skipIf`: tells the reason once. */
export function isMissing(server: PostgresServer | { readonly missing: string }): server is { readonly missing: string } {
  if (!("missing" in server)) return false;
  console.warn(`no PostgreSQL server for these tests: ${server.missing}`);
  return true;
}

async function startOwn(): Promise<{ readonly port: number } | { readonly missing: string }> {
  // The workers of one vitest run have one parent; its server ends with it. A script has a server of its own.
  const owner = process.env.VITEST === undefined ? process.pid : process.ppid;
  const folder = join(tmpdir(), `koine-postgres-${process.getuid?.() ?? 0}-${owner}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
    spawn(process.execPath, [join(import.meta.dirname, "postgres-guardian.ts"), folder, String(owner)], {
      detached: true,
      stdio: "ignore",
    }).unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const [ready, failed] = [join(folder, "ready"), join(folder, "failed")];
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (existsSync(failed)) return { missing: readFileSync(failed, "utf8") };
    if (existsSync(ready)) return JSON.parse(readFileSync(ready, "utf8")) as { port: number };
    await delay(50);
  }
  return { missing: "it did not start within a minute" };
}

async function withClient<Result>(url: string, run: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

async function makeRole(admin: string): Promise<void> {
  await withClient(admin, async (client) => {
    // Two workers may come here at once.
    await client.query("SELECT pg_advisory_lock(4711)");
    const { rows } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = 'koine'");
    if (rows.length === 0) await client.query("CREATE ROLE koine LOGIN");
  });
}

function createServerHandle(admin: string, owner: string, own: boolean): PostgresServer {
  return {
    own,
    createDatabase: async () => {
      const name = `koine_test_${randomBytes(6).toString("hex")}`;
      await withClient(admin, (client) => client.query(`CREATE DATABASE ${name} OWNER "${owner}" TEMPLATE template0`));
      const [asOwner, asAdmin] = [new URL(admin), new URL(admin)];
      for (const url of [asOwner, asAdmin]) url.pathname = `/${name}`;
      asOwner.username = owner;
      return {
        url: asOwner.href,
        name,
        query: <Row>(sql: string, values: readonly unknown[] = []) =>
          withClient(asAdmin.href, async (client) => (await client.query(sql, [...values])).rows as readonly Row[]),
        drop: async () => {
          await withClient(admin, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
        },
      };
    },
  };
}
