// A whole command over the in-process cloud: lock, settle, observe, plan, apply, as one process that can be killed at any await.

import { type ApplyResult, applyPlan } from "../../engine/apply/apply.ts";
import type { ApplyEvent } from "../../engine/apply/events.ts";
import { openSession } from "../../engine/apply/session.ts";
import { type Settled, settleJournal } from "../../engine/apply/settle.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import { observeWorld } from "../../engine/observe/observe.ts";
import { buildPlan, type PlanInput } from "../../engine/plan/build-plan.ts";
import type { Plan } from "../../engine/plan/change.ts";
import type { PlanProblem } from "../../engine/plan/problem.ts";
import { findTouched } from "../../engine/plan/touched.ts";
import { createMemoryStore } from "../../engine/state/memory-store.ts";
import { createSecretKeeper } from "../../engine/state/secrets.ts";
import type { Lease, StateStore } from "../../engine/state/store.ts";
import { createCloud, type MemoryCloud } from "../../providers/memory/cloud.ts";
import type { Weather } from "../../providers/memory/faults.ts";
import { Killed, type MemoryProcess, makeId, startProcess } from "../../providers/memory/process.ts";
import { createMemoryProvider } from "../../providers/memory/provider.ts";
import { createVirtualTime, type VirtualTime } from "../../providers/memory/virtual-time.ts";
import { createWorld, type World } from "../../providers/memory/world.ts";

export interface Rig {
  readonly time: VirtualTime;
  readonly world: World;
  readonly cloud: MemoryCloud;
  readonly store: StateStore;
  /** Settles, plans and applies as a process of its own. */
  apply(graph: NativeGraph, options?: CommandOptions): Promise<Outcome>;
  /** Plans only, as a process of its own; takes no lock. */
  plan(graph: NativeGraph, options?: Pick<CommandOptions, "destroy">): Promise<Planned>;
}

export interface CommandOptions {
  readonly destroy?: boolean;
  /** The place, counted from 1, at which the process dies. */
  readonly killAt?: number;
  readonly skew?: number;
  /** Milliseconds after which it is told to stop. */
  readonly stopAfter?: number;
  readonly parallel?: number;
}

export interface Planned {
  readonly plan?: Plan;
  readonly problems: readonly PlanProblem[];
}

export interface Outcome extends Planned {
  /** Where it died; absent when it lived. */
  readonly killed?: Killed;
  readonly settled: readonly Settled[];
  readonly result?: ApplyResult;
  readonly events: readonly ApplyEvent[];
  /** Places at which it could have been killed. */
  readonly passed: number;
}

export function createRig(seed: number, weather?: Weather): Rig {
  const time = createVirtualTime(seed);
  const world = createWorld(time);
  const cloud = createCloud(world, time);
  if (weather) cloud.setWeather(weather);
  const store = createMemoryStore({ lineage: makeId(time.random), stack: "laws", now: time.now });
  const keeper = createSecretKeeper(() => new Uint8Array(32).fill(7));

  const planIn = async (process: MemoryProcess, graph: NativeGraph, read: ReadState, destroy: boolean) => {
    const provider = createMemoryProvider({ cloud, time, process });
    const client = cloud.connect(process);
    const handler = (_: string, type: string) => provider.handlers[type];
    const input: Omit<PlanInput, "observed"> = {
      graph,
      world: "simulated",
      lineage: read.lineage,
      serial: read.serial,
      rows: read.rows,
      handler,
      outputs: await store.readOutputs(),
      secrets: keeper,
      settled: read.settled,
      destroy,
      basis: { sources: {}, inputs: {}, lock: "", lineage: read.lineage, serial: read.serial, koine: "0", world: "simulated" },
    };
    const observed = await observeWorld({
      lineage: read.lineage,
      graph,
      rows: read.rows,
      handler,
      client: async () => ({ client, identity: client.identity }),
      signal: new AbortController().signal,
      clock: process.clock,
      acceptLoss: true,
      touched: (seen) => findTouched(input, seen),
    });
    const operations = await store.readEnded(observed.strays.flatMap(({ observed: { marks } }) => marks?.operation ?? []));
    return { ...buildPlan({ ...input, observed, operations }), observed };
  };

  const command = async (process: MemoryProcess, graph: NativeGraph, options: CommandOptions, events: ApplyEvent[]) => {
    const provider = createMemoryProvider({ cloud, time, process });
    const client = cloud.connect(process);
    const connection = { provider, client, identity: client.identity };
    const stop = new AbortController();
    if (options.stopAfter !== undefined) void process.clock.sleep(options.stopAfter).then(() => stop.abort(new Error("stopped")));
    const held = { id: makeId(time.random), description: "law" };
    const opened = await openSession({
      store: guardStore(store, process),
      holder: held,
      clock: process.clock,
      keeper,
      stop: stop.signal,
      onEvent: (event) => events.push(event),
    });
    if (opened.kind === "held") throw new Error("the lock is held");
    const { session } = opened;
    const settled = await settleJournal(session, () => connection);
    const rows = [...session.rows.all()];
    const planned = await planIn(
      process,
      graph,
      { lineage: session.lineage, serial: session.meta.serial, rows, settled },
      options.destroy === true,
    );
    if (!planned.plan) {
      await session.close();
      return { settled, problems: planned.problems };
    }
    const result = await applyPlan({
      session,
      plan: planned.plan,
      native: graph,
      observed: planned.observed,
      connectionOf: () => connection,
      command: "apply",
      ...(options.parallel !== undefined && { parallel: options.parallel }),
    });
    await session.close();
    return { settled, plan: planned.plan, problems: [], result };
  };

  return {
    time,
    world,
    cloud,
    store,
    apply: async (graph, options = {}) => {
      await waitForLock(store, time);
      const process = startProcess({
        time,
        ...(options.killAt !== undefined && { killAt: options.killAt }),
        ...(options.skew !== undefined && { skew: options.skew }),
      });
      const events: ApplyEvent[] = [];
      try {
        const done = await time.play(process.run(() => command(process, graph, options, events)));
        return { ...done, events, passed: process.passed() };
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        return { killed: error, settled: [], problems: [], events, passed: process.passed() };
      }
    },
    plan: async (graph, options = {}) => {
      const process = startProcess({ time });
      return time.play(
        process.run(async () => {
          const meta = await store.readMeta();
          const rows = await store.readObjects();
          return planIn(process, graph, { lineage: meta.lineage, serial: meta.serial, rows, settled: [] }, options.destroy === true);
        }),
      );
    },
  };
}

interface ReadState {
  readonly lineage: string;
  readonly serial: number;
  readonly rows: PlanInput["rows"];
  readonly settled: readonly Settled[];
}

/** The lease of a killed process has to run out first. */
async function waitForLock(store: StateStore, time: VirtualTime): Promise<void> {
  const taken = await store.acquire({ id: "probe", description: "probe" }, 1);
  if ("heldBy" in taken) await time.pass(taken.until - time.now() + 1);
  else await taken.release();
}

/** A store that lives outside the process: each call may be the last thing that a process did, or did not, get done. */
function guardStore(store: StateStore, process: MemoryProcess): StateStore {
  const guardLease = (lease: Lease): Lease => ({
    fence: lease.fence,
    renew: () => process.guard("renew", () => lease.renew()),
    write: (change) => process.guard(describeWrite(change), () => lease.write(change)),
    release: () => process.guard("release", () => lease.release()),
  });
  return {
    ...store,
    acquire: async (holder, milliseconds) => {
      const lease = await process.guard("acquire", () => store.acquire(holder, milliseconds));
      return "heldBy" in lease ? lease : guardLease(lease);
    },
  };
}

function describeWrite(change: Parameters<Lease["write"]>[0]): string {
  const entries = (change.putJournal ?? []).map((entry) => `${entry.state} ${entry.step.operation}`);
  return `write ${entries.join(", ") || "state"}`;
}
