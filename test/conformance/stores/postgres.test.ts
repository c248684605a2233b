// The PostgreSQL store against the suite.

import { describe } from "vitest";
import { isMissing, startPostgres } from "../../support/postgres-server.ts";
import { shareDatabase } from "./postgres-subject.ts";
import { describeStateStore } from "./suite.ts";

const server = await startPostgres();

if (isMissing(server)) describe.skip("state store postgres");
else describeStateStore("postgres", shareDatabase(server).start);
