// SQLite and PostgreSQL between processes.

import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { isMissing, locateState, startPostgres, type TestDatabase } from "../../support/postgres-server.ts";
import { openPostgres } from "./postgres-subject.ts";
import { describeProcesses } from "./process-cases.ts";
import { makeFolder, openSqlite } from "./sqlite-subject.ts";

const count = Number(process.env.KOINE_PROCESSES ?? 6);

describeProcesses(
  "sqlite",
  async () => {
    const location = join(makeFolder(), ".koine", "state.db");
    return { location, open: async () => openSqlite(location) };
  },
  count,
);

const server = await startPostgres();

if (isMissing(server)) describe.skip("processes on postgres");
else {
  const databases: TestDatabase[] = [];
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });
  // A database without the schema: the processes make it, all at once.
  const start = async () => {
    const database = await server.createDatabase();
    databases.push(database);
    const location = locateState(database, "shop");
    return { location, open: () => openPostgres(location) };
  };
  describeProcesses("postgres", start, count);
}
