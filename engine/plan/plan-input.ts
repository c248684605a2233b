// All that a plan is made from, as data. Nothing of it is read from the world by the planner itself.

import type { NativeGraph } from "../lower/native-graph.ts";
import type { ObservedWorld } from "../observe/world.ts";
import type { Handler } from "../provider/provider.ts";
import type { SecretKeeper } from "../state/secret-keeper.ts";
import type { JournalEntry, ObjectRow, OutputRow } from "../state/store.ts";
import type { BasisParts } from "./basis.ts";
import type { Plan } from "./change.ts";
import type { Transforms } from "./finish-values.ts";
import type { PlanProblem } from "./problem.ts";

/** What the planner needs of a handler. */
export type PlanHandler = Pick<Handler, "schema" | "steps">;

export interface PlanInput {
  readonly graph: NativeGraph;
  readonly world: Plan["world"];
  readonly lineage: string;
  readonly serial: number;
  /** Of the state, with what settling has added in memory. */
  readonly rows: readonly ObjectRow[];
  readonly observed: ObservedWorld;
  readonly handler: (provider: string, type: string) => PlanHandler | undefined;
  /** As last recorded. */
  readonly outputs?: Readonly<Record<string, OutputRow>>;
  readonly secrets?: SecretKeeper | undefined;
  readonly transforms?: (provider: string) => Transforms | undefined;
  /** The journal: ended operations tell which strays are ours. */
  readonly operations?: readonly JournalEntry[];
  /** How operations in flight were settled for this plan. Unresolved ones hold up their object and what waits for it. */
  readonly settled?: Plan["settled"];
  readonly destroy?: boolean;
  /** The state learns what the world says; the source has no say, and no request is planned. */
  readonly refreshOnly?: boolean;
  /** Compared with the state alone: `observed` came from `observePrior`. */
  readonly offline?: boolean;
  /** Adopt even what bears the mark of another stack. */
  readonly take?: boolean;
  /** Addresses to limit the plan to, with all that these need. */
  readonly target?: readonly string[];
  /** Addresses to leave out, with all that needs these. */
  readonly exclude?: readonly string[];
  /** Addresses, or keys `<address>:<role>`, to replace though nothing calls for it. */
  readonly replace?: readonly string[];
  /** What the basis digest is made of. */
  readonly basis: BasisParts;
}

/** A plan, or what keeps it from being made. With problems of any kind there is no plan. */
export interface PlanResult {
  readonly plan?: Plan;
  readonly problems: readonly PlanProblem[];
}
