// `koine lower`: the native objects a stack becomes, so that nothing is hidden by the common language, and what they cost. Where an input chooses the
// cloud, the stack on each of them side by side. Calls no cloud.

import { describeNative, nativeToJson } from "../../engine/lower/describe.ts";
import type { NativeObject } from "../../engine/lower/native-graph.ts";
import { describeSideBySide } from "../../engine/lower/side-by-side.ts";
import type { CommandContext } from "../command-context.ts";
import { type CompiledStack, compileStack, describeClouds, type LoweredChoice, tellDiagnostics } from "../compile-stack.ts";
import { exitCode } from "../exit-codes.ts";
import { describePrices, type LoweredPrices, priceLowered, priceOn, pricesToJson } from "../price-lowered.ts";
import { describeTotal } from "../render/price-table.ts";

interface Flags {
  readonly on?: string;
  readonly format: "text" | "json";
  readonly prices?: boolean;
}

export async function runLower(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const compilation = await compileStack(context.options, { everyCloud: true });
  tellDiagnostics(context, compilation);
  const { stack, choices } = compilation;
  if (!stack) return exitCode.failed;
  const { on } = flags;
  if (on !== undefined && !stack.native.clouds.has(on)) {
    context.terminal.tell(`The stack has no cloud \`${on}\`; it has ${[...stack.native.clouds.keys()].join(", ")}.\n`);
    return exitCode.usage;
  }
  const shown = on === undefined ? choices : choicesOn(on, choices);
  const [only, ...others] = shown;
  if (!only) return exitCode.failed;
  const priced = flags.prices ? await priceLowered(shown, on) : undefined;
  if (flags.format === "json") context.terminal.out(`${JSON.stringify(toJson(stack, shown, on, priced), undefined, 2)}\n`);
  else if (priced) context.terminal.out(describePrices(priced));
  else if (others.length === 0) context.terminal.out(describeNative(objectsOf(only, on)));
  else context.terminal.out(await describeChoices(shown, on));
  return exitCode.done;
}

async function describeChoices(choices: readonly LoweredChoice[], on: string | undefined): Promise<string> {
  const columns = await Promise.all(
    choices.map(async (choice) => ({
      title: describeClouds(choice.on),
      objects: objectsOf(choice, on),
      foot: `≈ ${describeTotal(await priceOn(choice.native, on))} USD/month`,
    })),
  );
  return `${describeSideBySide(columns)}\n  Estimated by list prices; ?: not fully priced. \`koine lower --prices\` tells it by resource.\n`;
}

/** Where an input chooses the cloud: with that one chosen, wherever it may be. Else the clouds are fixed, and only their objects are left. */
function choicesOn(cloud: string, choices: readonly LoweredChoice[]): readonly LoweredChoice[] {
  const chosen = choices.filter(({ on }) => on.size > 0 && [...on.values()].every((name) => name === cloud));
  return chosen.length > 0 ? chosen : choices.slice(0, 1);
}

function objectsOf({ native }: LoweredChoice, on: string | undefined): readonly NativeObject[] {
  return [...native.objects.values()].filter((object) => on === undefined || object.cloud === on);
}

function toJson(
  stack: CompiledStack,
  choices: readonly LoweredChoice[],
  on: string | undefined,
  priced: LoweredPrices | undefined,
): unknown {
  const head = { version: 1, stack: stack.graph.stack.name, ...(priced ? { prices: pricesToJson(priced) } : {}) };
  const [only, ...others] = choices;
  if (only && others.length === 0) return { ...head, objects: nativeToJson(objectsOf(only, on)) };
  return {
    ...head,
    choices: choices.map((choice) => ({ on: Object.fromEntries(choice.on), objects: nativeToJson(objectsOf(choice, on)) })),
  };
}
