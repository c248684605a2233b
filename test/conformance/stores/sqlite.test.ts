// The SQLite store against the suite.

import { startSqlite } from "./sqlite-subject.ts";
import { describeStateStore } from "./suite.ts";

describeStateStore("sqlite", startSqlite);
