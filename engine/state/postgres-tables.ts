// The tables of the PostgreSQL store, in a schema of their own and keyed by the name of a state: made by the first process that finds none, under
// an advisory lock, and brought to today's format the same way.

import type { Client } from "pg";
import { stateFormat } from "./format.ts";
import type { PostgresConnection } from "./postgres-connection.ts";

/** Milliseconds since the epoch by the database's clock, whichever moment of a transaction it is. */
export const clockSql = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** Of every Koine: only one process makes or changes tables at a time. */
const tableLock = 5_206_874_311;

// Texts are compared byte by byte: keys are no words of a language. A body is text, not jsonb, which would alter it.
const createTables = (schema: string): string => `
CREATE TABLE ${schema}.format(number integer NOT NULL);
CREATE TABLE ${schema}.state(state text COLLATE "C" PRIMARY KEY, lineage text NOT NULL, serial bigint NOT NULL, stack text NOT NULL, commits bigint NOT NULL, holder text, lease_until bigint NOT NULL, fence bigint NOT NULL, quiet_at bigint NOT NULL DEFAULT 0);
CREATE TABLE ${schema}.object(state text COLLATE "C", object text COLLATE "C", key text COLLATE "C" NOT NULL, generation integer NOT NULL, body text NOT NULL, PRIMARY KEY(state, object));
CREATE TABLE ${schema}.object_history(state text COLLATE "C", serial bigint, object text COLLATE "C", body text, PRIMARY KEY(state, serial, object));
CREATE TABLE ${schema}.journal(state text COLLATE "C", operation text COLLATE "C", commit bigint NOT NULL, place integer NOT NULL, ended bigint, body text NOT NULL, PRIMARY KEY(state, operation));
CREATE INDEX journal_open ON ${schema}.journal(state, commit, place) WHERE ended IS NULL;
CREATE INDEX journal_ended ON ${schema}.journal(state, ended) WHERE ended IS NOT NULL;
CREATE TABLE ${schema}.output(state text COLLATE "C", name text COLLATE "C", body text NOT NULL, PRIMARY KEY(state, name));
CREATE TABLE ${schema}.run(state text COLLATE "C", id text COLLATE "C", commit bigint NOT NULL, place integer NOT NULL, body text NOT NULL, PRIMARY KEY(state, id));
CREATE INDEX run_order ON ${schema}.run(state, commit, place);
CREATE TABLE ${schema}.serial(state text COLLATE "C", serial bigint, at bigint NOT NULL, cause text NOT NULL, run text, PRIMARY KEY(state, serial));
CREATE TABLE ${schema}.made(state text COLLATE "C", place text COLLATE "C", at bigint NOT NULL, body text NOT NULL, PRIMARY KEY(state, place));
`;

/** What brings an older format to the next: statements with the schema's name in them. The first format kept in PostgreSQL was 2. */
const upgrades: Readonly<Record<number, (schema: string) => string>> = {};

/** Read from the catalog as rows: `to_regclass` answers from a cache that another process's new tables may not have reached yet. */
const findTables = "SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1 AND relname = 'format'";

/** The format of the tables in a schema; 0 when there are none. */
export async function readTables(connection: PostgresConnection, schema: string, patience: number): Promise<number> {
  const found = await connection.query(findTables, [unquote(schema)], patience);
  if (found.rows.length === 0) return 0;
  const { rows } = await connection.query<{ number: number }>(`SELECT number FROM ${schema}.format`, [], patience);
  return rows[0]?.number ?? 0;
}

/** Makes or upgrades the tables. Safe when many processes begin at once: one does it, the others wait and find it done. */
export async function prepareTables(connection: PostgresConnection, schema: string): Promise<void> {
  await connection.transact(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [tableLock]);
    await client.query(`SET LOCAL synchronous_commit = on`);
    await bringToFormat(client, schema, { target: stateFormat, upgrades });
  });
}

/** Under the advisory lock: every statement from the format that is there to the one that is wanted. */
export async function bringToFormat(
  client: Client,
  schema: string,
  wanted: { readonly target: number; readonly upgrades: Readonly<Record<number, (schema: string) => string>> },
): Promise<void> {
  const found = await client.query(findTables, [unquote(schema)]);
  if (found.rows.length === 0) {
    const { rows } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [unquote(schema)]);
    // A role that may not make schemas can still use one that was made for it.
    if (rows.length === 0) await client.query(`CREATE SCHEMA ${schema}`);
    await client.query(createTables(schema));
    await client.query(`INSERT INTO ${schema}.format(number) VALUES ($1)`, [wanted.target]);
    return;
  }
  const { rows } = await client.query(`SELECT number FROM ${schema}.format`);
  for (let format = Number(rows[0]?.number ?? 0); format < wanted.target; format++) {
    const upgrade = wanted.upgrades[format];
    if (!upgrade) throw new Error(`no way from format ${format} to ${format + 1} is known`);
    await client.query(upgrade(schema));
    await client.query(`UPDATE ${schema}.format SET number = $1`, [format + 1]);
  }
}

/** The schema of a location as it stands in SQL; its name was judged before and holds no quote. */
export function quoteSchema(name: string): string {
  return `"${name}"`;
}

function unquote(schema: string): string {
  return schema.slice(1, -1);
}
