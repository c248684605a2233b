// PostgreSQL states for tests: one database for a test file, a state of its own for each test.

import { randomBytes } from "node:crypto";
import { afterAll } from "vitest";
import { type PostgresLocation, parsePostgresLocation } from "../../../engine/state/postgres-location.ts";
import { openPostgresStore } from "../../../engine/state/postgres-store.ts";
import type { StateStore } from "../../../engine/state/store.ts";
import { locateState, type PostgresServer, type TestDatabase } from "../../support/postgres-server.ts";
import type { StartStore } from "./subject.ts";

export function readLocation(text: string): PostgresLocation {
  const parsed = parsePostgresLocation(text);
  if ("problem" in parsed) throw new Error(JSON.stringify(parsed));
  return parsed.location;
}

export async function openPostgres(text: string): Promise<StateStore> {
  const opened = await openPostgresStore(readLocation(text));
  if (!opened || "problem" in opened) throw new Error(JSON.stringify(opened));
  return opened.store;
}

/** Starts states in one database, which ends with the test file. */
export function shareDatabase(server: PostgresServer): { readonly database: () => Promise<TestDatabase>; readonly start: StartStore } {
  let shared: Promise<TestDatabase> | undefined;
  const database = (): Promise<TestDatabase> => {
    shared ??= server.createDatabase();
    return shared;
  };
  afterAll(async () => (await shared)?.drop());
  const start: StartStore = async () => {
    const place = await database();
    const state = `s${randomBytes(6).toString("hex")}`;
    const update = (table: string, sql: string) => place.query(`UPDATE koine.${table} SET ${sql} WHERE state = '${state}'`);
    return {
      open: () => openPostgres(locateState(place, state)),
      pass: async (ms) => {
        await update("state", `lease_until = lease_until - ${ms}`);
        await update("journal", `ended = ended - ${ms}`);
        await update("made", `at = at - ${ms}`);
      },
      countCommits: async () => {
        const [row] = await place.query<{ commits: string }>(`SELECT commits FROM koine.state WHERE state = '${state}'`);
        return Number(row?.commits);
      },
      dispose: async () => {},
    };
  };
  return { database, start };
}
