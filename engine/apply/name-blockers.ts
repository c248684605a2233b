// What holds up a delete, in words: each thing by type and id, ours by the object it is or belongs to, and apart from them what Koine does not manage.
// Reads only, and seldom: each look costs the list calls of the type's handler.

import { ProviderError } from "../provider/errors.ts";
import type { Blocker, Handler, ObjectId, Step } from "../provider/provider.ts";
import { type CloudConnection, type RunContext, readCall } from "./run-context.ts";

export interface HeldTask {
  readonly handler: Handler;
  readonly connection: CloudConnection;
  readonly step: Pick<Step, "deletes">;
  readonly id?: ObjectId;
}

/** Most that a message names. */
const shown = 5;

/** Undefined where nothing is known to be in the way: the type tells nothing, nothing was found, or the look was refused. */
export async function nameBlockers(run: RunContext, task: HeldTask): Promise<string | undefined> {
  const { id } = task;
  if (!id || !task.step.deletes) return undefined;
  try {
    const blockers = await task.handler.blockers(readCall(task.connection, run.abort), id);
    return blockers.length === 0 ? undefined : describe(id, blockers, run);
  } catch (error) {
    // Only the message is poorer without them.
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

/** The error with what is in the way, for the codes with which a cloud says that something is. */
export async function explainHeld(run: RunContext, task: HeldTask, error: ProviderError): Promise<ProviderError> {
  if (!["dependency", "conflict", "timeout"].includes(error.details.code)) return error;
  const held = await nameBlockers(run, task);
  return held ? new ProviderError(`${error.message}; ${held}`, error.details, error) : error;
}

function describe(id: ObjectId, blockers: readonly Blocker[], { rows }: RunContext): string {
  const ours: string[] = [];
  const foreign: string[] = [];
  for (const { type, id: physical, description, holder } of blockers) {
    const own = rows.known(physical, type) ?? (holder === undefined ? undefined : rows.known(holder));
    if (own) ours.push(`${type} ${physical} (${own.key}${own.ended ? ", which is being released" : ""})`);
    else foreign.push(`${type} ${physical} (${description})`);
  }
  const parts = [
    ...(ours.length > 0 ? [`by ${list(ours)}`] : []),
    ...(foreign.length > 0 ? [`by something Koine does not manage: ${list(foreign)}`] : []),
  ];
  return `${id.id} is used ${parts.join(", and ")}`;
}

function list(texts: readonly string[]): string {
  return texts.length > shown ? `${texts.slice(0, shown).join(", ")} and ${texts.length - shown} more` : texts.join(", ");
}
