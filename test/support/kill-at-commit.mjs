// Preloaded into a CLI process (`NODE_OPTIONS=--import`): kills it, as `kill -9` would, right before or right after the n-th
// durable write of the state; with KILL_PARENT, who started it dies with it. Without KILL_AT it counts the writes into KILL_COUNT, a file. The CLI itself knows nothing of it.

import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const [side, nth] = (process.env.KILL_AT ?? "").split(":");
const execute = DatabaseSync.prototype.exec;
let commits = 0;

const die = () => {
  if (process.env.KILL_PARENT) process.kill(process.ppid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
};

DatabaseSync.prototype.exec = function (sql) {
  if (sql !== "COMMIT" || !String(this.location()).endsWith("state.db")) return execute.call(this, sql);
  commits += 1;
  if (process.env.KILL_COUNT) writeFileSync(process.env.KILL_COUNT, String(commits));
  const now = String(commits) === nth;
  if (now && side === "before") die();
  const result = execute.call(this, sql);
  if (now && side === "after") die();
  return result;
};
