// One durable write of the PostgreSQL store: one statement, whatever it holds. It does nothing unless the lease is held, the commit is the
// expected next one, and the format is ours; so it may be sent again when its answer was lost.

import type { MergedChange } from "./merge-changes.ts";
import { clockSql } from "./postgres-tables.ts";

/**
 * All parts see the rows as they were before the statement (https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING),
 * so `kept` reads the versions that are being replaced. Each part writes for each row of `held`, of which there is one or none.
 */
export function makeWriteSql(schema: string): string {
  return `
WITH held AS (
  UPDATE ${schema}.state
  SET commits = commits + 1, serial = coalesce($5::bigint, serial), stack = coalesce($6::text, stack), lineage = coalesce($7::text, lineage)
  WHERE state = $1 AND fence = $2::bigint AND holder IS NOT NULL AND commits = $3::bigint AND ($5::bigint IS NULL OR $5::bigint >= serial)
    AND (SELECT number FROM ${schema}.format) = $4::integer
  RETURNING serial, commits, ${clockSql} AS now,
    CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END
), numbered AS (
  INSERT INTO ${schema}.serial(state, serial, at, cause, run)
  SELECT $1, serial, now, $8::text, $9::text FROM held WHERE $5::bigint IS NOT NULL ON CONFLICT DO NOTHING
), kept AS (
  INSERT INTO ${schema}.object_history(state, serial, object, body)
  SELECT $1, held.serial, touched.object, before.body
  FROM held CROSS JOIN unnest($10::text[] || $14::text[]) AS touched(object)
  LEFT JOIN ${schema}.object AS before ON before.state = $1 AND before.object = touched.object
  ON CONFLICT DO NOTHING
), put AS (
  INSERT INTO ${schema}.object(state, object, key, generation, body)
  SELECT $1, fresh.object, fresh.key, fresh.generation, fresh.body
  FROM held CROSS JOIN unnest($10::text[], $11::text[], $12::integer[], $13::text[]) AS fresh(object, key, generation, body)
  ON CONFLICT (state, object) DO UPDATE SET key = excluded.key, generation = excluded.generation, body = excluded.body
), removed AS (
  DELETE FROM ${schema}.object AS gone USING held WHERE gone.state = $1 AND gone.object = ANY($14::text[])
), journaled AS (
  INSERT INTO ${schema}.journal(state, operation, commit, place, ended, body)
  SELECT $1, entry.operation, held.commits, entry.place, CASE WHEN entry.ended THEN held.now END, entry.body
  FROM held CROSS JOIN unnest($15::text[], $16::boolean[], $17::text[]) WITH ORDINALITY AS entry(operation, ended, body, place)
  ON CONFLICT (state, operation) DO UPDATE SET ended = excluded.ended, body = excluded.body
), made AS (
  INSERT INTO ${schema}.made(state, place, at, body)
  SELECT $1, made.place, held.now, made.body FROM held CROSS JOIN unnest($18::text[], $19::text[]) AS made(place, body)
  ON CONFLICT (state, place) DO UPDATE SET at = excluded.at
), told AS (
  INSERT INTO ${schema}.output(state, name, body)
  SELECT $1, output.name, output.body FROM held CROSS JOIN unnest($20::text[], $21::text[]) AS output(name, body)
  ON CONFLICT (state, name) DO UPDATE SET body = excluded.body
), untold AS (
  DELETE FROM ${schema}.output AS gone USING held WHERE gone.state = $1 AND gone.name = ANY($22::text[])
), ran AS (
  INSERT INTO ${schema}.run(state, id, commit, place, body)
  SELECT $1, run.id, held.commits, run.place, run.body
  FROM held CROSS JOIN unnest($23::text[], $24::text[]) WITH ORDINALITY AS run(id, body, place)
  ON CONFLICT (state, id) DO UPDATE SET body = excluded.body
)
SELECT 1 FROM held`;
}

export interface WriteKey {
  readonly state: string;
  readonly fence: number;
  /** Commits made to the state before this one. */
  readonly commits: number;
  readonly format: number;
}

/** The values of that statement, in its order. */
export function listWriteValues({ state, fence, commits, format }: WriteKey, change: MergedChange): readonly unknown[] {
  const put = [...change.objects.values()].filter((row) => row !== null);
  const removed = [...change.objects].filter(([, row]) => row === null).map(([object]) => object);
  const journal = [...change.journal.values()];
  const made = [...change.made.values()];
  const told = [...change.outputs].filter((output): output is [string, string] => output[1] !== null);
  const untold = [...change.outputs].filter(([, body]) => body === null).map(([name]) => name);
  const { serial, stack, lineage, cause, run } = change.meta ?? {};
  return [
    state,
    fence,
    commits,
    format,
    serial ?? null,
    stack ?? null,
    lineage ?? null,
    cause ?? "",
    run ?? null,
    put.map((row) => row.object),
    put.map((row) => row.key),
    put.map((row) => row.generation),
    put.map((row) => row.body),
    removed,
    journal.map((entry) => entry.operation),
    journal.map((entry) => entry.ended),
    journal.map((entry) => entry.body),
    made.map(({ place }) => place),
    made.map(({ body }) => body),
    told.map(([name]) => name),
    told.map(([, body]) => body),
    untold,
    [...change.runs.keys()],
    [...change.runs.values()],
  ];
}
