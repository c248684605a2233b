// Who holds the lock, told precisely enough that a store on the same machine can see that the holder is dead.

import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { Holder } from "./store.ts";

/** This process as a lock holder; `doing` is the command: "apply". */
export function describeHolder(doing: string, now: Date = new Date()): Holder {
  const host = hostname();
  const namespace = readNamespace();
  return {
    id: randomBytes(16).toString("hex"),
    description: `${readUser()}@${host} pid ${process.pid}, ${doing} since ${now.toISOString()}`,
    process: { host, pid: process.pid, started: readStart(process.pid) ?? "", ...(namespace === undefined ? {} : { namespace }) },
  };
}

function readUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

/** True only when it is certain: same host, same boot, and no process with that pid, or one that started at another time. */
export function isHolderDead(holder: Holder): boolean {
  if (!holder.process || holder.process.host !== hostname()) return false;
  const { pid, started, namespace } = holder.process;
  // Two containers may have one name and cannot see each other's processes.
  if (namespace !== undefined && namespace !== readNamespace()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  const now = readStart(pid);
  return started !== "" && now !== undefined && now !== started;
}

/** What a pid counts within: this boot of the kernel, and the namespace of pids. Undefined where there is no /proc. */
function readNamespace(): string | undefined {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); undefined where there is no /proc. */
function readStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
