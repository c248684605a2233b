// Where the events of a run go: NDJSON in a file, complete and in order, and whoever follows along.

import { closeSync, openSync, writeSync } from "node:fs";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import { describeSystemError } from "./failure.ts";

export interface EventSink {
  handle(event: ApplyEvent): void;
  /** From now on, tells each event to `follower` too. */
  follow(follower: (event: ApplyEvent) => void): void;
  close(): void;
}

/**
 * Opens the file at once, so that a path that cannot be written is told before anything is done. A write that fails later is told once;
 * the run goes on without its events, since stopping it would cost more.
 */
export function openEventSink(path: string | undefined, tell: (text: string) => void): EventSink {
  const file = path === undefined ? undefined : openSync(path, "w", 0o600);
  let broken = file === undefined;
  const write = (event: ApplyEvent): void => {
    if (broken || file === undefined) return;
    try {
      writeSync(file, `${JSON.stringify(event)}\n`);
    } catch (error) {
      broken = true;
      tell(`warning: events are no longer written to \`${path}\`: ${describeSystemError(error)}\n`);
    }
  };
  const followers: ((event: ApplyEvent) => void)[] = [];
  return {
    handle: (event) => {
      // Written at once: what a reader sees before a crash is what happened before it.
      write(event);
      for (const follower of followers) follower(event);
    },
    follow: (follower) => void followers.push(follower),
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}
