// The state of one look at the clouds while it goes on: what to ask, and what was answered so far.

import { type Clock, createSystemClock } from "../apply/clock.ts";
import type { NativeGraph } from "../lower/native-graph.ts";
import type { PlanProblem } from "../plan/problem.ts";
import type { Handler, Identity, ObjectId } from "../provider/provider.ts";
import type { MadeType, ObjectRow } from "../state/store.ts";
import type { Reader, ReadOutcome } from "./read-objects.ts";
import { retryReads } from "./retry-reads.ts";
import { groupScopes, type Scope } from "./scopes.ts";
import { type CloudPlace, idKey, isSameIncarnation, type ObservedStray, type ObservedWorld, type Sight } from "./world.ts";

export interface ObserveInput {
  readonly lineage: string;
  readonly graph: NativeGraph | undefined;
  readonly rows: readonly ObjectRow[];
  /** Types that were made lately: strays of one are seen though neither rows nor source have it any more. */
  readonly made?: readonly MadeType[];
  readonly handler: (provider: string, type: string) => Handler | undefined;
  /** Connects to a cloud when it is first asked. May throw `ProviderError`. */
  readonly client: (place: CloudPlace) => Promise<{ readonly client: unknown; readonly identity: Identity }>;
  readonly signal: AbortSignal;
  /** Calls of handlers at once; 8 unless said otherwise. */
  readonly concurrency?: number;
  /** Time and chance between repeats of a reading call; the machine's own unless said otherwise. */
  readonly clock?: Pick<Clock, "now" | "sleep" | "random">;
  /** Milliseconds within which what was made shows itself: until then, that a cloud does not know it proves nothing. 60,000 unless said otherwise. */
  readonly visibleWithin?: number;
  /** Objects (by the row's object id) that have to be read at each depth. Asked again until it names nothing new. */
  readonly touched?: (world: ObservedWorld) => Iterable<string>;
  /** Read everything at each depth (`status --deep`). */
  readonly deep?: boolean;
  /** Go on although most objects of a scope are gone. */
  readonly acceptLoss?: boolean;
  /** Look only at these, by id and deep; everything else is taken as the state has it. For applying a plan file. */
  readonly only?: { readonly keys: ReadonlySet<string>; readonly strays: readonly ObjectId[] };
}

/** What one look gathers. */
export interface Look {
  readonly input: ObserveInput;
  readonly scopes: readonly Scope[];
  readonly concurrency: number;
  readonly sights: Map<string, Sight>;
  readonly named: Map<string, Sight>;
  readonly strays: Map<string, ObservedStray>;
  readonly identities: Map<string, Identity>;
  readonly problems: PlanProblem[];
  readonly warnings: string[];
  readonly rowsById: ReadonlyMap<string, ObjectRow | readonly ObjectRow[]>;
  readonly calls: { sweeps: number; byId: number; each: number };
  readonly attempt: Reader["attempt"];
  readonly clock: Pick<Clock, "now" | "sleep" | "random">;
}

export function beginLook(input: ObserveInput): Look {
  const clock = input.clock ?? createSystemClock();
  const rowsById = new Map<string, ObjectRow | readonly ObjectRow[]>();
  for (const row of input.rows) {
    const id = idKey(row.id);
    const known = rowsById.get(id);
    rowsById.set(id, known === undefined ? row : [known, row].flat());
  }
  return {
    input,
    scopes: groupScopes(input),
    concurrency: input.concurrency ?? 8,
    sights: new Map(),
    named: new Map(),
    strays: new Map(),
    identities: new Map(),
    problems: [],
    warnings: [],
    rowsById,
    calls: { sweeps: 0, byId: 0, each: 0 },
    attempt: retryReads(clock, input.signal),
    clock,
  };
}

export function worldOf(look: Look): ObservedWorld {
  return {
    rows: look.sights,
    named: look.named,
    strays: [...look.strays].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stray]) => stray),
    problems: look.problems,
    warnings: look.warnings,
    identities: look.identities,
    calls: look.calls,
  };
}

/** What was asked for by id. Another incarnation under the same name is not the object. */
export function takeRows(outcome: ReadOutcome, rows: readonly ObjectRow[], look: Look, depth: "list" | "each" = "list"): void {
  const found = new Map(outcome.found.map((observed) => [idKey(observed.id), observed]));
  const absent = new Set(outcome.absent.map(idKey));
  for (const row of rows) {
    const observed = found.get(idKey(row.id));
    if (observed && isSameIncarnation(row.id, observed.id)) look.sights.set(row.object, { kind: "found", observed, depth });
    else if (observed || absent.has(idKey(row.id))) look.sights.set(row.object, { kind: "absent" });
    else
      look.sights.set(row.object, {
        kind: "unknown",
        reason: outcome.reasons.get(idKey(row.id)) ?? outcome.failed ?? "the cloud did not say",
      });
  }
}

/** Runs tasks with at most so many at once; the first throw ends it. */
export async function runAll(tasks: readonly (() => Promise<void>)[], atOnce: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let task = tasks[next++]; task; task = tasks[next++]) await task();
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, work));
}
