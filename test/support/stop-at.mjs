// Preloaded into a CLI process (`NODE_OPTIONS=--import`): stops it, as SIGSTOP from outside would, at one exact point, `STOP_AT`:
// `before:N`, `after:N` around the n-th durable write of a SQLite state, `send:WORDS` right before the first HTTP request whose body holds
// them is handed to its socket. The CLI itself knows nothing of it.

import http from "node:http";
import { DatabaseSync } from "node:sqlite";
import { isMainThread } from "node:worker_threads";

const [side, where = ""] = (process.env.STOP_AT ?? "").split(":");
// A signal that a process sends to itself arrives before `kill` returns: https://man7.org/linux/man-pages/man2/kill.2.html (NOTES)
const stop = () => process.kill(process.pid, "SIGSTOP");

if (isMainThread && (side === "before" || side === "after")) {
  const execute = DatabaseSync.prototype.exec;
  let commits = 0;
  DatabaseSync.prototype.exec = function (sql) {
    if (sql !== "COMMIT" || !String(this.location()).endsWith("state.db")) return execute.call(this, sql);
    commits += 1;
    const now = String(commits) === where;
    if (now && side === "before") stop();
    const result = execute.call(this, sql);
    if (now && side === "after") stop();
    return result;
  };
}

if (isMainThread && side === "send") {
  const end = http.ClientRequest.prototype.end;
  let stopped = false;
  http.ClientRequest.prototype.end = function (body, ...rest) {
    if (!stopped && body !== undefined && Buffer.from(body).includes(where)) {
      stopped = true;
      stop();
    }
    return end.call(this, body, ...rest);
  };
}
