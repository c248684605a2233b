// Looks for what an unanswered request brought into being: by its operation mark, or by natural key where there are no
// marks. Reads only. Shared by a run that waits for certainty and by settle.

import { isSameProp } from "../plan/normalise.ts";
import { ProviderError } from "../provider/errors.ts";
import type { NativeSchema } from "../provider/native-schema.ts";
import type { Handler, Observed } from "../provider/provider.ts";
import type { JournalEntry } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import { backOff } from "./retry.ts";
import { type CloudConnection, readCall } from "./run-context.ts";

export type Sought =
  | { readonly kind: "one"; readonly observed: Observed }
  | { readonly kind: "none" }
  /** Something with the same natural key that is not ours. */
  | { readonly kind: "foreign"; readonly description: string }
  | { readonly kind: "unclear"; readonly reason: string };

/** The parts of a journal entry that tell what to look for. */
export type Wanted = Pick<JournalEntry, "operation" | "object" | "key" | "type" | "token" | "row">;

/** One look. Throws `ProviderError` only for what may pass (`throttled`, `unavailable`, `timeout`). */
export async function findCreated(handler: Handler, connection: CloudConnection, wanted: Wanted, signal: AbortSignal): Promise<Sought> {
  const call = readCall(connection, signal);
  try {
    if (handler.schema.marks === "none")
      return judgeNatural(await findNatural(handler, connection, wanted, signal), handler.schema, wanted);
    const marked = (await handler.find(call, { kind: "operation", operation: wanted.operation })).filter(
      (each) => lives(each, wanted) && (each.marks?.object ?? wanted.object) === wanted.object,
    );
    if (marked.length > 0) return chooseOne(marked, wanted);
    if (!handler.schema.naturalKey) return { kind: "none" };
    const named = await findNatural(handler, connection, wanted, signal);
    const own = named.filter((each) => each.marks?.object === wanted.object);
    if (own.length > 0) return chooseOne(own, wanted);
    const foreign = named.find((each) => each.marks?.object !== undefined || each.marks?.lineage !== undefined);
    return foreign ? { kind: "foreign", description: `\`${foreign.id.id}\` carries other ownership marks` } : { kind: "none" };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.details.code === "not_found") return { kind: "none" };
    if (["throttled", "unavailable", "timeout", "not_ready"].includes(error.details.code)) throw error;
    return { kind: "unclear", reason: error.message };
  }
}

async function findNatural(
  handler: Handler,
  connection: CloudConnection,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const names = handler.schema.naturalKey ?? [];
  const props = Object.fromEntries(names.flatMap((name) => (wanted.row.props[name] === undefined ? [] : [[name, wanted.row.props[name]]])));
  const found = await handler.find(readCall(connection, signal), { kind: "natural", props });
  return found.filter((each) => lives(each, wanted));
}

/** Marks can be copied onto objects of other types (images, backups), and the dead keep theirs for a while. */
function lives(observed: Observed, wanted: Wanted): boolean {
  return observed.id.type === wanted.type && !observed.dead;
}

function chooseOne(found: readonly Observed[], wanted: Wanted): Sought {
  const [first, second] = found;
  if (first && !second) return { kind: "one", observed: first };
  const [own, another] = found.filter((each) => each.token === wanted.token);
  if (own && !another) return { kind: "one", observed: own };
  return {
    kind: "unclear",
    reason: `${found.length} objects carry the mark of one request: ${found.map((each) => each.id.id).join(", ")}`,
  };
}

/** Parent and natural key identify it; it is what was asked for only if its other values are too. */
function judgeNatural(found: readonly Observed[], schema: NativeSchema, wanted: Wanted): Sought {
  const [first, second] = found;
  if (!first) return { kind: "none" };
  if (second) return { kind: "unclear", reason: `${found.length} objects have the same natural key` };
  for (const [name, prop] of Object.entries(schema.props)) {
    const asked = wanted.row.props[name];
    const seen = first.props[name];
    if (!prop.immutable || prop.writeOnly || prop.secret || asked === undefined || seen === undefined) continue;
    if (!isSameProp(prop, asked, seen)) return { kind: "foreign", description: `\`${first.id.id}\` exists with another \`${name}\`` };
  }
  return { kind: "one", observed: first };
}

/** Looks again and again until `until` (milliseconds since the epoch) has passed; `none` is certain only then. */
export async function awaitCreated(
  handler: Handler,
  connection: CloudConnection,
  wanted: Wanted,
  options: { readonly until: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Sought> {
  const { until, clock, signal } = options;
  for (let looks = 0; ; looks++) {
    // The time is read before the look: a look that began in time proves nothing about what lands after it.
    const last = clock.now() > until;
    try {
      const sought = await findCreated(handler, connection, wanted, signal);
      if (sought.kind !== "none" || last) return sought;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (last && looks > 20) return { kind: "unclear", reason: error.message };
    }
    await clock.sleep(Math.min(backOff(Math.min(looks, 7), clock) + 100, last ? 20_000 : Math.max(1, until + 1 - clock.now())), signal);
  }
}
