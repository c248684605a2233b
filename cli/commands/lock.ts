// `koine lock`: pins what is not pinned; `--update` chooses anew; `--check` only looks.

import type { Lock } from "../../engine/lock/lock.ts";
import { compareLocks, dropPins, mergeLock, releasePins, trackPins } from "../../engine/lock/pin-changes.ts";
import { lowerGraph } from "../../engine/lower/lower.ts";
import { ProviderError } from "../../engine/provider/errors.ts";
import type { CommandContext } from "../command-context.ts";
import { type CompiledStack, compileStack, lowerAgain, tellDiagnostics } from "../compile-stack.ts";
import { openConnections } from "../connections.ts";
import { exitCode } from "../exit-codes.ts";
import { loadProvidersOf } from "../load-providers.ts";
import { tellProviderError } from "../render/provider-error.ts";
import { resolvePins, saveLock } from "../resolve-pins.ts";

interface Flags {
  readonly update?: true | readonly string[];
  readonly check?: boolean;
}

export async function runLock(context: CommandContext, _arguments: readonly string[], flags: Flags): Promise<number> {
  const { terminal } = context;
  const compilation = await compileStack(context.options);
  tellDiagnostics(context, compilation);
  const { stack } = compilation;
  if (!stack) return exitCode.failed;
  if (flags.check) return checkLock(context, stack);
  const released =
    flags.update === undefined ? { lock: stack.lock, unknown: [] } : releasePins(stack.lock, flags.update === true ? [] : flags.update);
  if (released.unknown.length > 0) {
    terminal.tell(`Nothing is pinned under ${released.unknown.map((name) => `\`${name}\``).join(", ")}.\n`);
    return exitCode.usage;
  }
  const open = flags.update === undefined ? compilation : await lowerAgain(stack, released.lock);
  if (!open.stack) {
    tellDiagnostics(context, open);
    return exitCode.failed;
  }
  const interruption = new AbortController();
  const connections = openConnections({ project: stack.project, signal: interruption.signal });
  try {
    const resolved = await resolvePins(context, open.stack, connections, interruption.signal);
    if (!resolved) return exitCode.failed;
    const lock = await withoutUnused(context, resolved);
    saveLock(context, stack, lock);
    tellChanges(context, stack.lock, lock);
    return exitCode.done;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    tellProviderError(context, error);
    return exitCode.failed;
  } finally {
    await connections.close();
  }
}

function checkLock({ terminal }: CommandContext, stack: CompiledStack): number {
  const missing = [...stack.native.pinRequests.map((request) => `${request.kind} ${request.key}`), ...newChoices(stack)];
  if (missing.length === 0) {
    terminal.tell("Everything is pinned.\n");
    return exitCode.done;
  }
  for (const what of missing) terminal.tell(`not pinned: ${what}\n`);
  terminal.tell("Run `koine lock`, and commit koine.lock.\n");
  return exitCode.failed;
}

function newChoices(stack: CompiledStack): readonly string[] {
  return compareLocks(stack.lock, mergeLock(stack.lock, { choices: stack.native.choices })).flatMap(({ after }) =>
    after ? [`${after.kind} ${after.key}`] : [],
  );
}

/** Pins that none of the clouds the inputs may choose asks for are dropped. */
async function withoutUnused(context: CommandContext, stack: CompiledStack): Promise<Lock> {
  const tracked = trackPins(stack.lock);
  const providers = await loadProvidersOf(stack.native);
  const { choices } = await compileStack(context.options, { everyCloud: true });
  for (const { graph } of [stack, ...choices]) lowerGraph(graph, providers, tracked.reader);
  return dropPins(stack.lock, tracked.findUnused());
}

function tellChanges({ terminal }: CommandContext, before: Lock, after: Lock): void {
  const changes = compareLocks(before, after);
  if (changes.length === 0) terminal.tell("Nothing changed.\n");
  for (const change of changes) {
    const { provider, kind, key } = change.after ?? change.before ?? { provider: "", kind: "", key: "" };
    terminal.out(`${provider} ${kind} ${key}: ${change.before?.id ?? "(new)"} → ${change.after?.id ?? "(dropped)"}\n`);
  }
}
