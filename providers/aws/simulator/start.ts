// Starts the embedded EC2 over the world kept in a folder. The only door for code outside this folder, besides inspect.ts for tests.

import { readFileSync } from "node:fs";
import type { RunningSimulator, SimulatorOptions } from "../../../engine/provider/provider.ts";
import { createFaultPlayer, type FaultPlan, readFaultPlan } from "./faults.ts";
import { lateRequest } from "./late-request.ts";
import { listen } from "./server.ts";
import { readSettings } from "./settings.ts";
import { openStore } from "./store.ts";
import { createThrottle } from "./throttle.ts";
import { makeTransitions } from "./transitions.ts";
import type { WorldView } from "./world.ts";

/** A plan as JSON in this file is played when the options bring none. */
const FAULTS_VARIABLE = "KOINE_EC2_FAULTS";

/**
 * Serves the world in `options.directory` on a loopback port. Several may serve one world. `:memory:` keeps nothing.
 * Throws an Error for a fault plan that is not one. `clock` is for tests: milliseconds since 1970.
 */
export async function startEc2Simulator(options: SimulatorOptions, clock: () => number = Date.now): Promise<RunningSimulator> {
  const plan = readFaultPlan(options.faults ?? readPlanFile());
  const store = openStore(options.directory, options.seed ?? 1);
  const view: WorldView = { store, settings: readSettings(options.delays ?? "realistic", plan) };
  const { server, port } = await listen(
    {
      view,
      transitions: makeTransitions(lateRequest(view)),
      faults: createFaultPlayer(plan, chooseCounter(plan, store.count)),
      throttle: plan.throttling === true ? createThrottle() : undefined,
      now: clock,
    },
    options.port ?? 0,
  ).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL_EC2: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_ACCESS_KEY_ID: "AKIASIMULATED",
      AWS_SECRET_ACCESS_KEY: "simulated",
      AWS_REGION: "eu-west-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      store.close();
    },
  };
}

function readPlanFile(): unknown {
  const path = process.env[FAULTS_VARIABLE];
  return path === undefined || path === "" ? undefined : JSON.parse(readFileSync(path, "utf8"));
}

function chooseCounter(plan: FaultPlan, countInWorld: (name: string) => number): (name: string) => number {
  if (plan.counting === "world") return countInWorld;
  const counts = new Map<string, number>();
  return (name) => {
    const n = (counts.get(name) ?? 0) + 1;
    counts.set(name, n);
    return n;
  };
}
