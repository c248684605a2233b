// The store for teams and fleets: many states in one PostgreSQL database. One connection each; leases by the database's clock; a write is one
// statement that looks at the fence itself. What is written is in proportion to the change.

import { makeChangesSql } from "./changes-sql.ts";
import { endedKept } from "./encode-change.ts";
import { explainFailures } from "./explain-failures.ts";
import { createLineage, describeNewerFormat, stateFormat } from "./format.ts";
import { createPostgresConnection, type PostgresConnection } from "./postgres-connection.ts";
import { acquirePostgresLease, breakPostgresLock, type PostgresState, patience } from "./postgres-lease.ts";
import type { PostgresLocation } from "./postgres-location.ts";
import { describePostgresFailure } from "./postgres-problems.ts";
import { clockSql, prepareTables, quoteSchema, readTables } from "./postgres-tables.ts";
import { decodeEntry, decodeMade, decodeMeta, decodeObject, decodeOutput, decodeRun, type StoredText, toSerialRow } from "./row-codec.ts";
import type { StateProblem } from "./state-problem.ts";
import { type SerialChanges, StateDamaged, type StateStore, StateUnreachable } from "./store.ts";

/** How long an opening waits for a server that is starting, or has no connection free. */
const openPatience = 15_000;

/**
 * Opens or makes the state of that name. A server that cannot be reached or refuses is a problem, with what to do. With `create: false` nothing
 * is made, and a missing state gives `undefined`.
 */
export async function openPostgresStore(
  location: PostgresLocation,
  options: { readonly create?: boolean } = {},
): Promise<{ readonly store: StateStore } | { readonly problem: StateProblem } | undefined> {
  const connection = createPostgresConnection(location);
  const schema = quoteSchema(location.schema);
  const target: PostgresState = { connection, schema, state: location.state, location: location.text };
  try {
    const found = await openState(target, options.create !== false);
    if (found === "ready") return { store: explainFailures(createStore(target), (error) => explainFailure(location, error)) };
    await connection.close();
    return found === "missing" ? undefined : { problem: found };
  } catch (error) {
    await connection.close();
    const problem = describePostgresFailure(error, location);
    if (problem === undefined) throw error;
    return { problem };
  }
}

async function openState(
  { connection, schema, state, location }: PostgresState,
  create: boolean,
): Promise<"ready" | "missing" | StateProblem> {
  await connection.connect(openPatience);
  const { rows: encodings } = await connection.query<{ server_encoding: string }>("SHOW server_encoding", [], patience);
  const encoding = encodings[0]?.server_encoding ?? "";
  if (encoding !== "UTF8") {
    return {
      message: `the database of the state \`${location}\` is in ${encoding}, which cannot hold every text`,
      hint: "make it anew with `createdb --encoding=UTF8 --template=template0`",
    };
  }
  let format = await readTables(connection, schema, patience);
  if (format > stateFormat) return describeNewerFormat(location, format);
  if (format < stateFormat) {
    // A state that nobody made yet needs no tables to be read.
    if (format === 0 && !create) return "missing";
    await prepareTables(connection, schema);
    format = await readTables(connection, schema, patience);
    if (format > stateFormat) return describeNewerFormat(location, format);
  }
  if (create) await makeState(connection, schema, state);
  const { rows } = await connection.query(`SELECT 1 FROM ${schema}.state WHERE state = $1`, [state], patience);
  return rows.length > 0 ? "ready" : "missing";
}

/** Of several processes that make it at once, one wins. */
async function makeState(connection: PostgresConnection, schema: string, state: string): Promise<void> {
  const { rows } = await connection.query(`SELECT 1 FROM ${schema}.state WHERE state = $1`, [state], patience);
  if (rows.length > 0) return;
  await connection.query(
    `WITH made AS (
      INSERT INTO ${schema}.state(state, lineage, serial, stack, commits, holder, lease_until, fence) VALUES ($1, $2, 0, '', 0, NULL, 0, 0)
      ON CONFLICT DO NOTHING RETURNING state
    ) INSERT INTO ${schema}.serial(state, serial, at, cause) SELECT state, 0, ${clockSql}, '' FROM made`,
    [state, createLineage()],
    patience,
  );
}

function explainFailure(location: PostgresLocation, error: unknown): Error | undefined {
  if (error instanceof StateDamaged) return new StateDamaged(`\`${location.text}\`: ${error.message}`);
  const problem = describePostgresFailure(error, location);
  return problem && new StateUnreachable(problem.message, problem.hint);
}

interface MetaRow {
  readonly lineage: string;
  readonly serial: string;
  readonly stack: string;
  readonly format: number;
}

function createStore(target: PostgresState): StateStore {
  const { connection, schema, state } = target;
  const read = async <Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await connection.query<Row>(sql, [state, ...values], patience)).rows;
  const readAll = async <Row>(decode: (text: StoredText) => Row, sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await read<StoredText>(sql, ...values)).map(decode);
  const ended = `SELECT operation AS name, body FROM ${schema}.journal WHERE state = $1 AND ended IS NOT NULL`;
  return {
    location: `${target.location}`,
    readMeta: async () => {
      const [row] = await read<MetaRow>(
        `SELECT lineage, serial, stack, (SELECT number FROM ${schema}.format) AS format FROM ${schema}.state WHERE state = $1`,
      );
      if (!row) throw new StateDamaged("the state is gone from its database");
      return decodeMeta({ lineage: row.lineage, serial: Number(row.serial), format: row.format, stack: row.stack });
    },
    readObjects: () => readAll(decodeObject, `SELECT key AS name, body FROM ${schema}.object WHERE state = $1 ORDER BY key, generation`),
    readJournal: () =>
      readAll(
        decodeEntry,
        `SELECT operation AS name, body FROM ${schema}.journal WHERE state = $1 AND ended IS NULL ORDER BY commit, place`,
      ),
    readEnded: (operations) =>
      operations === "all"
        ? readAll(decodeEntry, `${ended} ORDER BY commit, place`)
        : readAll(decodeEntry, `${ended} AND operation = ANY($2::text[])`, operations),
    readOutputs: async () => {
      const rows = await read<StoredText>(`SELECT name, body FROM ${schema}.output WHERE state = $1 ORDER BY name`);
      return Object.fromEntries(rows.map((row) => [row.name, decodeOutput(row)]));
    },
    readRun: async (id) => (await readAll(decodeRun, `SELECT id AS name, body FROM ${schema}.run WHERE state = $1 AND id = $2`, id))[0],
    readRuns: (limit) =>
      readAll(decodeRun, `SELECT id AS name, body FROM ${schema}.run WHERE state = $1 ORDER BY commit DESC, place DESC LIMIT $2`, limit),
    readSerials: async (limit) => {
      const rows = await read<{ serial: string; at: string; cause: string; run: string | null }>(
        `SELECT serial, at, cause, run FROM ${schema}.serial WHERE state = $1 ORDER BY serial DESC LIMIT $2`,
        limit,
      );
      return rows.map((row) => toSerialRow({ ...row, serial: Number(row.serial), at: Number(row.at) }));
    },
    readMade: () =>
      readAll(
        decodeMade,
        `SELECT place AS name, body FROM ${schema}.made WHERE state = $1 AND at >= ${clockSql} - $2::bigint ORDER BY place`,
        endedKept,
      ),
    readHistory: async (serial) => {
      const kept = await read(`SELECT 1 FROM ${schema}.serial WHERE state = $1 AND serial = $2::bigint`, serial);
      return kept.length === 0 ? undefined : readAll(decodeObject, makeHistorySql(schema), serial);
    },
    readChanges: async (from) => {
      const [history, today] = [`${schema}.object_history`, `(SELECT object, body FROM ${schema}.object WHERE state = $1)`];
      const rows = await read<Readonly<Record<keyof SerialChanges, string>>>(
        makeChangesSql(history, today, "state = $1 AND serial >= $2::bigint"),
        from,
      );
      return rows.map(({ serial, added, changed, removed }) => ({
        serial: Number(serial),
        added: Number(added),
        changed: Number(changed),
        removed: Number(removed),
      }));
    },
    acquire: (holder, leaseMilliseconds) => acquirePostgresLease(target, holder, leaseMilliseconds),
    breakLock: () => breakPostgresLock(target),
    close: () => connection.close(),
  };
}

/** Rows after serial $2: what the first later serial that touched an object replaced, and today's rows where none did. */
function makeHistorySql(schema: string): string {
  return `
WITH undone AS (
  SELECT DISTINCT ON (object) object, body FROM ${schema}.object_history WHERE state = $1 AND serial > $2::bigint ORDER BY object, serial
)
SELECT object AS name, body FROM undone WHERE body IS NOT NULL
UNION ALL
SELECT object AS name, body FROM ${schema}.object AS today
WHERE state = $1 AND NOT EXISTS (SELECT 1 FROM undone WHERE undone.object = today.object)
ORDER BY name`;
}
