// Where the events of a run go: NDJSON in a file or on stdout, complete and in order, and whoever follows along. The shape of a line is
// docs/schemas/events.schema.json.

import { closeSync, openSync, writeSync } from "node:fs";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import { exitCode } from "../exit-codes.ts";
import { describeSystemError } from "./failure.ts";

/** Version of the events as a whole; it rises when a reader of the one before could misread them. */
export const eventsVersion = 1;

/** What frames the events of the engine: the command as a whole, which may end before a run has begun. */
export type RunEvent =
  | ApplyEvent
  | {
      readonly kind: "run-started";
      readonly version: typeof eventsVersion;
      readonly command: "apply" | "destroy";
      readonly world: "real" | "simulated";
      readonly koine: string;
      readonly at: number;
    }
  /** From here on this run may write the state, whose serial was found to be this. */
  | { readonly kind: "lock-taken"; readonly run: string; readonly serial: number; readonly at: number }
  | {
      readonly kind: "run-ended";
      readonly result: string;
      readonly exit: number;
      /** Why nothing was begun, or the plan was refused. */
      readonly reasons: readonly string[];
      readonly at: number;
    };

export interface EventSink {
  handle(event: RunEvent): void;
  /** From now on, tells each event to `follower` too. */
  follow(follower: (event: RunEvent) => void): void;
  close(): void;
}

/**
 * Opens the file at once, so that a path that cannot be written is told before anything is done; `-` is stdout. A write that fails later is
 * told once; the run goes on without its events, since stopping it would cost more.
 */
export function openEventSink(path: string | undefined, tell: (text: string) => void): EventSink {
  const stdout = 1;
  const file = path === undefined ? undefined : path === "-" ? stdout : openSync(path, "w", 0o600);
  let broken = file === undefined;
  let seq = 0;
  let latest = 0;
  const write = (event: RunEvent): void => {
    if (broken || file === undefined) return;
    seq += 1;
    // The clock of a machine can be set back; the order of the lines is that in which things happened.
    latest = Math.max(latest, event.at);
    try {
      writeWhole(file, `${JSON.stringify({ seq, ...event, at: latest })}\n`);
    } catch (error) {
      broken = true;
      const place = path === "-" ? "stdout" : `\`${path}\``;
      tell(`warning: events are no longer written to ${place}: ${describeSystemError(error)}\n`);
    }
  };
  const followers: ((event: RunEvent) => void)[] = [];
  return {
    handle: (event) => {
      // Written at once: what a reader sees before a crash is what happened before it.
      write(event);
      for (const follower of followers) follower(event);
    },
    follow: (follower) => void followers.push(follower),
    close: () => {
      broken = true;
      if (file !== undefined && file !== stdout) closeSync(file);
    },
  };
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** All of it, now. A pipe whose reader is slow takes a part at a time, or says EAGAIN where another process made it non-blocking. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

const results: Readonly<Record<number, string>> = {
  [exitCode.done]: "done",
  [exitCode.failed]: "failed",
  [exitCode.stale]: "stale",
  [exitCode.partial]: "partial",
  [exitCode.refused]: "refused",
  [exitCode.lockHeld]: "locked",
  [exitCode.interrupted]: "interrupted",
  [exitCode.terminated]: "terminated",
};

/** The last event, whatever happened. */
export function describeEnd(exit: number, reasons: readonly string[], at: number): RunEvent {
  return { kind: "run-ended", result: results[exit] ?? "failed", exit, reasons, at };
}
