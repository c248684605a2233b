// Starts any embedded cloud over the world kept in a folder: its plan, its store, its loopback port. What the cloud is, it is told.

import type { RunningSimulator, SimulatorOptions } from "../../engine/provider/provider.ts";
import type { Delays } from "./delays.ts";
import { chooseCounter, createFaultPlayer, type FaultPlan, type FaultPlayer, readFaultPlan, readPlanFile } from "./faults.ts";
import type { Loopback } from "./loopback.ts";
import type { AnyRow } from "./rows.ts";
import { openStore, type WorldFormat } from "./store.ts";
import type { WorldView } from "./world.ts";

/** What a server of a world is given. */
export interface ServedWorld<R extends AnyRow, Settings> {
  readonly view: WorldView<R, Settings>;
  readonly faults: FaultPlayer;
  /** Whether the documented rates hold. */
  readonly throttling: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a server of a world goes by. */
export interface ServingOf<R extends AnyRow, Settings, Throttle> extends Omit<ServedWorld<R, Settings>, "throttling"> {
  /** Where the documented rates hold. */
  readonly throttle: Throttle | undefined;
}

export interface EmbeddedCloud<R extends AnyRow, Settings> {
  readonly format: WorldFormat<R>;
  /** Names a file with a plan as JSON, which is played when the options bring none. */
  readonly faultsVariable: string;
  readSettings(delays: Delays, plan: FaultPlan): Settings;
  listen(served: ServedWorld<R, Settings>, port: number): Promise<Loopback>;
  /** Environment variables that point the vendor's own tools at it. */
  environment(endpoint: string): Readonly<Record<string, string>>;
}

/**
 * Serves the world in `options.directory` on a loopback port. Several may serve one world. `:memory:` keeps nothing.
 * Throws an Error for a fault plan that is not one. `clock` is for tests: milliseconds since 1970.
 */
export async function startSimulator<R extends AnyRow, Settings>(
  cloud: EmbeddedCloud<R, Settings>,
  options: SimulatorOptions,
  clock: () => number,
): Promise<RunningSimulator> {
  const plan = readFaultPlan(options.faults ?? readPlanFile(cloud.faultsVariable));
  const settings = cloud.readSettings(options.delays ?? "realistic", plan);
  const store = openStore(cloud.format, options.directory, options.seed ?? 1);
  const faults = createFaultPlayer(plan, chooseCounter(plan, store.count));
  const served = { view: { store, settings }, faults, throttling: plan.throttling === true, now: clock };
  const loopback = await cloud.listen(served, options.port ?? 0).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const endpoint = `http://127.0.0.1:${loopback.port}`;
  return {
    endpoint,
    environment: cloud.environment(endpoint),
    close: async () => {
      await loopback.close();
      store.close();
    },
  };
}
