// `koine output`: what the last apply gave. Secrets are told only when asked for by name.

import { openOutput } from "../../engine/plan/outputs.ts";
import type { OutputRow } from "../../engine/state/store.ts";
import type { CommandContext } from "../command-context.ts";
import { tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";
import { tellFailure } from "../guard-clouds.ts";
import { openSecretKeeper, openState, tellStateProblem } from "../open-state.ts";
import { loadProject } from "../project/load-project.ts";

interface Flags {
  readonly json?: boolean;
  readonly raw?: boolean;
}

export async function runOutput(context: CommandContext, [name]: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const loaded = loadProject(context.options);
  tellDiagnostics(context, loaded);
  if (!loaded.project) return exitCode.failed;
  const opened = await openState(loaded.project, false);
  if ("problem" in opened) {
    tellStateProblem(context, opened.problem);
    return exitCode.failed;
  }
  const outputs = (await opened.store?.readOutputs()) ?? {};
  const lineage = (await opened.store?.readMeta())?.lineage ?? "";
  await opened.store?.close();
  if (name === undefined) {
    if (flags.raw) {
      terminal.tell("--raw wants the name of one output.\n");
      return exitCode.usage;
    }
    if (Object.keys(outputs).length === 0) terminal.tell("There are no outputs: nothing was applied yet, or the stack declares none.\n");
    terminal.out(flags.json ? `${JSON.stringify(maskSecrets(outputs), undefined, 2)}\n` : renderAll(outputs));
    return exitCode.done;
  }
  const output = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (!output) {
    terminal.tell(
      `There is no output \`${name}\`${Object.keys(outputs).length > 0 ? `; there are ${Object.keys(outputs).join(", ")}` : ": nothing was applied yet, or the stack declares none"}.\n`,
    );
    return exitCode.failed;
  }
  let value: unknown;
  try {
    value = openOutput(name, output, lineage, openSecretKeeper(loaded.project));
  } catch (error) {
    return tellFailure(context, error);
  }
  if (flags.raw && typeof value === "object") {
    terminal.tell(`\`${name}\` is not a single text; use --json.\n`);
    return exitCode.failed;
  }
  if (flags.raw) terminal.raw(String(value));
  else terminal.out(`${JSON.stringify(value, undefined, flags.json ? 2 : 0)}\n`);
  return exitCode.done;
}

function maskSecrets(outputs: Readonly<Record<string, OutputRow>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? { secret: true } : { value }]));
}

function renderAll(outputs: Readonly<Record<string, OutputRow>>): string {
  const names = Object.keys(outputs);
  const width = Math.max(0, ...names.map((name) => name.length));
  return Object.entries(outputs)
    .map(([name, { value, secret }]) => `${name.padEnd(width)} = ${secret ? "(secret)" : JSON.stringify(value, undefined, 2)}\n`)
    .join("");
}
