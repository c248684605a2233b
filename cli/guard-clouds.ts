// Runs what calls clouds: interruptible, and with a cloud's refusal or a missing key told as such, never as a defect.

import { ProviderError } from "../engine/provider/errors.ts";
import { SecretKeyMissing } from "../engine/state/secret-keeper.ts";
import type { CommandContext } from "./command-context.ts";
import { exitCode } from "./exit-codes.ts";
import { tellProviderError } from "./render/provider-error.ts";

/** For commands that only read: one Ctrl-C leaves. */
export async function guardClouds(context: CommandContext, run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interruption = new AbortController();
  let code: number | undefined;
  const leave = (signal: NodeJS.Signals): void => {
    code = signal === "SIGTERM" ? exitCode.terminated : exitCode.interrupted;
    interruption.abort(new Error("interrupted"));
  };
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  try {
    return await run(interruption.signal);
  } catch (error) {
    if (code !== undefined) return code;
    return tellFailure(context, error);
  } finally {
    process.removeListener("SIGINT", leave);
    process.removeListener("SIGTERM", leave);
  }
}

/** Tells what is not our defect and gives the exit code; throws what is. */
export function tellFailure(context: CommandContext, error: unknown): number {
  if (error instanceof ProviderError) tellProviderError(context, error);
  else if (error instanceof SecretKeyMissing) context.terminal.tell(`${context.terminal.style("red", "error")}: ${error.message}\n`);
  else throw error;
  return exitCode.failed;
}
