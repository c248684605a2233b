// `koine check`: everything that can be known without a cloud. Loads no SDK.

import { diagnosticsToJson } from "../../grammar/diagnostics/render.ts";
import type { CommandContext } from "../command-context.ts";
import { compileStack, describeChoice, tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";

interface Flags {
  readonly format: "text" | "json";
}

export async function runCheck(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const compilation = await compileStack(context.options, { partial: true, everyCloud: true });
  const { terminal } = context;
  const errors = compilation.diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  if (flags.format === "text")
    for (const note of compilation.notes) terminal.tell(`note: ${note.message}${note.hint ? `\n  = ${note.hint}` : ""}\n`);
  if (flags.format === "json")
    terminal.out(`${JSON.stringify(diagnosticsToJson(compilation.diagnostics, compilation.sources), undefined, 2)}\n`);
  else {
    tellDiagnostics(context, compilation);
    if (errors > 0) terminal.tell(`\n${errors} ${errors === 1 ? "error" : "errors"}\n`);
    else if (compilation.stack) {
      const name = compilation.stack.graph.stack.name;
      for (const { on, graph, native } of compilation.choices) {
        const when = on.size === 0 ? "" : ` when ${describeChoice(on)}`;
        terminal.tell(
          `${terminal.style("green", "ok")}: stack ${name}, ${countOf(graph.resources.size, "resource")}, ${countOf(native.objects.size, "native object")}${when}\n`,
        );
      }
    } else terminal.tell(`${terminal.style("green", "ok")}: nothing wrong that can be seen without the missing inputs\n`);
  }
  return errors > 0 ? exitCode.failed : exitCode.done;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
