// `koine lower`: the native objects a stack becomes, so that nothing is hidden by the common language.

import { describeNative, nativeToJson } from "../../engine/lower/describe.ts";
import type { CommandContext } from "../command-context.ts";
import { compileStack, tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";

interface Flags {
  readonly on?: string;
  readonly format: "text" | "json";
}

export async function runLower(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const compilation = compileStack(context.options);
  tellDiagnostics(context, compilation);
  const { stack } = compilation;
  if (!stack) return exitCode.failed;
  if (flags.on !== undefined && !stack.native.clouds.has(flags.on)) {
    context.terminal.tell(`The stack has no cloud \`${flags.on}\`; it has ${[...stack.native.clouds.keys()].join(", ")}.\n`);
    return exitCode.usage;
  }
  const objects = [...stack.native.objects.values()].filter((object) => flags.on === undefined || object.cloud === flags.on);
  if (flags.format === "json")
    context.terminal.out(
      `${JSON.stringify({ version: 1, stack: stack.graph.stack.name, objects: nativeToJson(objects) }, undefined, 2)}\n`,
    );
  else context.terminal.out(describeNative(objects));
  return exitCode.done;
}
