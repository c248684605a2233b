// `koine show FILE`: what a plan file says, without asking any cloud.

import { readFileSync } from "node:fs";
import { parsePlanFile } from "../../engine/plan/plan-file.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { describeSystemError } from "../render/failure.ts";
import { renderPlanFile } from "../render/plan-file-text.ts";

interface Flags {
  readonly format: "text" | "json";
}

export async function runShow(context: CommandContext, [path = ""]: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    terminal.tell(`\`${path}\` cannot be read: ${describeSystemError(error)}\n`);
    return exitCode.failed;
  }
  const parsed = parsePlanFile(text);
  if ("mistake" in parsed) {
    terminal.tell(`\`${path}\` is not a plan file of this Koine: ${parsed.mistake}\n`);
    return exitCode.failed;
  }
  terminal.out(flags.format === "json" ? `${JSON.stringify(parsed.file, undefined, 2)}\n` : renderPlanFile(parsed.file, terminal));
  return exitCode.done;
}
