// A world with a store and clouds, in which commands run as processes that can be killed or stopped at any await, alone or two at once.

import type { ApplyEvent } from "../../engine/apply/events.ts";
import { openSession } from "../../engine/apply/session.ts";
import { type HandDecision, settleByHand } from "../../engine/apply/settle.ts";
import type { NativeGraph } from "../../engine/lower/native-graph.ts";
import type { Plan } from "../../engine/plan/change.ts";
import type { PlanFile } from "../../engine/plan/plan-file.ts";
import type { PlanProblem } from "../../engine/plan/problem.ts";
import { createMemoryStore } from "../../engine/state/memory-store.ts";
import { createSecretKeeper } from "../../engine/state/secrets.ts";
import { LeaseLost, type StateStore } from "../../engine/state/store.ts";
import { createCloud, type MemoryCloud } from "../../providers/memory/cloud.ts";
import type { Weather } from "../../providers/memory/faults.ts";
import { Killed, makeId, startProcess } from "../../providers/memory/process.ts";
import { createVirtualTime, type VirtualTime } from "../../providers/memory/virtual-time.ts";
import { createWorld, type World } from "../../providers/memory/world.ts";
import { type Applied, type ApplyOptions, type Ground, type Listener, type PlanOptions, runApply, runPlan } from "./engine-command.ts";

export interface Rig {
  readonly time: VirtualTime;
  readonly world: World;
  readonly cloud: MemoryCloud;
  readonly store: StateStore;
  /** Who took the lock when, in order. */
  readonly holders: readonly { readonly process: number; readonly at: number }[];
  /** Settles, plans and applies as a process of its own. */
  apply(graph: NativeGraph, options?: CommandOptions): Promise<Outcome>;
  /** Two at once; the second begins so many milliseconds later. */
  applyTwo(
    first: { readonly graph: NativeGraph; readonly options: CommandOptions },
    second: { readonly graph: NativeGraph; readonly options: CommandOptions; readonly delay: number },
  ): Promise<readonly [Outcome, Outcome]>;
  /** Plans only, as a process of its own; takes no lock. */
  plan(graph: NativeGraph, options?: PlanOptions & ProcessOptions): Promise<Planned>;
  /** `koine state settle`: what a person says of an entry. */
  settle(operation: string, decision: HandDecision): Promise<void>;
}

interface ProcessOptions {
  /** The place, counted from 1, at which the process dies. */
  readonly killAt?: number;
  /** The place at which it is stopped, and for how many milliseconds. */
  readonly stop?: { readonly at: number; readonly lasts: number };
  readonly skew?: number;
}

export interface CommandOptions extends ApplyOptions, ProcessOptions {}

export interface Planned {
  readonly plan?: Plan;
  readonly problems: readonly PlanProblem[];
  readonly file?: PlanFile;
  readonly killed?: Killed;
}

export interface Outcome extends Applied {
  readonly process: number;
  /** Where it died; absent when it lived. */
  readonly killed?: Killed;
  /** Where it was stopped for a while. */
  readonly stoppedAt?: string;
  /** Another took over before it had planned. */
  readonly lost?: true;
  readonly events: readonly ApplyEvent[];
  readonly beganAt: number;
  /** Places at which it could have been killed. */
  readonly passed: number;
}

/** Told of each event the moment it is emitted, with the plan and the source that its command carries out. */
export type Watch = (event: ApplyEvent, command: { readonly graph: NativeGraph; readonly plan: Plan; readonly beganAt: number }) => void;

export function createRig(seed: number, weather?: Weather, watch?: Watch): Rig {
  const time = createVirtualTime(seed);
  const world = createWorld(time);
  const cloud = createCloud(world, time);
  if (weather) cloud.setWeather(weather);
  const store = createMemoryStore({ lineage: makeId(time.random), stack: "laws", now: time.now });
  const keeper = createSecretKeeper(() => new Uint8Array(32).fill(7));
  const holders: { process: number; at: number }[] = [];
  const onLock = (process: number): void => void holders.push({ process, at: time.now() });
  const ground: Ground = { time, cloud, store, keeper, onLock };
  let number = 0;

  const begin = (options: ProcessOptions) => {
    number += 1;
    const { killAt, stop, skew } = options;
    return startProcess({
      time,
      number,
      ...(killAt !== undefined && { killAt }),
      ...(stop && { stop }),
      ...(skew !== undefined && { skew }),
    });
  };

  const run = async (graph: NativeGraph, options: CommandOptions): Promise<Outcome> => {
    const process = begin(options);
    const events: ApplyEvent[] = [];
    const beganAt = time.now();
    const told = () => ({
      process: process.number,
      events,
      beganAt,
      passed: process.passed(),
      ...(process.stoppedAt() !== undefined && { stoppedAt: String(process.stoppedAt()) }),
    });
    let plan: Plan | undefined;
    // A dead process tells nothing.
    const hear: Listener = {
      event: (event) => {
        if (!process.isAlive()) return;
        events.push(event);
        if (plan) watch?.(event, { graph, plan, beganAt });
      },
      plan: (planned) => {
        plan = planned;
      },
    };
    try {
      const done = await process.run(() => runApply(ground, process, graph, options, hear));
      return { ...done, ...told() };
    } catch (error) {
      const left = { settled: [], problems: [], ...(plan && { plan }), ...told() };
      if (error instanceof Killed) return { killed: error, ...left };
      if (error instanceof LeaseLost) return { lost: true, ...left };
      throw error;
    }
  };

  return {
    time,
    world,
    cloud,
    store,
    holders,
    apply: (graph, options = {}) => time.play(run(graph, options)),
    applyTwo: (first, second) => {
      const later = async (): Promise<Outcome> => {
        await new Promise<void>((resolve) => void time.after(second.delay, resolve));
        return run(second.graph, second.options);
      };
      return time.play(Promise.all([run(first.graph, first.options), later()]));
    },
    plan: async (graph, options = {}) => {
      const process = begin(options);
      try {
        return await time.play(process.run(() => runPlan(ground, process, graph, options)));
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        return { killed: error, problems: [] };
      }
    },
    settle: (operation, decision) =>
      time.play(
        (async () => {
          const { clock } = begin({});
          for (;;) {
            const opened = await openSession({ store, holder: { id: makeId(time.random), description: "hand" }, clock, keeper });
            if (opened.kind === "held") {
              await clock.sleep(3_000);
              continue;
            }
            const entry = opened.session.journal.find((each) => each.operation === operation);
            if (entry) await settleByHand(opened.session, entry, decision);
            return opened.session.close();
          }
        })(),
      ),
  };
}
