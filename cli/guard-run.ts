// The last net under a command: what is not the user's mistake is told as ours, never as a stack trace.

import type { CommandContext } from "./command-context.ts";
import { exitCode } from "./exit-codes.ts";
import { describeFailure } from "./render/failure.ts";

/** Runs it and gives its exit code. What it throws is told, and gives 1. */
export async function runGuarded(context: CommandContext, run: () => Promise<number> | number): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const { terminal } = context;
    const failure = describeFailure(error);
    if (failure) {
      terminal.tell(`${terminal.style("red", "error")}: ${failure.message}\n  = ${failure.hint}\n`);
      if (context.debug && error instanceof Error) terminal.tell(`${error.stack ?? ""}\n`);
      return exitCode.failed;
    }
    const message = error instanceof Error ? error.message : String(error);
    terminal.tell(`${terminal.style("red", "internal error")}: ${message}\n`);
    terminal.tell("  This is a mistake in Koine. What was done so far is recorded; it is safe to run the command again.\n");
    if (context.debug && error instanceof Error) terminal.tell(`${error.stack ?? ""}\n`);
    else terminal.tell("  `--log-level debug` shows where it happened.\n");
    return exitCode.failed;
  }
}
