// From a compiled stack to a plan: pins, state, what was in flight, what the clouds report. Shared by plan, apply, destroy and status;
// sends no mutating request.

import { type Clock, createSystemClock } from "../engine/apply/clock.ts";
import type { CloudConnection } from "../engine/apply/run-context.ts";
import { previewSettle } from "../engine/apply/settle.ts";
import { serialiseLock } from "../engine/lock/lock.ts";
import { placeOfRow } from "../engine/observe/place.ts";
import type { CloudPlace, ObservedWorld } from "../engine/observe/world.ts";
import type { BasisParts, PlanOptions } from "../engine/plan/basis.ts";
import type { Plan } from "../engine/plan/change.ts";
import { listTraces } from "../engine/plan/claim-strays.ts";
import { digestText } from "../engine/plan/digest.ts";
import { makePlan } from "../engine/plan/make-plan.ts";
import type { PlanProblem } from "../engine/plan/problem.ts";
import { ProviderError } from "../engine/provider/errors.ts";
import type { SecretKeeper } from "../engine/state/secret-keeper.ts";
import type { JournalEntry, MadeType, ObjectRow, OutputRow, StateMeta, StateStore } from "../engine/state/store.ts";
import { canonical } from "../grammar/graph/canonical.ts";
import { tagOf } from "../grammar/graph/value.ts";
import type { CompiledStack } from "./compile-stack.ts";
import { type Connection, type Connections, readIndexLag, readSimulatorSettings } from "./connections.ts";
import { loadProviders } from "./load-providers.ts";
import { readTestTimings } from "./test-timings.ts";
import { koineVersion } from "./version.ts";

/** The state as a plan starts from it; empty where there is none yet. */
export interface PriorState {
  readonly meta: StateMeta;
  readonly rows: readonly ObjectRow[];
  readonly journal: readonly JournalEntry[];
  readonly outputs: Readonly<Record<string, OutputRow>>;
  readonly settled: Plan["settled"];
  /** Types that were made lately, and where. */
  readonly made: readonly MadeType[];
  /** Ended operations that made strays of ours; asked of the store when there are strays. */
  readonly readEnded: (operations: readonly string[]) => Promise<readonly JournalEntry[]>;
}

export interface PlanFlags extends PlanOptions {
  readonly offline?: boolean;
  readonly acceptLoss?: boolean;
  readonly deep?: boolean;
}

export interface PrepareInput {
  readonly stack: CompiledStack;
  readonly prior: PriorState;
  readonly connections: Connections;
  readonly keeper: SecretKeeper;
  readonly flags: PlanFlags;
  readonly signal: AbortSignal;
  /** What waits between reads that are repeated; this machine's clock unless given. */
  readonly clock?: Clock;
  /** Where requests are known to land sooner than the world of the stack says. */
  readonly lateEffectLimit?: number;
  /** The serial that the basis names, where a killed run of a plan file goes on. */
  readonly basisSerial?: number;
}

export interface PreparedPlan {
  readonly plan?: Plan;
  readonly problems: readonly PlanProblem[];
  readonly basis: BasisParts;
  /** What the plan was made on. */
  readonly observed: ObservedWorld;
  /** What digests of this plan are keyed by: nothing before the state has a first serial, since a plan makes no state. */
  readonly lineage: string;
}

const noState: PriorState = {
  meta: { lineage: "", serial: 0, format: 1, stack: "" },
  rows: [],
  journal: [],
  outputs: {},
  settled: [],
  made: [],
  readEnded: async () => [],
};

/** Reads the state for a plan without the lock: what was in flight is settled in memory, by looking only. */
export async function readPriorState(
  store: StateStore | undefined,
  input: Pick<PrepareInput, "stack" | "connections" | "keeper" | "flags" | "signal" | "clock" | "lateEffectLimit">,
): Promise<PriorState> {
  if (!store) return noState;
  const [meta, rows, journal, outputs, made] = await Promise.all([
    store.readMeta(),
    store.readObjects(),
    store.readJournal(),
    store.readOutputs(),
    store.readMade(),
  ]);
  const readEnded = (operations: readonly string[]) => store.readEnded(operations);
  if (journal.length === 0) return { meta, rows, journal, outputs, settled: [], made, readEnded };
  const clock = input.clock ?? createSystemClock();
  const connectionOf = input.flags.offline
    ? () => undefined
    : await connectRows(
        journal.map((entry) => entry.row),
        input,
      );
  const preview = await previewSettle({
    context: {
      clock,
      abort: input.signal,
      lateEffectLimit: input.lateEffectLimit ?? lateEffectLimit(input.stack),
      requestDeadline: 60_000,
      lineage: meta.lineage,
      keeper: input.keeper,
    },
    entries: journal,
    rows,
    connectionOf,
  });
  return { meta, rows: preview.rows, journal, outputs, settled: preview.settled, made, readEnded };
}

/**
 * Embedded clouds have no request under way once the process that ran them is gone, and their indexes trail only where a fault plan says so; a real
 * one may take minutes.
 */
export function lateEffectLimit(stack: Pick<CompiledStack, "project">): number {
  if (stack.project.world === "real") return readTestTimings().lateEffectLimit ?? Number.POSITIVE_INFINITY;
  return 1_000 + readIndexLag(readSimulatorSettings().faults);
}

/** Connects to the clouds of these rows, so that they can be looked up at once. A cloud that cannot be reached is left out. */
export async function connectRows(
  rows: readonly ObjectRow[],
  input: Pick<PrepareInput, "stack" | "connections">,
): Promise<(row: ObjectRow) => CloudConnection | undefined> {
  const places = new Map<string, CloudPlace>();
  for (const row of rows) {
    const place = placeOfRow(row, input.stack.native.clouds);
    places.set(keyOf(place), place);
  }
  const connected = new Map<string, Connection>();
  for (const [key, place] of places) {
    try {
      connected.set(key, await input.connections.connect(place));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
    }
  }
  return (row) => connected.get(keyOf(placeOfRow(row, input.stack.native.clouds)));
}

function keyOf(place: CloudPlace): string {
  return `${place.provider} ${canonical(place.settings)}`;
}

/** Looks at the clouds and plans. */
export async function preparePlan(input: PrepareInput): Promise<PreparedPlan> {
  const { stack, prior, flags, keeper } = input;
  const serial = input.basisSerial ?? prior.meta.serial;
  const lineage = serial === 0 ? "" : prior.meta.lineage;
  const basis = makeBasis(stack, { lineage, serial }, flags, keeper);
  const options = pickOptions(flags);
  const named = [
    ...[...stack.native.clouds.values()].map((cloud) => cloud.provider),
    ...[...prior.rows, ...prior.made].map((each) => each.provider),
  ];
  const providers = await loadProviders(named);
  const common = {
    graph: stack.native,
    world: stack.project.world,
    serial,
    rows: prior.rows,
    outputs: prior.outputs,
    secrets: keeper,
    transforms: (provider: string) => providers.get(provider)?.transforms,
    settled: prior.settled,
    handler: (provider: string, type: string) => providers.get(provider)?.handlers[type],
    basis,
    ...options,
    ...(flags.offline ? { offline: true } : {}),
    look: {
      client: (place: CloudPlace) => input.connections.connect(place),
      signal: input.signal,
      made: prior.made,
      ...(input.clock ? { clock: input.clock } : {}),
      visibleWithin: Math.min(60_000, input.lateEffectLimit ?? lateEffectLimit(stack)),
      ...(flags.acceptLoss ? { acceptLoss: true } : {}),
      ...(flags.deep || flags.refreshOnly ? { deep: true } : {}),
    },
  };
  const made = await makePlan({ ...common, lineage: prior.meta.lineage === "" ? lineage : prior.meta.lineage, operations: prior.journal });
  const unknown = listTraces(made.observed.strays);
  const ended = unknown.length === 0 ? [] : await prior.readEnded(unknown);
  if (ended.length === 0) return { ...made, basis, lineage };
  // Strays were seen that operations of ours made: planned once more, now that these are known.
  return { ...(await makePlan({ ...common, lineage: prior.meta.lineage, operations: [...prior.journal, ...ended] })), basis, lineage };
}

function pickOptions(flags: PlanFlags): PlanOptions {
  return {
    ...(flags.destroy ? { destroy: true } : {}),
    ...(flags.refreshOnly ? { refreshOnly: true } : {}),
    ...(flags.target && flags.target.length > 0 ? { target: [...flags.target].sort() } : {}),
    ...(flags.exclude && flags.exclude.length > 0 ? { exclude: [...flags.exclude].sort() } : {}),
    ...(flags.replace && flags.replace.length > 0 ? { replace: [...flags.replace].sort() } : {}),
  };
}

function makeBasis(
  stack: CompiledStack,
  state: { readonly lineage: string; readonly serial: number },
  flags: PlanFlags,
  keeper: SecretKeeper,
): BasisParts {
  const sources = Object.fromEntries(
    [...stack.project.files.map((file) => [file.path, file.text] as const), ...stack.reads].map(([path, text]) => [path, digestText(text)]),
  );
  const inputs = Object.fromEntries(
    [...stack.graph.inputs].map(([name, value]) => {
      const isSecret = tagOf(value) === "secret";
      return [name, isSecret ? keeper.digest({ lineage: "", key: "input", prop: name }, canonical(value)) : digestText(canonical(value))];
    }),
  );
  return {
    sources,
    inputs,
    lock: stack.lock.entries.size === 0 ? "" : digestText(serialiseLock(stack.lock)),
    lineage: state.lineage,
    serial: state.serial,
    koine: koineVersion(),
    world: stack.project.world,
    options: pickOptions(flags),
  };
}
