// Ctrl-C, SIGTERM and a terminal that is closed (SIGHUP) during a run: once, nothing new is started and what is in flight is finished or
// journaled; twice, it leaves now.

import { exitCode } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface Interruption {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly abort: AbortSignal;
  /** 130 or 143 once a signal came. */
  exitCode(): number | undefined;
  end(): void;
}

export function watchSignals(terminal: Pick<Terminal, "tell">): Interruption {
  const stop = new AbortController();
  const abort = new AbortController();
  let code: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    code = signal === "SIGINT" ? exitCode.interrupted : exitCode.terminated;
    if (stop.signal.aborted) {
      abort.abort(new Error("left at once; the journal covers what was in flight"));
      return;
    }
    terminal.tell(
      "\nStopping: nothing new is started, what is in flight is finished. Once more leaves at once; the next apply settles it.\n",
    );
    stop.abort(new Error("stopped"));
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  process.on("SIGHUP", handle);
  return {
    stop: stop.signal,
    abort: abort.signal,
    exitCode: () => code,
    end: () => {
      process.removeListener("SIGINT", handle);
      process.removeListener("SIGTERM", handle);
      process.removeListener("SIGHUP", handle);
    },
  };
}
