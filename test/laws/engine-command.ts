// One command of the engine inside a process of the in-process cloud: the steps of `koine plan` and `koine apply` between compiled stack
// and result, in their order, without terminal and files.

import { judgeClaim } from "../../cli/compare-claim.ts";
import { type ApplyResult, applyPlan } from "../../engine/apply/apply.ts";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import { judgePlanUse, type PlanUse } from "../../engine/apply/plan-use.ts";
import { openSession, type Session } from "../../engine/apply/session.ts";
import { previewSettle, type Settled, settleJournal } from "../../engine/apply/settle.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { observeWorld } from "../../engine/observe/observe.ts";
import type { ObservedWorld } from "../../engine/observe/world.ts";
import type { BasisParts } from "../../engine/plan/basis.ts";
import { buildPlan, type PlanInput } from "../../engine/plan/build-plan.ts";
import type { Plan } from "../../engine/plan/change.ts";
import { digestText } from "../../engine/plan/digest.ts";
import { makePlanFile, type PlanFile } from "../../engine/plan/plan-file.ts";
import type { PlanProblem } from "../../engine/plan/problem.ts";
import { findTouched } from "../../engine/plan/touched.ts";
import type { SecretKeeper } from "../../engine/state/secret-keeper.ts";
import type { Lease, ObjectRow, StateStore } from "../../engine/state/store.ts";
import type { MemoryCloud } from "../../providers/memory/cloud.ts";
import { type MemoryProcess, makeId } from "../../providers/memory/process.ts";
import { createMemoryProvider } from "../../providers/memory/provider.ts";
import type { WorldTime } from "../../providers/memory/virtual-time.ts";

/** What every command of one world shares. */
export interface Ground {
  readonly time: WorldTime;
  readonly cloud: MemoryCloud;
  readonly store: StateStore;
  readonly keeper: SecretKeeper;
  /** Told when a process has taken the lock. */
  readonly onLock: (process: number) => void;
}

export interface PlanOptions {
  readonly destroy?: boolean;
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: readonly string[];
  /** Adopt even what bears the mark of another stack. */
  readonly take?: boolean;
}

export interface ApplyOptions extends PlanOptions {
  /** A plan made earlier, to be applied if it still holds. */
  readonly file?: PlanFile;
  /** Milliseconds after which it is told to stop. */
  readonly stopAfter?: number;
  readonly parallel?: number;
}

export interface Applied {
  readonly settled: readonly Settled[];
  /** When everything in flight was settled. */
  readonly settledAt?: number;
  readonly problems: readonly PlanProblem[];
  readonly plan?: Plan;
  readonly result?: ApplyResult;
  /** Why a plan file was not applied. */
  readonly refused?: string;
}

/** Told while a command runs, so that what a killed one had said is known. */
export interface Listener {
  readonly event: (event: ApplyEvent) => void;
  /** What is carried out next. */
  readonly plan: (plan: Plan) => void;
}

interface Prior {
  readonly lineage: string;
  readonly serial: number;
  readonly rows: readonly ObjectRow[];
  readonly settled: readonly Settled[];
}

const connect = (ground: Ground, process: MemoryProcess) => {
  const provider = createMemoryProvider({ cloud: ground.cloud, time: ground.time, process });
  const client = ground.cloud.connect(process);
  return { provider, client, identity: client.identity };
};

/** As the sources would be: content digests of what the graph was made from. */
const sources = new WeakMap<NativeGraph, string>();

function basisOf(graph: NativeGraph, prior: Prior, options: PlanOptions): BasisParts {
  let digest = sources.get(graph);
  if (digest === undefined) {
    digest = digestText(JSON.stringify([...graph.objects.values()].map(({ key, props, annotations }) => [key, props, annotations])));
    sources.set(graph, digest);
  }
  return {
    sources: { "law.koine": digest },
    inputs: {},
    lock: "",
    lineage: prior.serial === 0 ? "" : prior.lineage,
    serial: prior.serial,
    koine: "0",
    world: "simulated",
    options: selectionOf(options),
  };
}

function selectionOf({ destroy, target, exclude, replace }: PlanOptions): BasisParts["options"] & object {
  return { ...(destroy && { destroy }), ...(target && { target }), ...(exclude && { exclude }), ...(replace && { replace }) };
}

export interface Prepared {
  readonly plan?: Plan;
  readonly problems: readonly PlanProblem[];
  readonly observed: ObservedWorld;
  readonly basis: BasisParts;
}

async function prepare(ground: Ground, process: MemoryProcess, graph: NativeGraph, prior: Prior, options: PlanOptions): Promise<Prepared> {
  const { provider, client, identity } = connect(ground, process);
  const store = guardStore(ground.store, process);
  const handler = (_: string, type: string) => provider.handlers[type];
  const basis = basisOf(graph, prior, options);
  const input: Omit<PlanInput, "observed"> = {
    graph,
    world: "simulated",
    lineage: prior.lineage,
    serial: prior.serial,
    rows: prior.rows,
    handler,
    outputs: await store.readOutputs(),
    secrets: ground.keeper,
    settled: prior.settled.filter((each) => each.outcome === "unresolved"),
    basis,
    ...selectionOf(options),
    ...(options.take && { take: true }),
  };
  const operations = await store.readJournal();
  const observed = await observeWorld({
    lineage: prior.lineage,
    graph,
    rows: prior.rows,
    made: await store.readMade(),
    handler,
    client: async () => ({ client, identity }),
    signal: new AbortController().signal,
    clock: process.clock,
    acceptLoss: true,
    touched: (seen) => findTouched(input, seen),
  });
  const named = observed.strays.flatMap(({ observed: { marks } }) => [marks?.operation ?? [], marks?.object ?? []].flat());
  const ended = named.length === 0 ? [] : await store.readEnded(named);
  return { ...buildPlan({ ...input, observed, operations: [...operations, ...ended] }), observed, basis };
}

/** `koine plan`: takes no lock; what was in flight is settled in memory. */
export async function runPlan(
  ground: Ground,
  process: MemoryProcess,
  graph: NativeGraph,
  options: PlanOptions,
): Promise<Prepared & { readonly file?: PlanFile }> {
  const store = guardStore(ground.store, process);
  const meta = await store.readMeta();
  const recorded = await store.readObjects();
  const journal = await store.readJournal();
  const connection = connect(ground, process);
  const { settled, rows } = await previewSettle({
    context: {
      clock: process.clock,
      abort: new AbortController().signal,
      lateEffectLimit: Number.POSITIVE_INFINITY,
      requestDeadline: 60_000,
      lineage: meta.lineage,
      keeper: ground.keeper,
    },
    entries: journal,
    rows: recorded,
    connectionOf: () => connection,
  });
  const { lineage, serial } = meta;
  const prepared = await prepare(ground, process, graph, { lineage, serial, rows, settled }, options);
  if (!prepared.plan) return prepared;
  const secrets = { lineage: prepared.basis.lineage, secrets: ground.keeper };
  return { ...prepared, file: makePlanFile(prepared.plan, prepared.basis, process.clock.now(), secrets) };
}

/** `koine apply`, with or without a plan file. Throws `LeaseLost` when another took over before anything was planned. */
export async function runApply(
  ground: Ground,
  process: MemoryProcess,
  graph: NativeGraph,
  options: ApplyOptions,
  hear: Listener,
): Promise<Applied> {
  const session = await takeLock(ground, process, options, hear.event);
  try {
    return await carryOut(ground, process, graph, options, session, hear);
  } finally {
    await session.close();
  }
}

/** Milliseconds between looks at a lock that somebody holds. */
const lookAgain = 3_000;

async function takeLock(
  ground: Ground,
  process: MemoryProcess,
  options: ApplyOptions,
  onEvent: (event: ApplyEvent) => void,
): Promise<Session> {
  const stop = new AbortController();
  if (options.stopAfter !== undefined) void process.clock.sleep(options.stopAfter).then(() => stop.abort(new Error("stopped")));
  for (;;) {
    const opened = await openSession({
      store: guardStore(ground.store, process, () => ground.onLock(process.number)),
      holder: { id: makeId(ground.time.random), description: "law" },
      clock: process.clock,
      keeper: ground.keeper,
      stop: stop.signal,
      onEvent,
      cause: options.destroy ? "destroy" : "apply",
    });
    if (opened.kind === "open") return opened.session;
    await process.clock.sleep(lookAgain);
  }
}

async function carryOut(
  ground: Ground,
  process: MemoryProcess,
  graph: NativeGraph,
  options: ApplyOptions,
  session: Session,
  hear: Listener,
): Promise<Applied> {
  const { file } = options;
  const use: PlanUse | undefined = file && judgePlanUse(file.digest.basis, session.earlierRuns);
  if (use?.kind === "used" || use?.kind === "overtaken") return { settled: [], problems: [], refused: use.kind };
  const connection = connect(ground, process);
  const settled = await settleJournal(session, () => connection);
  const settledAt = ground.time.now();
  const rows = [...session.rows.all()];
  const serial = use?.kind === "resume" ? use.serial : session.meta.serial;
  const asked = file ? { ...options, ...file.basis.options } : options;
  const planned = await prepare(ground, process, graph, { lineage: session.lineage, serial, rows, settled }, asked);
  const { plan, basis, problems } = planned;
  if (!plan) return { settled, settledAt, problems };
  if (file) {
    const context = { lineage: basis.lineage, secrets: ground.keeper };
    const moved = judgeClaim({ file, fresh: plan, basis, context, resumes: use?.kind === "resume" });
    if (moved.length > 0) return { settled, settledAt, problems: [], refused: `stale: ${moved.join("; ")}` };
  }
  hear.plan(plan);
  const result = await applyPlan({
    session,
    plan,
    native: graph,
    observed: planned.observed,
    connectionOf: () => connection,
    command: options.destroy ? "destroy" : "apply",
    ...(options.parallel !== undefined && { parallel: options.parallel }),
    ...(use?.kind === "resume" && { resumes: use.run.id }),
  });
  return { settled, settledAt, plan, problems: [], result };
}

/** A store that lives outside the process: each call may be the last thing that a process did, or did not, get done. */
export function guardStore(store: StateStore, process: MemoryProcess, onLock: () => void = () => {}): StateStore {
  const guardLease = (lease: Lease): Lease => ({
    ...lease,
    renew: () => process.guard("renew", () => lease.renew()),
    write: (change) => process.guard(describeWrite(change), () => lease.write(change)),
    release: () => process.guard("release", () => lease.release()),
  });
  return {
    ...store,
    readMeta: () => process.guard("read meta", () => store.readMeta()),
    readObjects: () => process.guard("read objects", () => store.readObjects()),
    readJournal: () => process.guard("read journal", () => store.readJournal()),
    readEnded: (operations) => process.guard("read ended", () => store.readEnded(operations)),
    acquire: async (holder, milliseconds) => {
      const lease = await process.guard("acquire", async () => {
        const answer = await store.acquire(holder, milliseconds);
        // When the store gave it, not when a process that was stopped meanwhile learns of it.
        if (!("heldBy" in answer)) onLock();
        return answer;
      });
      return "heldBy" in lease ? lease : guardLease(lease);
    },
  };
}

function describeWrite(change: Parameters<Lease["write"]>[0]): string {
  const entries = (change.putJournal ?? []).map((entry) => `${entry.state} ${entry.step?.operation ?? ""}`);
  return `write ${entries.join(", ") || "state"}`;
}
