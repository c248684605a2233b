// `koine show FILE`: what a plan file or a report says, without asking any cloud.

import { readFileSync } from "node:fs";
import { parsePlanFile } from "../../engine/plan/plan-file.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCode } from "../exit-codes.ts";
import { describeSystemError } from "../render/failure.ts";
import { renderPlanFile } from "../render/plan-file-text.ts";
import { renderReport } from "../report/deliver-report.ts";
import { looksLikeReport, parseReport } from "../report/parse-report.ts";

interface Flags {
  readonly format?: "text" | "json" | "markdown" | "html";
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
  return looksLikeReport(text) ? showReport(context, path, text, flags) : showPlanFile(context, path, text, flags);
}

function showPlanFile({ terminal }: CommandContext, path: string, text: string, { format = "text" }: Flags): number {
  if (format === "markdown" || format === "html") {
    terminal.tell(`\`${path}\` is no report, and only a report is shown as ${format}: \`koine plan --report FILE\` writes one.\n`);
    return exitCode.usage;
  }
  const parsed = parsePlanFile(text);
  if ("mistake" in parsed) {
    terminal.tell(`\`${path}\` is not a plan file of this Koine: ${parsed.mistake}\n`);
    return exitCode.failed;
  }
  terminal.out(format === "json" ? `${JSON.stringify(parsed.file, undefined, 2)}\n` : renderPlanFile(parsed.file, terminal));
  return exitCode.done;
}

async function showReport({ terminal }: CommandContext, path: string, text: string, { format = "markdown" }: Flags): Promise<number> {
  if (format === "text") {
    terminal.tell(`\`${path}\` is a report, shown as markdown, html or json; a plan file is shown as text.\n`);
    return exitCode.usage;
  }
  const parsed = parseReport(text);
  if ("mistake" in parsed) {
    terminal.tell(`\`${path}\` is not a report of this Koine: ${parsed.mistake}\n`);
    return exitCode.failed;
  }
  terminal.out(await renderReport(parsed.report, format));
  return exitCode.done;
}
