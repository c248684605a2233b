// Observe, then plan: the one way that plan, apply and status take. The only file of the planner that waits for the world.

import { type ObserveInput, observeWorld } from "../observe/observe.ts";
import type { ObservedWorld } from "../observe/world.ts";
import type { Handler } from "../provider/provider.ts";
import { buildPlan } from "./build-plan.ts";
import { observePrior } from "./offline.ts";
import type { PlanInput, PlanResult } from "./plan-input.ts";
import { findTouched } from "./touched.ts";
import { upgradeRows } from "./upgrade-row.ts";

export interface MakePlanInput extends Omit<PlanInput, "observed" | "handler"> {
  readonly handler: (provider: string, type: string) => Handler | undefined;
  /** How to reach the clouds; not used with `offline`. */
  readonly look: Pick<
    ObserveInput,
    "client" | "signal" | "concurrency" | "clock" | "deep" | "acceptLoss" | "only" | "made" | "visibleWithin"
  >;
}

/** Looks at the world and plans. `observed` is what the plan was made on. Sends no mutating request, takes no lock, writes nothing. */
export async function makePlan({ look, ...stored }: MakePlanInput): Promise<PlanResult & { readonly observed: ObservedWorld }> {
  // What is not looked at is taken as its row has it, so rows of an older version are upgraded before anything sees them.
  const input = { ...stored, rows: upgradeRows(stored.rows, stored.handler) };
  const observed = input.offline
    ? observePrior(input.rows)
    : await observeWorld({
        ...look,
        lineage: input.lineage,
        graph: input.graph,
        rows: input.rows,
        handler: input.handler,
        touched: (world) => findTouched(input, world),
      });
  return { ...buildPlan({ ...input, observed }), observed };
}
