// What is neither a diagnostic nor a defect: files that cannot be written, a full disk, a state that cannot be read. Told in words, with the fix.

import { LeaseLost, StateDamaged, StateUnreachable } from "../../engine/state/store.ts";
import { HostError } from "../ci/host.ts";

/** Something around the run, a file or a setting, that cannot be used as it is. Thrown by the command line only, told without a stack. */
export class CannotUse extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = "CannotUse";
    this.hint = hint;
  }
}

export interface Failure {
  readonly message: string;
  readonly hint: string;
}

/** Undefined for a defect of ours. */
export function describeFailure(error: unknown): Failure | undefined {
  if (error instanceof CannotUse || error instanceof StateUnreachable || error instanceof HostError) return error;
  if (error instanceof StateDamaged) {
    return { message: error.message, hint: "restore it from a backup, or move it away and start anew; nothing was overwritten" };
  }
  if (error instanceof LeaseLost)
    return { message: error.message, hint: "this run stopped; what it did is recorded. Look at `koine status`, and run it again" };
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall, errstr, errcode } = error as NodeJS.ErrnoException & { readonly errstr?: string; readonly errcode?: number };
  // https://nodejs.org/api/sqlite.html: errors of SQLite carry this code and SQLite's own text.
  if (code === "ERR_SQLITE_ERROR") {
    // https://www.sqlite.org/rescode.html#busy
    if (errcode !== undefined && (errcode & 0xff) === 5) {
      return {
        message: "another process is in the middle of a write to the state, and does not go on",
        hint: "it may be stopped: continue it, or end it; what was recorded before is safe",
      };
    }
    return {
      message: `the state or the simulated world cannot be used: ${errstr ?? error.message}`,
      hint: "look at free space and permissions of its folder; what was recorded before is safe",
    };
  }
  if (syscall === undefined || code === undefined) return undefined;
  const words = describeSystemError(error);
  const place = path === undefined ? "" : `\`${path}\` `;
  return { message: `${place}cannot be used (${syscall}): ${words}`, hint: hints[code] ?? "mend it, and run the command again" };
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
  EDQUOT: "the quota is used up",
  EEXIST: "it is there already, and not a folder",
  ELOOP: "its links go round in circles",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  EADDRINUSE: "the port is taken",
  EFBIG: "the file would be too large",
};

const hints: Readonly<Record<string, string>> = {
  ENOENT: "make the folder first, or name another path",
  ENOTDIR: "name another path",
  EISDIR: "name a file",
  EACCES: "change its permissions, or use a folder of your own",
  EPERM: "change its permissions, or use a folder of your own",
  EROFS: "use a folder that can be written",
  ENOSPC: "free some space, and run the command again",
  EEXIST: "name another path",
  EADDRINUSE: "choose another with `--port`, or 0 for any",
};

/** `ENOENT` as `it does not exist`; the code itself where there are no words for it. */
export function describeSystemError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== undefined) return meanings[code] ?? code;
  return error instanceof Error ? (error.message.split("\n")[0] ?? "unknown error") : "unknown error";
}
