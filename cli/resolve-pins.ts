// Pins that the lock does not hold yet are asked of the clouds once, written to koine.lock, and never change by themselves.

import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { emptyLock, type Lock, serialiseLock } from "../engine/lock/lock.ts";
import { compareLocks, mergeLock } from "../engine/lock/pin-changes.ts";
import type { PinRequest } from "../engine/lower/native-value.ts";
import type { PinAnswer } from "../engine/provider/provider.ts";
import type { Diagnostic } from "../grammar/diagnostics/diagnostic.ts";
import type { CommandContext } from "./command-context.ts";
import { type CompiledStack, lowerAgain, tellDiagnostics } from "./compile-stack.ts";
import type { Connections } from "./connections.ts";

/**
 * Completes the lock and the native graph. Undefined when a pin could not be answered; it was told why, and `note` is given the same. Throws
 * `ProviderError`.
 */
export async function resolvePins(
  context: CommandContext,
  stack: CompiledStack,
  connections: Connections,
  signal: AbortSignal,
  note: (diagnostics: readonly Diagnostic[]) => void = () => {},
): Promise<CompiledStack | undefined> {
  const { native } = stack;
  const answers = await askClouds(stack, connections, signal);
  const mistakes = answers.flatMap((answer) => ("mistake" in answer.answer ? [toDiagnostic(answer.request, answer.answer)] : []));
  if (mistakes.length > 0) {
    tellDiagnostics(context, { diagnostics: mistakes, sources: stack.sources });
    note(mistakes);
    return undefined;
  }
  const lock = mergeLock(stack.lock, { choices: native.choices, answers });
  if (lock !== stack.lock) saveLock(context, stack, lock);
  if (answers.length === 0) return { ...stack, lock };
  const lowered = await lowerAgain(stack, lock);
  if (!lowered.stack) {
    tellDiagnostics(context, lowered);
    note(lowered.diagnostics);
  }
  return lowered.stack;
}

async function askClouds(stack: CompiledStack, connections: Connections, signal: AbortSignal): Promise<readonly PinAnswer[]> {
  const byCloud = new Map<string, PinRequest[]>();
  for (const request of stack.native.pinRequests) {
    const requests = byCloud.get(request.cloud);
    if (requests) requests.push(request);
    else byCloud.set(request.cloud, [request]);
  }
  const answers: PinAnswer[] = [];
  for (const [name, requests] of byCloud) {
    const cloud = stack.native.clouds.get(name);
    if (!cloud) continue;
    const { provider, client } = await connections.connect({ name, ...cloud });
    answers.push(...(await provider.resolvePins(client, requests, signal)));
  }
  return answers;
}

function toDiagnostic(request: PinRequest, answer: { readonly mistake: string; readonly hint?: string }): Diagnostic {
  return {
    code: "K4010",
    severity: "error",
    message: `${request.kind} \`${request.key}\` on ${request.cloud}: ${answer.mistake}`,
    ...(answer.hint ? { hint: answer.hint } : {}),
  };
}

/** Writes the lock in one step, so that a reader sees the old or the new one. */
export function saveLock(context: CommandContext, stack: CompiledStack, lock: Lock): void {
  const path = stack.project.paths.lock;
  mkdirSync(dirname(path), { recursive: true });
  // A name that nobody can foresee, and never through what stands there: the folder comes with the sources.
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, serialiseLock(lock), { flag: "wx" });
  renameSync(temporary, path);
  const added = compareLocks(stack.lock ?? emptyLock, lock).length;
  if (stack.project.world === "real" && added > 0)
    context.terminal.tell(`koine.lock: ${added} ${added === 1 ? "pin" : "pins"} written; commit it.\n`);
}
