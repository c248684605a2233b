// `koine check`: everything that can be known without a cloud. Loads no SDK.

import { diagnosticsToJson } from "../../grammar/diagnostics/render.ts";
import type { CommandContext } from "../command-context.ts";
import { type Compilation, compileStack, describeChoice, tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";
import { type Findings, renderGithubCommands } from "../render/github-annotations.ts";
import { findPlaces } from "../render/source-place.ts";
import type { Terminal } from "../terminal.ts";
import { koineVersion } from "../version.ts";

interface Flags {
  readonly format: "text" | "json" | "sarif" | "github";
}

export async function runCheck(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const compilation = await compileStack(context.options, { partial: true, everyCloud: true });
  const { terminal, options } = context;
  const errors = compilation.diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const findings = (): Findings => ({ ...compilation, places: findPlaces(options.directory) });
  if (flags.format === "json")
    terminal.out(`${JSON.stringify(diagnosticsToJson(compilation.diagnostics, compilation.sources), undefined, 2)}\n`);
  else if (flags.format === "sarif") {
    const { makeSarif } = await import("../render/sarif.ts");
    const { environment } = options;
    const log = makeSarif({ ...findings(), version: koineVersion(), ...(environment === undefined ? {} : { environment }) });
    terminal.out(`${JSON.stringify(log, undefined, 1)}\n`);
  } else if (flags.format === "github") {
    // As they are: they are for the runner. What stands in them is encoded.
    terminal.raw(renderGithubCommands(findings()));
    tellCount(terminal, errors);
  } else tellText(context, compilation, errors);
  return errors > 0 ? exitCode.failed : exitCode.done;
}

function tellCount({ tell }: Terminal, errors: number): void {
  if (errors > 0) tell(`\n${countOf(errors, "error")}\n`);
}

function tellText(context: CommandContext, compilation: Compilation, errors: number): void {
  const { terminal } = context;
  for (const note of compilation.notes) terminal.tell(`note: ${note.message}${note.hint ? `\n  = ${note.hint}` : ""}\n`);
  tellDiagnostics(context, compilation);
  tellCount(terminal, errors);
  if (errors > 0) return;
  if (!compilation.stack) {
    terminal.tell(`${terminal.style("green", "ok")}: nothing wrong that can be seen without the missing inputs\n`);
    return;
  }
  const name = compilation.stack.graph.stack.name;
  for (const { on, graph, native } of compilation.choices) {
    const when = on.size === 0 ? "" : ` when ${describeChoice(on)}`;
    terminal.tell(
      `${terminal.style("green", "ok")}: stack ${name}, ${countOf(graph.resources.size, "resource")}, ${countOf(native.objects.size, "native object")}${when}\n`,
    );
  }
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
